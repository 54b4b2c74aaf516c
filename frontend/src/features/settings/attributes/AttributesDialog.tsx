/** The attributes that objects of a class have: added, changed and taken away, saved together. */
import { Button, Group, Modal, Stack, Text } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { updateClass } from "../../../api/queries/classes";
import type { LabelClass, Project } from "../../../api/types";
import { useAction } from "../../../parts/useAction";
import { AttributeRow } from "./AttributeRow";
import { type AttributeDraft, draftsToDefinitions, definitionsToDrafts, NEW_ATTRIBUTE } from "./drafts";

interface AttributesDialogProps {
  readonly item: LabelClass;
  readonly project: Project;
  readonly onClose: () => void;
}

export function AttributesDialog({ item, project, onClose }: AttributesDialogProps) {
  const { t } = useTranslation();
  const [drafts, setDrafts] = useState<readonly AttributeDraft[]>(() => definitionsToDrafts(item.attributes));
  const save = useAction((attributes: Record<string, unknown>[]) => updateClass(item.id, { attributes }), {
    failure: t("settings.updateFailed", { name: item.name }),
    invalidate: [["project", project.id], ["projects"]],
    onSuccess: onClose,
  });
  const change = (at: number, draft: AttributeDraft) =>
    setDrafts(drafts.map((other, index) => (index === at ? draft : other)));
  return (
    <Modal
      opened
      onClose={onClose}
      size={640}
      title={t("settings.attributesTitle", { name: item.name })}
      closeButtonProps={{ "aria-label": t("actions.close") }}
    >
      <Stack gap="sm">
        <Text size="sm" c="dimmed">
          {t("settings.attributesText")}
        </Text>
        {drafts.map((draft, index) => (
          <AttributeRow
            key={draft.key}
            draft={draft}
            onChange={(changed) => change(index, changed)}
            onRemove={() => setDrafts(drafts.filter((_, other) => other !== index))}
          />
        ))}
        <Group justify="space-between" mt="xs">
          <Button
            variant="default"
            leftSection={<IconPlus size={14} />}
            onClick={() => setDrafts([...drafts, { ...NEW_ATTRIBUTE, key: nextKey(drafts) }])}
          >
            {t("settings.addAttribute")}
          </Button>
          <Group gap="xs">
            <Button variant="default" onClick={onClose}>
              {t("actions.cancel")}
            </Button>
            <Button loading={save.isPending} onClick={() => save.mutate(draftsToDefinitions(drafts))}>
              {t("actions.save")}
            </Button>
          </Group>
        </Group>
      </Stack>
    </Modal>
  );
}

function nextKey(drafts: readonly AttributeDraft[]): number {
  return Math.max(0, ...drafts.map(({ key }) => key)) + 1;
}
