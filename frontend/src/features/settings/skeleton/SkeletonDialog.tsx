/** The skeleton of a class: its points are set on a square, named, joined by lines and paired for mirrors. */
import { Button, Group, Modal, SegmentedControl, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { updateClass } from "../../../api/queries/classes";
import type { LabelClass, Project } from "../../../api/types";
import { useAction } from "../../../parts/useAction";
import { PointList } from "./PointList";
import { SkeletonCanvas } from "./SkeletonCanvas";
import { draftToSkeleton, type SkeletonMode, skeletonToDraft } from "./template";
import classes from "./Skeleton.module.css";

interface SkeletonDialogProps {
  readonly item: LabelClass;
  readonly project: Project;
  readonly onClose: () => void;
}

const MODES: readonly SkeletonMode[] = ["points", "edges", "mirrored"];

export function SkeletonDialog({ item, project, onClose }: SkeletonDialogProps) {
  const { t } = useTranslation();
  const [draft, setDraft] = useState(() => skeletonToDraft(item.skeleton));
  const [mode, setMode] = useState<SkeletonMode>("points");
  const save = useAction((skeleton: Record<string, unknown>) => updateClass(item.id, { skeleton }), {
    failure: t("settings.updateFailed", { name: item.name }),
    invalidate: [["project", project.id], ["projects"]],
    onSuccess: onClose,
  });
  return (
    <Modal
      opened
      onClose={onClose}
      size={720}
      title={t("settings.skeletonTitle", { name: item.name })}
      closeButtonProps={{ "aria-label": t("actions.close") }}
    >
      <Stack gap="sm">
        <SegmentedControl
          size="xs"
          value={mode}
          data={MODES.map((one) => ({ value: one, label: t(`settings.skeletonModes.${one}`) }))}
          onChange={setMode}
        />
        <Text size="xs" c="dimmed">
          {t(`settings.skeletonHelp.${mode}`)}
        </Text>
        <div className={classes.editor}>
          <SkeletonCanvas draft={draft} mode={mode} color={item.color} onChange={setDraft} />
          <PointList draft={draft} onChange={setDraft} />
        </div>
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            {t("actions.cancel")}
          </Button>
          <Button loading={save.isPending} onClick={() => save.mutate(draftToSkeleton(draft))}>
            {t("actions.save")}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
