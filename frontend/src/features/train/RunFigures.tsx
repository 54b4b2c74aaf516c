/** The figures of a run: how far, how long still, how fast, how much memory, how good. */
import { Progress } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { isRunning } from "../../api/queries/training";
import type { Run } from "../../api/types";
import { formatFigure, useMetricName } from "../../parts/metricName";
import { formatBytes, formatCount, formatDecimal, formatDuration } from "../../ui/format";
import classes from "./Train.module.css";

interface Figure {
  readonly label: string;
  readonly value: string;
  readonly note?: string;
}

const NONE = "–";

export function RunFigures({ run }: { readonly run: Run }) {
  const { t } = useTranslation();
  const metricName = useMetricName();
  const live = isRunning(run);
  const total = run.epochs * run.steps_per_epoch;
  const best = run.best;
  const figures: readonly Figure[] = [
    { label: t("train.epoch"), value: `${run.epoch} / ${run.epochs}` },
    { label: t("train.step"), value: `${formatCount(run.step)} / ${formatCount(total)}` },
    { label: t("train.eta"), value: live && run.eta_seconds !== null ? formatDuration(run.eta_seconds) : NONE },
    {
      label: t("train.speed"),
      value:
        run.images_per_second === null
          ? NONE
          : t("train.perSecond", { value: formatDecimal(run.images_per_second, 1) }),
    },
    { label: t("train.memory"), value: run.peak_memory_bytes === null ? NONE : formatBytes(run.peak_memory_bytes) },
    { label: t("train.device"), value: run.device === "" ? NONE : run.device, note: run.precision },
    ...(run.patience_left === null ? [] : [{ label: t("train.patience"), value: String(run.patience_left) }]),
    best === null
      ? { label: t("train.best"), value: NONE }
      : {
          label: t("train.best"),
          value: formatFigure(best.metric, best.value),
          note: t("train.bestNote", { metric: metricName(best.metric), epoch: best.epoch }),
        },
  ];
  return (
    <section className={classes.figures} aria-label={t("train.figures")}>
      <dl>
        {figures.map(({ label, value, note }) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd className="num">
              {value}
              {note !== undefined && note !== "" && <small>{note}</small>}
            </dd>
          </div>
        ))}
      </dl>
      <Progress
        size={4}
        radius={0}
        value={total === 0 ? 0 : (100 * run.step) / total}
        color={live ? "accent" : "var(--good)"}
        aria-label={t("train.epochsOf", { name: run.name })}
      />
    </section>
  );
}
