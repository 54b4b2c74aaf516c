/** Stop and keep, resume, extend. */
import { Button, Group, NumberInput, Popover } from "@mantine/core";
import { IconPlayerPlay, IconPlayerStop, IconPlus } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { extendRun, isRunning, resumeRun, stopRun } from "../../api/queries/training";
import type { Run } from "../../api/types";
import { useAction } from "../../parts/useAction";

const SUGGESTED_EPOCHS = 5;

export function RunActions({ run }: { readonly run: Run }) {
  const { t } = useTranslation();
  const [epochs, setEpochs] = useState(SUGGESTED_EPOCHS);
  const invalidate = [["run", run.id], ["jobs"], ["project"]];
  const stop = useAction(stopRun, { failure: t("train.stopFailed"), done: () => t("train.stopping"), invalidate });
  const resume = useAction(resumeRun, { failure: t("train.resumeFailed"), invalidate });
  const extend = useAction((more: number) => extendRun(run.id, more), { failure: t("train.extendFailed"), invalidate });
  if (isRunning(run)) {
    return (
      <Button
        variant="default"
        leftSection={<IconPlayerStop size={15} />}
        loading={stop.isPending || run.stop_requested}
        onClick={() => stop.mutate(run.id)}
      >
        {t("train.stop")}
      </Button>
    );
  }
  if (!run.checkpoints.some((checkpoint) => checkpoint.kind === "last")) return null;
  const unfinished = run.epoch < run.epochs && run.reason !== "early_stopped";
  return (
    <>
      {unfinished && (
        <Button
          leftSection={<IconPlayerPlay size={15} />}
          loading={resume.isPending}
          onClick={() => resume.mutate(run.id)}
        >
          {t("train.resume")}
        </Button>
      )}
      <Popover position="bottom-end" shadow="md" width={230} transitionProps={{ duration: 90 }}>
        <Popover.Target>
          <Button variant="default" leftSection={<IconPlus size={15} />} loading={extend.isPending}>
            {t("train.extend")}
          </Button>
        </Popover.Target>
        <Popover.Dropdown>
          <Group gap="xs" align="flex-end" wrap="nowrap">
            <NumberInput
              label={t("train.moreEpochs")}
              value={epochs}
              onChange={(value) => setEpochs(Number(value) || 1)}
              min={1}
              max={10_000}
              allowDecimal={false}
            />
            <Button onClick={() => extend.mutate(epochs)}>{t("train.extendSubmit")}</Button>
          </Group>
        </Popover.Dropdown>
      </Popover>
    </>
  );
}
