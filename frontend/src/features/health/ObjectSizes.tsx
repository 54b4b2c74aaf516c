/** Objects by size: small, medium and large as COCO has them. */
import { useTranslation } from "react-i18next";
import type { StatisticsBar } from "../../api/types";
import { useProjectId } from "../../parts/useProjectId";
import { BarRows } from "../../ui/BarRows";
import { imagesPath } from "./charts";
import classes from "./Statistics.module.css";

export const SIZES = ["small", "medium", "large"] as const;
type Size = (typeof SIZES)[number];

export const SIZE_COLORS: Readonly<Record<Size, string>> = { small: "#88ccee", medium: "#0a84d0", large: "#4a5bb5" };

export function ObjectSizes({ bars }: { readonly bars: readonly StatisticsBar[] }) {
  const { t } = useTranslation();
  const project = useProjectId();
  const rows = SIZES.map((size) => {
    const bar = bars.find((item) => item.label === size);
    return {
      key: size,
      label: t(`statistics.size.${size}`),
      value: bar?.count ?? 0,
      color: SIZE_COLORS[size],
      to: bar === undefined ? null : imagesPath(project, bar.filter, bar.count),
    };
  });
  return (
    <>
      <BarRows label={t("statistics.areas")} rows={rows} total={rows.reduce((sum, row) => sum + row.value, 0)} />
      <p className={classes.dim}>{t("statistics.sizeNote")}</p>
    </>
  );
}
