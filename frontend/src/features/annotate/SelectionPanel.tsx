/** The objects selected: their class and marks, changed for all of them in one step. */
import { Checkbox, Group, Select, Text } from "@mantine/core";
import { IconCopyPlus, IconHistory, IconTrash } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { type AnnotationRecord, shapeUtil } from "../../editor";
import { localised } from "../../i18n/localised";
import { useProjectId } from "../../parts/useProjectId";
import { useActionKeys } from "../../parts/keys/useActionKeys";
import { IconButton } from "../../ui/IconButton";
import { ViewToggles } from "./attributes/ViewToggles";
import { useEditor } from "./EditorContext";
import { Panel } from "./Panel";
import { useSignal } from "./useSignal";
import classes from "./Annotate.module.css";

const FLAGS = ["occluded", "truncated", "crowd"] as const;

export function SelectionPanel() {
  const { t } = useTranslation();
  const keysOf = useActionKeys();
  const editor = useEditor();
  const objects = useSignal(editor.objects);
  const selection = useSignal(editor.selection);
  const all = useSignal(editor.classes);
  const { readOnly } = useSignal(editor.session);
  const vertices = useSignal(editor.selectedVertices);
  const image = useSignal(editor.image)?.imageId ?? 0;
  const navigate = useNavigate();
  const project = useProjectId();
  const chosen = objects.filter((object) => selection.has(object.id));
  const first = chosen[0];
  if (first === undefined) return null;
  const ids = chosen.map((object) => object.id);
  const oneClass = chosen.every((object) => object.classId === first.classId) ? String(first.classId) : null;
  return (
    <Panel
      name="selection"
      title={t("editor.selection")}
      note={chosen.length > 1 ? chosen.length : localised(shapeUtil(first.shape).title)}
    >
      <div className={classes.selection}>
        <Select
          aria-label={t("editor.selectionClass")}
          placeholder={t("editor.severalClasses")}
          value={oneClass}
          data={all.map((item) => ({ value: String(item.classId), label: item.name }))}
          onChange={(value) => {
            if (value !== null) editor.relabel(ids, Number(value));
          }}
          allowDeselect={false}
          disabled={readOnly}
          searchable={all.length > 8}
        />
        <Group gap="4px 10px">
          {FLAGS.map((flag) => (
            <Checkbox
              key={flag}
              disabled={readOnly}
              label={t(`editor.${flag}`)}
              styles={{ label: { paddingInlineStart: 5 } }}
              checked={chosen.every((object) => object[flag])}
              indeterminate={chosen.some((object) => object[flag]) && !chosen.every((object) => object[flag])}
              onChange={(event) => editor.patch(ids, { [flag]: event.currentTarget.checked }, t(`editor.${flag}`))}
            />
          ))}
        </Group>
        <Text size="xs" c="dimmed" className="num" truncate>
          {chosen.length === 1 ? <Origin object={first} /> : t("editor.selected", { count: chosen.length })}
        </Text>
        {vertices.size > 0 && (
          <Text size="xs" role="status">
            {t("outline.vertices", { count: vertices.size })}
          </Text>
        )}
        <Group justify="space-between" wrap="nowrap">
          <Group gap={2} wrap="nowrap">
            <ViewToggles objects={chosen} />
            {chosen.length === 1 && (
              <IconButton
                label={t("editor.objectHistory")}
                onClick={() => void navigate(`/projects/${project}/activity?image=${image}&object=${first.id}`)}
                size={24}
                side="left"
              >
                <IconHistory size={14} />
              </IconButton>
            )}
          </Group>
          <Group gap={2} wrap="nowrap" display={readOnly ? "none" : "flex"}>
            <IconButton
              label={t("editor.duplicate")}
              keys={keysOf("duplicate")}
              onClick={() => editor.run("duplicate")}
              size={24}
              side="left"
            >
              <IconCopyPlus size={14} />
            </IconButton>
            <IconButton
              label={t("editor.deleteSelected")}
              keys={keysOf("delete")}
              onClick={() => editor.remove(ids)}
              size={24}
              side="left"
              danger
            >
              <IconTrash size={14} />
            </IconButton>
          </Group>
        </Group>
      </div>
    </Panel>
  );
}

function Origin({ object }: { readonly object: AnnotationRecord }) {
  const { t } = useTranslation();
  const [kind = "human", name = ""] = object.source.split(":");
  const bounds = shapeUtil(object.shape).bounds(object.shape);
  const size = bounds === null ? "" : `\u2066${Math.round(bounds[2])} × ${Math.round(bounds[3])}\u2069 · `;
  const source = t(`source.${kind}` as "source.human", { defaultValue: kind });
  return (
    <>
      {size}
      {source}
      {name === "" ? "" : ` ${name}`}
    </>
  );
}
