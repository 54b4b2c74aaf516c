/** Objects that somebody else changed meanwhile, and objects that the server refused: both shown, nothing decided alone. */
import { Alert, Button, Group, Modal, Stack, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Conflict } from "../../editor";
import { useEditor } from "./EditorContext";
import { useSignal } from "./useSignal";

export function ConflictDialog({ opened, onClose }: { readonly opened: boolean; readonly onClose: () => void }) {
  const { t } = useTranslation();
  const editor = useEditor();
  const { conflicts, refusals } = useSignal(editor.sync.status);
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={t("conflict.title")}
      size={520}
      closeButtonProps={{ "aria-label": t("actions.close") }}
    >
      <Stack gap="sm">
        {conflicts.length > 0 && (
          <Text size="sm" c="dimmed">
            {t("conflict.text")}
          </Text>
        )}
        {conflicts.map((conflict) => (
          <ConflictRow key={conflict.uuid} conflict={conflict} />
        ))}
        {refusals.map((refusal) => (
          <Alert key={refusal.uuid ?? "image"} color="red" variant="light" p="xs">
            {refusal.detail}
          </Alert>
        ))}
      </Stack>
    </Modal>
  );
}

function ConflictRow({ conflict }: { readonly conflict: Conflict }) {
  const { t } = useTranslation();
  const editor = useEditor();
  const all = useSignal(editor.classes);
  const name = (side: Conflict["mine"]): string =>
    side === null
      ? t("conflict.deleted")
      : (all.find((item) => item.classId === side.class)?.name ?? t("conflict.changed"));
  const differing = differingFields(conflict).map((field) => t(`conflict.field.${field}`));
  return (
    <Group justify="space-between" wrap="nowrap">
      <div>
        <Text size="sm" fw={550}>
          {t("conflict.sides", { mine: name(conflict.mine), theirs: name(conflict.theirs) })}
        </Text>
        <Text size="xs" c="dimmed">
          {differing.length > 0 && `${t("conflict.differing", { fields: differing.join(", ") })} `}
          {t(`conflict.reason.${conflict.reason}` as "conflict.reason.changed", { defaultValue: conflict.reason })}
        </Text>
      </div>
      <Group gap={6} wrap="nowrap">
        <Button size="compact-xs" onClick={() => editor.sync.resolve(conflict.uuid, "mine")}>
          {t("conflict.keepMine")}
        </Button>
        <Button size="compact-xs" variant="default" onClick={() => editor.sync.resolve(conflict.uuid, "theirs")}>
          {t("conflict.keepTheirs")}
        </Button>
      </Group>
    </Group>
  );
}

const FIELDS = ["class", "shape", "attributes", "occluded", "truncated", "crowd", "z_order", "group"] as const;

/** What the two sides say differently; a field that one side does not speak of is no difference. */
function differingFields({ mine, theirs }: Conflict): readonly (typeof FIELDS)[number][] {
  if (mine === null || theirs === null) return [];
  return FIELDS.filter(
    (field) =>
      mine[field] !== undefined &&
      theirs[field] !== undefined &&
      JSON.stringify(mine[field]) !== JSON.stringify(theirs[field]),
  );
}
