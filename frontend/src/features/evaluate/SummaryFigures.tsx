/** The figures that sum an evaluation up: the ones people quote in large, the others below them. */
import { useTranslation } from "react-i18next";
import type { Evaluation } from "../../api/types";
import { isFraction, useMetricName } from "../../parts/metricName";
import { formatMetric, formatPercent } from "../../ui/format";
import classes from "./Evaluate.module.css";

const QUOTED: ReadonlySet<string> = new Set([
  "miou",
  "dice",
  "boundary_f1",
  "ap",
  "ap50",
  "ap75",
  "accuracy",
  "balanced_accuracy",
  "precision",
  "recall",
  "f1",
  "top1",
]);

export function SummaryFigures({ evaluation }: { readonly evaluation: Evaluation }) {
  const { t } = useTranslation();
  const figures = Object.entries(evaluation.summary);
  const others = figures.filter(([name]) => !QUOTED.has(name));
  return (
    <section className={`${classes.summary ?? ""} num`} aria-label={t("evaluation.summary")}>
      <Figures figures={figures.filter(([name]) => QUOTED.has(name))} />
      {others.length > 0 && <Figures figures={others} small />}
    </section>
  );
}

interface FiguresProps {
  readonly figures: readonly (readonly [name: string, value: number | null])[];
  readonly small?: boolean;
}

function Figures({ figures, small = false }: FiguresProps) {
  const metricName = useMetricName();
  return (
    <dl data-small={small || undefined}>
      {figures.map(([name, value]) => (
        <div key={name}>
          <dt>{metricName(name)}</dt>
          <dd>{value === null ? "–" : isFraction(name) ? formatPercent(value) : formatMetric(value)}</dd>
        </div>
      ))}
    </dl>
  );
}
