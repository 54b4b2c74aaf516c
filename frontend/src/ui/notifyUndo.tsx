/** A message of what was done, with a button that takes it back while the message is there. */
import { Button, Group, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";

interface UndoMessage {
  readonly message: string;
  readonly label: string;
  readonly onUndo: () => void;
}

export function notifyUndo({ message, label, onUndo }: UndoMessage): void {
  const id = notifications.show({
    autoClose: 20_000,
    withBorder: true,
    color: "accent",
    message: (
      <Group gap="sm" wrap="nowrap" justify="space-between">
        <Text size="sm">{message}</Text>
        <Button
          size="compact-xs"
          variant="default"
          onClick={() => {
            notifications.hide(id);
            onUndo();
          }}
        >
          {label}
        </Button>
      </Group>
    ),
  });
}
