/** Where on the picture the centres of objects lie, of all classes or of one. */
import { Select } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { statisticsQuery } from "../../api/queries/health";
import type { HeatMapCells } from "../../api/types";
import { Loaded } from "../../parts/Loaded";
import { useProject, useProjectId } from "../../parts/useProjectId";
import { formatCount } from "../../ui/format";
import { HeatMap } from "../../ui/HeatMap";
import { Section } from "../../ui/Page";
import { imagesPath } from "./charts";
import classes from "./Statistics.module.css";
import { useAmounts } from "./useAmounts";

const ALL = "all";
const PICTURE = 4 / 3;

export function LocationMap() {
  const { t } = useTranslation();
  const labels = useProject()?.classes ?? [];
  const [label, setLabel] = useState<string>(ALL);
  const query = useQuery(statisticsQuery(useProjectId(), label === ALL ? null : Number(label)));
  return (
    <Section
      title={t("statistics.locations")}
      note={t("statistics.locationsNote")}
      actions={
        <Select
          aria-label={t("statistics.ofClass")}
          value={label}
          onChange={(value) => setLabel(value ?? ALL)}
          data={[
            { value: ALL, label: t("statistics.allClasses") },
            ...labels.map((item) => ({ value: String(item.id), label: item.name })),
          ]}
          searchable={labels.length > 8}
          allowDeselect={false}
          w={150}
        />
      }
    >
      <Loaded query={query}>{(found) => <Cells map={found.heat_map} />}</Loaded>
    </Section>
  );
}

function Cells({ map }: { readonly map: HeatMapCells }) {
  const { t } = useTranslation();
  const project = useProjectId();
  const amounts = useAmounts();
  const rows = Array.from({ length: map.size }, (_, row) =>
    map.cells.slice(row * map.size, (row + 1) * map.size).map((value, column) => ({
      value,
      label:
        value === 0
          ? ""
          : t("statistics.cell", { column: column + 1, row: row + 1, objects: amounts(value, 0).objects }),
      to: imagesPath(project, { ...map.filter, cell: `${column},${row}` }, value),
    })),
  );
  return (
    <>
      <div className={classes.frame}>
        <HeatMap label={t("statistics.locations")} rows={rows} aspect={PICTURE} />
      </div>
      <div className={`${classes.scale ?? ""} num`} aria-hidden>
        <span>{t("statistics.fewer")}</span>
        <i />
        <span>{t("statistics.most", { value: formatCount(map.most) })}</span>
      </div>
    </>
  );
}
