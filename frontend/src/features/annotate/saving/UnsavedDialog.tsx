/** What the server does not have: what others changed as well, what it refused, what waits. Nothing is decided alone. */
import { Button, Group, Modal, Stack, Text } from "@mantine/core";
import { IconDownload, IconRefresh } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { ConflictSide, SyncStatus } from "../../../editor";
import { useEditor } from "../EditorContext";
import { useSignal } from "../useSignal";
import { ConflictCard } from "./ConflictCard";
import { UnsavedImages } from "./UnsavedImages";
import { saveAsFile, UNSAVED_FILE, unsavedFile } from "./unsavedFile";

interface UnsavedDialogProps {
  readonly opened: boolean;
  readonly onClose: () => void;
}

export function UnsavedDialog({ opened, onClose }: UnsavedDialogProps) {
  const { t } = useTranslation();
  const editor = useEditor();
  const status = useSignal(editor.sync.status);
  const hasConflicts = status.conflicts.length > 0;
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={hasConflicts ? t("conflict.title") : t("unsaved.title")}
      size={hasConflicts ? 760 : 560}
      closeButtonProps={{ "aria-label": t("actions.close") }}
    >
      <Stack gap="md">
        {hasConflicts && <Conflicts conflicts={status.conflicts} />}
        <UnsavedImages status={status} onLeave={onClose} />
        <Group justify="flex-end" gap="xs">
          <Button
            variant="default"
            leftSection={<IconDownload size={15} />}
            onClick={() => saveAsFile(unsavedFile(editor.sync.unsaved(), editor.classes.get()), UNSAVED_FILE)}
          >
            {t("unsaved.download")}
          </Button>
          <Button
            variant={hasConflicts ? "default" : "filled"}
            leftSection={<IconRefresh size={15} />}
            onClick={() => editor.sync.retry()}
          >
            {t("sync.retry")}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}

const SIDES = ["mine", "theirs", "both"] as const satisfies readonly ConflictSide[];

function Conflicts({ conflicts }: Pick<SyncStatus, "conflicts">) {
  const { t } = useTranslation();
  const editor = useEditor();
  const resolveAll = (side: ConflictSide) => {
    for (const { uuid } of conflicts) editor.sync.resolve(uuid, side);
  };
  return (
    <>
      <Group justify="space-between" wrap="nowrap" align="flex-start">
        <Text size="sm" c="dimmed">
          {t("conflict.text")}
        </Text>
        {conflicts.length > 1 && (
          <Group gap={6} wrap="nowrap">
            {SIDES.map((side) => (
              <Button key={side} size="compact-xs" variant="default" onClick={() => resolveAll(side)}>
                {t(`conflict.all.${side}`)}
              </Button>
            ))}
          </Group>
        )}
      </Group>
      {conflicts.map((conflict, index) => (
        <ConflictCard
          key={conflict.uuid}
          conflict={conflict}
          isFirst={index === 0}
          onChoose={(side) => editor.sync.resolve(conflict.uuid, side)}
        />
      ))}
    </>
  );
}
