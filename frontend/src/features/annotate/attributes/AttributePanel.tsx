/** Attributes, group and layer of the selected objects; a value is set for all of them in one undo step. */
import { NumberInput } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { AnnotationRecord, AttributeDefinition, ClassRecord } from "../../../editor";
import { useEditor } from "../EditorContext";
import { Panel } from "../Panel";
import { useSignal } from "../useSignal";
import { AttributeField } from "./AttributeField";
import { sharedValue } from "./shared";
import { SkeletonPoints } from "./SkeletonPoints";
import classes from "./Attributes.module.css";

export function AttributePanel() {
  const { t } = useTranslation();
  const editor = useEditor();
  const objects = useSignal(editor.objects);
  const selection = useSignal(editor.selection);
  const all = useSignal(editor.classes);
  const { readOnly } = useSignal(editor.session);
  const chosen = objects.filter((object) => selection.has(object.id));
  const [first] = chosen;
  if (first === undefined) return null;
  const ids = chosen.map((object) => object.id);
  const definitions = commonDefinitions(chosen, all);
  const group = sharedValue(chosen.map((object) => object.group));
  const layer = sharedValue(chosen.map((object) => object.zOrder));
  return (
    <Panel name="attributes" title={t("label.attributes")} note={definitions.length || undefined}>
      <div className={classes.fields}>
        {definitions.map((definition) => (
          <AttributeField
            key={`${ids.join()}:${definition.name}`}
            definition={definition}
            value={sharedValue(chosen.map((object) => object.attributes[definition.name]))}
            disabled={readOnly}
            onChange={(value) => editor.labels.setAttribute(ids, definition.name, value)}
          />
        ))}
        {chosen.length === 1 && first.shape.type === "skeleton" && (
          <SkeletonPoints object={first} shape={first.shape} disabled={readOnly} />
        )}
        <div className={classes.pair}>
          <NumberInput
            size="xs"
            label={t("label.group")}
            placeholder={group.mixed ? t("label.several") : t("label.noGroup")}
            value={group.value ?? ""}
            min={1}
            allowDecimal={false}
            disabled={readOnly}
            onChange={(value) => editor.labels.setGroup(ids, value === "" ? null : Math.max(Number(value), 1))}
          />
          <NumberInput
            size="xs"
            label={t("label.layer")}
            placeholder={t("label.several")}
            value={layer.value ?? ""}
            allowDecimal={false}
            disabled={readOnly}
            onChange={(value) => {
              if (value !== "") editor.labels.setZOrder(ids, Number(value));
            }}
          />
        </div>
      </div>
    </Panel>
  );
}

/** What can be said of all of them: the definitions that the classes of all objects have in common. */
function commonDefinitions(
  objects: readonly AnnotationRecord[],
  all: readonly ClassRecord[],
): readonly AttributeDefinition[] {
  const used = new Set(objects.map((object) => object.classId));
  const [first, ...others] = all.filter((item) => used.has(item.classId)).map((item) => item.attributes);
  return (first ?? []).filter((one) =>
    others.every((list) => list.some((other) => JSON.stringify(other) === JSON.stringify(one))),
  );
}
