/** How the objects of the project became more, day by day. */
import { useTranslation } from "react-i18next";
import type { Statistics } from "../../api/types";
import { formatCompact, formatCount } from "../../ui/format";
import { LineChart } from "../../ui/LineChart";
import { Section } from "../../ui/Page";
import { dayLabel, dayNumber } from "./charts";
import classes from "./Statistics.module.css";
import { useAmounts } from "./useAmounts";

export function Growth({ days }: { readonly days: Statistics["growth"] }) {
  const { t } = useTranslation();
  const amounts = useAmounts();
  const first = days[0];
  return (
    <Section title={t("statistics.growth")} note={t("statistics.growthNote")}>
      {first === undefined ? (
        <p className={classes.dim}>{t("statistics.noObjects")}</p>
      ) : days.length === 1 ? (
        <p className={classes.dim}>
          {t("statistics.growthOneDay", {
            objects: amounts(first.total, 0).objects,
            day: dayLabel(dayNumber(first.day)),
          })}
        </p>
      ) : (
        <LineChart
          label={t("statistics.growth")}
          x={days.map((row) => dayNumber(row.day))}
          xLabel={t("statistics.day")}
          formatX={dayLabel}
          height={180}
          format={formatCount}
          formatTick={formatCompact}
          curves={[{ label: t("statistics.total"), color: "#0a84d0", values: days.map((row) => row.total) }]}
        />
      )}
    </Section>
  );
}
