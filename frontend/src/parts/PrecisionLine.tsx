/** How often a model was right from a score on, by what people decided so far; says so where that is not known yet. */
import { Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { precisionQuery } from "../api/queries/evaluation";
import { formatCount, formatDecimal, formatShare } from "../ui/format";

interface PrecisionLineProps {
  readonly model: number;
  readonly threshold: number;
  /** Null: all classes together. */
  readonly labelClass?: number | null;
}

export function PrecisionLine({ model, threshold, labelClass = null }: PrecisionLineProps) {
  const { t } = useTranslation();
  const { data } = useQuery(precisionQuery(model));
  if (data === undefined) return null;
  const points = data.find((row) => row.class === labelClass)?.points ?? [];
  // The last point that leaves nothing out: what is said holds for a little more than was asked for.
  const point = points.findLast((item) => item.threshold <= threshold + 1e-9);
  const number = formatCount(point?.number ?? 0);
  const known = point?.precision ?? null;
  return (
    <Text size="xs" c="dimmed" className="num">
      {point === undefined || known === null
        ? t("prediction.precisionUnknown", { threshold: formatDecimal(threshold), number })
        : t("prediction.precision", {
            threshold: formatDecimal(point.threshold),
            precision: formatShare(known),
            low: formatShare(point.low),
            high: formatShare(point.high),
            number,
          })}
    </Text>
  );
}
