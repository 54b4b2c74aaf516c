/** Asks to how many of the next images the selected objects are copied, and copies them. */
import { Button, Group, Modal, NumberInput, Progress, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useAction } from "../../../parts/useAction";
import { useProjectId } from "../../../parts/useProjectId";
import { useEditor } from "../EditorContext";
import { useSignal } from "../useSignal";
import { NOTHING_COPIED, type Propagated } from "./propagate";
import type { Copying } from "./useCopying";

const USUAL = 5;
/** More at once is work for an import or a prediction. */
const MOST = 200;

interface PropagateDialogProps {
  readonly opened: boolean;
  readonly onClose: () => void;
  /** The images after this one, in the order of the list. */
  readonly following: readonly number[];
  readonly onCopy: Copying["copy"];
}

export function PropagateDialog({ opened, ...form }: PropagateDialogProps) {
  const { t } = useTranslation();
  return (
    <Modal
      opened={opened}
      onClose={form.onClose}
      title={t("propagate.title")}
      size={420}
      closeButtonProps={{ "aria-label": t("actions.close") }}
    >
      <PropagateForm {...form} />
    </Modal>
  );
}

function PropagateForm({ onClose, following, onCopy }: Omit<PropagateDialogProps, "opened">) {
  const { t } = useTranslation();
  const editor = useEditor();
  const project = useProjectId();
  const objects = useSignal(editor.objects);
  const selection = useSignal(editor.selection);
  const { readOnly } = useSignal(editor.session);
  const chosen = objects.filter(({ id }) => selection.has(id));
  const most = Math.min(following.length, MOST);
  const [count, setCount] = useState(Math.min(USUAL, most));
  const [step, setStep] = useState<Propagated>(NOTHING_COPIED);
  const run = useAction(() => onCopy(chosen, following.slice(0, count), setStep), {
    failure: t("propagate.failed"),
    done: ({ copies }) => (copies === 0 ? t("propagate.done", { images: count, count: 0 }) : undefined),
    invalidate: [["project", project]],
    onSuccess: onClose,
  });
  const reason = whyNot(readOnly, chosen.length, most);
  if (reason !== null) return <Text size="sm">{t(`propagate.${reason}`)}</Text>;
  return (
    <Stack gap="sm">
      <NumberInput
        label={t("propagate.images", { most })}
        value={count}
        min={1}
        max={most}
        allowDecimal={false}
        clampBehavior="strict"
        disabled={run.isPending}
        onChange={(value) => setCount(Math.min(Math.max(Number(value), 1), most))}
        data-autofocus
      />
      <Text size="xs" c="dimmed">
        {t("propagate.text")}
      </Text>
      {run.isPending && <Progress value={(100 * step.images) / count} aria-label={t("propagate.title")} />}
      <Group justify="flex-end" gap={8}>
        <Button variant="default" onClick={onClose}>
          {t("actions.cancel")}
        </Button>
        <Button loading={run.isPending} onClick={() => run.mutate(undefined)}>
          {t("propagate.copy", { count: chosen.length })}
        </Button>
      </Group>
    </Stack>
  );
}

function whyNot(readOnly: boolean, chosen: number, most: number): "readOnly" | "nothing" | "last" | null {
  if (readOnly) return "readOnly";
  if (chosen === 0) return "nothing";
  return most === 0 ? "last" : null;
}
