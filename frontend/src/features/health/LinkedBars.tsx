/** A bar chart of the statistics: each bar opens the images behind it. */
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { StatisticsBar } from "../../api/types";
import { useProjectId } from "../../parts/useProjectId";
import { BarChart } from "../../ui/BarChart";
import { formatCount } from "../../ui/format";
import { imagesPath } from "./charts";

interface LinkedBarsProps {
  readonly label: string;
  readonly bars: readonly StatisticsBar[];
}

export function LinkedBars({ label, bars }: LinkedBarsProps) {
  const { t } = useTranslation();
  const project = useProjectId();
  const named = bars.map((bar, index) => ({
    key: String(index),
    label: bar.label ?? "",
    value: bar.count,
    to: imagesPath(project, bar.filter, bar.count),
  }));
  const links = new Map(named.map((bar) => [bar.key, bar.to]));
  return (
    <BarChart
      label={label}
      bars={named}
      height={120}
      wrap={(bar, drawn) => {
        const to = links.get(bar.key);
        return to == null ? (
          drawn
        ) : (
          <Link to={to} aria-label={t("statistics.toImages", { label: bar.label, value: formatCount(bar.value) })}>
            {drawn}
          </Link>
        );
      }}
    />
  );
}
