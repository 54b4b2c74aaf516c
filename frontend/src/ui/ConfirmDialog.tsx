/** Asks before something that cannot be taken back by a key; the sentence says what will happen. */
import { Button, Group, Modal, Text } from "@mantine/core";
import { type ReactNode, useState } from "react";

interface ConfirmDialogProps {
  readonly opened: boolean;
  readonly onClose: () => void;
  readonly title: string;
  readonly children: ReactNode;
  readonly confirm: string;
  readonly cancel: string;
  readonly danger?: boolean;
  readonly onConfirm: () => Promise<unknown>;
}

export function ConfirmDialog(props: ConfirmDialogProps) {
  const { opened, onClose, title, children, confirm, cancel, danger = false, onConfirm } = props;
  const [busy, setBusy] = useState(false);
  const run = async () => {
    setBusy(true);
    try {
      await onConfirm();
      onClose();
    } finally {
      setBusy(false);
    }
  };
  return (
    <Modal opened={opened} onClose={onClose} title={title} size={420}>
      <Text size="sm" c="dimmed">
        {children}
      </Text>
      <Group justify="flex-end" mt="lg" gap="xs">
        <Button variant="default" onClick={onClose}>
          {cancel}
        </Button>
        <Button {...(danger ? { color: "red" } : {})} loading={busy} onClick={run} data-autofocus>
          {confirm}
        </Button>
      </Group>
    </Modal>
  );
}
