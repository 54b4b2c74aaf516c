/** How a metric's key is spoken; keys without an entry in the catalogue speak for themselves. */
import { useTranslation } from "react-i18next";
import { formatMetric, formatPercent } from "../ui/format";

export function useMetricName(): (key: string) => string {
  const { t } = useTranslation();
  return (key) => t(`metric.${key.replaceAll("/", "_")}` as "metric.train_loss", { defaultValue: key });
}

/** The value of a metric in its own way: per cent, or a few figures; a dash when there is none. */
export function formatFigure(key: string, value: number | null | undefined): string {
  if (value === null || value === undefined) return "–";
  return isFraction(key) ? formatPercent(value) : formatMetric(value);
}

/** Fractions are told as per cent; losses and rates as they are. */
export const isFraction = (key: string): boolean =>
  /(^|[/_])(ap\d*|ar\d*|map\d*|miou|dice|accuracy|precision|recall|f1|macro_f1|top\d)/i.test(key) &&
  !key.includes("loss");
