/** Precision, recall and the like for each class; sorted by any column. */
import { Table, UnstyledButton } from "@mantine/core";
import { IconChevronDown, IconChevronUp } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { ClassMetrics, Evaluation } from "../../api/types";
import { useProject } from "../../parts/useProjectId";
import { compareNames, formatCount, formatPercent } from "../../ui/format";
import { Swatch } from "../../ui/Swatch";
import classes from "./Evaluate.module.css";

const COLUMNS = [
  "name",
  "support",
  "precision",
  "recall",
  "f1",
  "iou",
  "boundary_f1",
  "ap",
  "ap50",
  "accuracy",
] as const;
type Column = (typeof COLUMNS)[number];

export function PerClassTable({ evaluation }: { readonly evaluation: Evaluation }) {
  const { t } = useTranslation();
  const colors = new Map(useProject()?.classes.map((item) => [item.id, item.color]));
  const [sort, setSort] = useState<{ column: Column; down: boolean }>({ column: "support", down: true });
  const columns = COLUMNS.filter((column) => evaluation.per_class.some((row) => row[column] !== undefined));
  const rows = [...evaluation.per_class].sort((a, b) => compare(a, b, sort.column) * (sort.down ? -1 : 1));
  return (
    <Table className="num" aria-label={t("evaluation.perClass")}>
      <Table.Thead>
        <Table.Tr>
          {columns.map((column) => (
            <Table.Th
              key={column}
              ta={column === "name" ? "left" : "right"}
              aria-sort={sort.column === column ? (sort.down ? "descending" : "ascending") : "none"}
            >
              <UnstyledButton
                className={classes.sort ?? ""}
                onClick={() => setSort({ column, down: sort.column === column ? !sort.down : column !== "name" })}
              >
                {t(`column.${column}`)}
                {sort.column === column && (sort.down ? <IconChevronDown size={12} /> : <IconChevronUp size={12} />)}
              </UnstyledButton>
            </Table.Th>
          ))}
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {rows.map((row) => (
          <Table.Tr key={row.class}>
            {columns.map((column) => (
              <Table.Td key={column} ta={column === "name" ? "left" : "right"}>
                {column === "name" ? (
                  <>
                    <Swatch color={colors.get(row.class) ?? "#8a8f98"} /> {row.name}
                  </>
                ) : column === "support" ? (
                  formatCount(row.support)
                ) : (
                  formatPercent(row[column])
                )}
              </Table.Td>
            ))}
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

/** A figure that does not exist sorts below every figure that does. */
function compare(a: ClassMetrics, b: ClassMetrics, column: Column): number {
  if (column === "name") return compareNames(a.name, b.name);
  return (a[column] ?? -1) - (b[column] ?? -1);
}
