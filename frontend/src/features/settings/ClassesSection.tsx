/** The classes of a project: rename, recolour, rebind, remove, add by pasted lines. Each change is one revision. */
import { Button, Group, Table, Textarea } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { createClass } from "../../api/queries/classes";
import type { NewClass, Project } from "../../api/types";
import { ClassPreview } from "../../parts/ClassPreview";
import { DIGITS, parseClassLines } from "../../parts/classLines";
import { useAction } from "../../parts/useAction";
import { Section } from "../../ui/Page";
import { PALETTE } from "../../ui/palette";
import { ClassRow } from "./ClassRow";

export function ClassesSection({ project, mayManage }: { readonly project: Project; readonly mayManage: boolean }) {
  const { t } = useTranslation();
  const [adding, setAdding] = useState(false);
  const classes = useMemo(() => [...project.classes].sort((a, b) => a.position - b.position), [project.classes]);
  return (
    <Section
      title={t("settings.classes")}
      note={t("settings.classCount", { count: classes.length })}
      actions={
        <Group gap="xs">
          <Button component={Link} to="../revisit" variant="subtle">
            {t("settings.revisitLink")}
          </Button>
          {mayManage && (
            <Button variant="default" leftSection={<IconPlus size={14} />} onClick={() => setAdding(!adding)}>
              {t("settings.addClasses")}
            </Button>
          )}
        </Group>
      }
    >
      {adding && <AddClasses project={project} onDone={() => setAdding(false)} />}
      <Table aria-label={t("settings.classes")} verticalSpacing={4}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th w={40}>{t("settings.number")}</Table.Th>
            <Table.Th w={70}>{t("settings.color")}</Table.Th>
            <Table.Th>{t("settings.className")}</Table.Th>
            <Table.Th w={110}>{t("settings.hotkey")}</Table.Th>
            <Table.Th w={50} />
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {classes.map((item) => (
            <ClassRow
              key={`${item.id}-${item.name}-${item.hotkey}`}
              item={item}
              project={project}
              mayManage={mayManage}
            />
          ))}
        </Table.Tbody>
      </Table>
    </Section>
  );
}

function AddClasses({ project, onDone }: { readonly project: Project; readonly onDone: () => void }) {
  const { t } = useTranslation();
  const [lines, setLines] = useState("");
  const parsed = useMemo(() => withFreeColors(parseClassLines(lines), project), [lines, project]);
  const add = useAction(
    async (classes: readonly NewClass[]) => {
      for (const item of classes) await createClass(project.id, item);
    },
    { failure: t("settings.addFailed"), invalidate: [["project", project.id], ["projects"]], onSuccess: onDone },
  );
  return (
    <div>
      <Textarea
        label={t("projects.classes")}
        description={t("projects.classesHelp")}
        value={lines}
        onChange={(event) => setLines(event.currentTarget.value)}
        autosize
        minRows={2}
        mb={8}
        autoFocus
      />
      <ClassPreview parsed={parsed} />
      <Group gap="xs" my={8}>
        <Button
          loading={add.isPending}
          disabled={parsed.classes.length === 0 || parsed.problems.length > 0}
          onClick={() => add.mutate(parsed.classes)}
        >
          {t("settings.addSubmit", { count: parsed.classes.length })}
        </Button>
        <Button variant="default" onClick={onDone}>
          {t("actions.cancel")}
        </Button>
      </Group>
    </div>
  );
}

/** New classes take colours and digits that the project does not use yet. */
function withFreeColors(parsed: ReturnType<typeof parseClassLines>, project: Project): typeof parsed {
  const hotkeys = new Set(project.classes.map((item) => item.hotkey));
  const colors = new Set(project.classes.map((item) => item.color.toLowerCase()));
  const free = PALETTE.filter((color) => !colors.has(color));
  const digits = DIGITS.filter((digit) => !hotkeys.has(digit));
  return {
    ...parsed,
    classes: parsed.classes.map((item) => ({
      name: item.name,
      color: colors.has(item.color) ? (free.shift() ?? item.color) : item.color,
      hotkey: hotkeys.has(item.hotkey) ? (digits.shift() ?? "") : item.hotkey,
    })),
  };
}
