/** Metric points become curves: grouped into charts that share an axis, over the step; pure. */
import type { MetricPoint } from "../../api/types";

export interface MetricChart {
  readonly key: "loss" | "quality" | "rate" | "other";
  readonly steps: readonly number[];
  readonly series: readonly { readonly name: string; readonly values: readonly (number | null)[] }[];
}

const FRACTION = /(^|[/_])(ap\d*|ar\d*|map\d*|accuracy|precision|recall|f1|top\d)/i;

function chartOf(name: string): MetricChart["key"] {
  if (/loss/i.test(name)) return "loss";
  if (FRACTION.test(name)) return "quality";
  if (/(^|\/)(lr|learning_rate)/i.test(name)) return "rate";
  return "other";
}

const ORDER: readonly MetricChart["key"][] = ["loss", "quality", "rate", "other"];
// More points than pixels only cost time; 2,000 are more than any chart is wide.
const MOST = 2000;

/** A point of a step that was run again after a resume replaces the earlier one. */
export function chartsOf(points: readonly MetricPoint[]): readonly MetricChart[] {
  return ORDER.flatMap((key) => {
    const own = points.filter((point) => chartOf(point.name) === key && Number.isFinite(point.value));
    if (own.length === 0) return [];
    const byName = new Map<string, Map<number, number>>();
    for (const point of own) {
      const series = byName.get(point.name) ?? new Map<number, number>();
      series.set(point.step, point.value);
      byName.set(point.name, series);
    }
    const steps = thin(
      [...new Set(own.map((point) => point.step))].sort((a, b) => a - b),
      byName,
    );
    const names = [...byName.keys()].sort();
    return [
      {
        key,
        steps,
        series: names.map((name) => ({ name, values: steps.map((step) => byName.get(name)?.get(step) ?? null) })),
      },
    ];
  });
}

/** Keeps every n-th step, and every step of a series that is sparse (one value an epoch). */
function thin(steps: readonly number[], series: ReadonlyMap<string, ReadonlyMap<number, number>>): readonly number[] {
  if (steps.length <= MOST) return steps;
  const every = Math.ceil(steps.length / MOST);
  const sparse = [...series.values()].filter((values) => values.size * 4 < steps.length);
  return steps.filter((step, index) => index % every === 0 || sparse.some((values) => values.has(step)));
}
