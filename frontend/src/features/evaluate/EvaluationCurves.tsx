/** Precision over recall for each class, and precision, recall and F1 over the threshold. */
import { SimpleGrid } from "@mantine/core";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { Evaluation } from "../../api/types";
import { useProject } from "../../parts/useProjectId";
import { formatPercent, formatShare } from "../../ui/format";
import { LineChart } from "../../ui/LineChart";
import { Section } from "../../ui/Page";
import { paletteColor } from "../../ui/palette";
import { onCommonGrid } from "./grid";

const UNIT = [0, 1] as const;
const percent = (value: number): string => formatPercent(value);

export function EvaluationCurves(props: { readonly evaluation: Evaluation; readonly threshold: number }) {
  const { evaluation, threshold } = props;
  const { t } = useTranslation();
  const project = useProject();
  const { pr, f1 } = evaluation.curves;
  const classes = useMemo(() => new Map(project?.classes.map((item) => [item.id, item])), [project]);
  const names = useMemo(
    () => new Map(evaluation.per_class.map((row) => [row.class, row.name])),
    [evaluation.per_class],
  );
  const prGrid = useMemo(() => onCommonGrid(pr.map((curve) => curve.points.map(([r, p]) => [r, p] as const))), [pr]);
  if (pr.length === 0 && f1.length === 0) return null;
  return (
    <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="md">
      {pr.length > 0 && (
        <Section title={t("evaluation.prCurve")}>
          <LineChart
            label={t("evaluation.prCurve")}
            x={prGrid.x}
            xLabel={t("column.recall")}
            xRange={UNIT}
            yRange={UNIT}
            height={260}
            format={percent}
            formatTick={formatShare}
            curves={pr.map((curve, index) => ({
              label: classes.get(curve.class)?.name ?? names.get(curve.class) ?? String(curve.class),
              color: classes.get(curve.class)?.color ?? paletteColor(index),
              values: prGrid.values[index] ?? [],
            }))}
          />
        </Section>
      )}
      {f1.length > 0 && (
        <Section title={t("evaluation.f1Curve")}>
          <LineChart
            label={t("evaluation.f1Curve")}
            x={f1.map((point) => point[0])}
            xLabel={t("evaluation.threshold")}
            xRange={UNIT}
            yRange={UNIT}
            height={260}
            marker={threshold}
            format={percent}
            formatTick={formatShare}
            curves={[
              { label: t("column.precision"), color: paletteColor(0), values: f1.map((point) => point[1]) },
              { label: t("column.recall"), color: paletteColor(1), values: f1.map((point) => point[2]) },
              { label: t("column.f1"), color: paletteColor(2), values: f1.map((point) => point[3]) },
            ]}
          />
        </Section>
      )}
    </SimpleGrid>
  );
}
