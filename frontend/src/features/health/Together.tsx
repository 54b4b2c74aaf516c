/** Which classes stand together on images. */
import { useTranslation } from "react-i18next";
import type { StatisticsPair } from "../../api/types";
import { useProject, useProjectId } from "../../parts/useProjectId";
import { HeatMap } from "../../ui/HeatMap";
import { Section } from "../../ui/Page";
import { imagesPath, pairGrid } from "./charts";
import classes from "./Statistics.module.css";
import { useAmounts } from "./useAmounts";

const MOST_CLASSES = 12;

export function Together({ pairs }: { readonly pairs: readonly StatisticsPair[] }) {
  const { t } = useTranslation();
  const project = useProjectId();
  const amounts = useAmounts();
  const known = new Map((useProject()?.classes ?? []).map((item) => [item.id, item.name]));
  const name = (key: number) => known.get(key) ?? t("compare.noClass");
  const grid = pairGrid(pairs, MOST_CLASSES);
  return (
    <Section
      title={t("statistics.together")}
      note={grid.isCut ? t("statistics.togetherCut", { count: grid.classes.length }) : t("statistics.togetherNote")}
    >
      {grid.classes.length === 0 ? (
        <p className={classes.dim}>{t("statistics.nonePair")}</p>
      ) : (
        <HeatMap
          label={t("statistics.together")}
          // Each two stand once: the first row and the last column would be empty.
          rowNames={grid.classes.slice(1).map(name)}
          columnNames={grid.classes.slice(0, -1).map(name)}
          rows={grid.rows.slice(1).map((row, at) =>
            row.slice(0, -1).map((pair, column) => ({
              value: pair?.count ?? 0,
              label:
                column > at
                  ? ""
                  : t("statistics.pair", {
                      first: name(grid.classes[at + 1] ?? 0),
                      second: name(grid.classes[column] ?? 0),
                      images: amounts(0, pair?.count ?? 0).images,
                    }),
              to: pair === null ? null : imagesPath(project, pair.filter, pair.count),
            })),
          )}
        />
      )}
    </Section>
  );
}
