/** Image sizes on a grid of widths and heights. */
import { useTranslation } from "react-i18next";
import type { StatisticsSize } from "../../api/types";
import { useProjectId } from "../../parts/useProjectId";
import { HeatMap } from "../../ui/HeatMap";
import { imagesPath, sizeGrid } from "./charts";
import { useAmounts } from "./useAmounts";

export function ImageSizes({ sizes }: { readonly sizes: readonly StatisticsSize[] }) {
  const { t } = useTranslation();
  const project = useProjectId();
  const amounts = useAmounts();
  const grid = sizeGrid(sizes);
  const span = ([from, to]: readonly [number, number]) => t("statistics.span", { from, to });
  return (
    <HeatMap
      label={t("statistics.imageSizes")}
      rowNames={grid.heights.map(span)}
      columnNames={grid.widths.map(span)}
      rows={grid.rows.map((row, down) =>
        row.map((size, across) => ({
          value: size?.count ?? 0,
          label: t("statistics.imageSize", {
            width: span(grid.widths[across] ?? [0, 0]),
            height: span(grid.heights[down] ?? [0, 0]),
            images: amounts(0, size?.count ?? 0).images,
          }),
          to: size === null ? null : imagesPath(project, size.filter, size.count),
        })),
      )}
    />
  );
}
