/** What each person did in a period: time, images, objects, and what became of what they submitted. */
import { SegmentedControl, Table } from "@mantine/core";
import { IconUsers } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { peopleWorkQuery } from "../../api/queries/work";
import type { PersonWork } from "../../api/types";
import { Loaded } from "../../parts/Loaded";
import { useProjectId } from "../../parts/useProjectId";
import { BarRows } from "../../ui/BarRows";
import { Empty } from "../../ui/Empty";
import { formatCount, formatDuration, formatPercent } from "../../ui/format";
import { Section, TableCard } from "../../ui/Page";
import classes from "./Work.module.css";

const DAYS = { all: null, week: 7, month: 30 } as const;
type Period = keyof typeof DAYS;
const DAY_MS = 86_400_000;

function sinceOf(period: Period): string | null {
  const days = DAYS[period];
  return days === null ? null : new Date(Date.now() - days * DAY_MS).toISOString().slice(0, 10);
}

export function PeopleTab() {
  const { t } = useTranslation();
  const project = useProjectId();
  const [period, setPeriod] = useState<Period>("all");
  const query = useQuery(peopleWorkQuery(project, sinceOf(period)));
  return (
    <div className={classes.tab}>
      <div className={classes.tools}>
        <SegmentedControl
          size="xs"
          aria-label={t("work.period")}
          value={period}
          data={(Object.keys(DAYS) as Period[]).map((value) => ({ value, label: t(`work.since.${value}`) }))}
          onChange={(value) => setPeriod(value)}
        />
      </div>
      <Loaded query={query}>
        {(rows) =>
          rows.length === 0 ? (
            <Empty icon={<IconUsers size={22} />} title={t("work.noPeople")}>
              {t("work.noPeopleHint")}
            </Empty>
          ) : (
            <People rows={rows} />
          )
        }
      </Loaded>
    </div>
  );
}

const COLUMNS: readonly (readonly [title: string, value: (row: PersonWork) => string])[] = [
  ["time", (row) => formatDuration(row.seconds)],
  ["images", (row) => formatCount(row.images)],
  ["saves", (row) => formatCount(row.saves)],
  ["added", (row) => formatCount(row.objects_added)],
  ["changed", (row) => formatCount(row.objects_changed)],
  ["removed", (row) => formatCount(row.objects_removed)],
  ["submitted", (row) => formatCount(row.submitted)],
  ["accepted", (row) => formatCount(row.accepted)],
  ["returnedCount", (row) => formatCount(row.returned)],
  ["rate", (row) => (row.accepted_rate === null ? "–" : formatPercent(row.accepted_rate, 0))],
  ["judged", (row) => formatCount(row.judged)],
  ["comments", (row) => formatCount(row.comments)],
];

function People({ rows }: { readonly rows: readonly PersonWork[] }) {
  const { t } = useTranslation();
  const bars = (value: (row: PersonWork) => number) =>
    rows.map((row) => ({ key: row.username, label: row.username, value: value(row) }));
  return (
    <>
      <div className={classes.charts}>
        <Section title={t("work.imagesChart")}>
          <BarRows label={t("work.imagesChart")} rows={bars((row) => row.images)} />
        </Section>
        <Section title={t("work.added")}>
          <BarRows label={t("work.added")} rows={bars((row) => row.objects_added)} />
        </Section>
      </div>
      <TableCard>
        <Table>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t("work.person")}</Table.Th>
              {COLUMNS.map(([key]) => (
                <Table.Th key={key} className={classes.right ?? ""}>
                  {t(`work.${key}` as "work.time")}
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rows.map((row) => (
              <Table.Tr key={row.username}>
                <Table.Td dir="auto">{row.username}</Table.Td>
                {COLUMNS.map(([key, value]) => (
                  <Table.Td key={key} className={`${classes.right ?? ""} num`}>
                    {value(row)}
                  </Table.Td>
                ))}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </TableCard>
      <p className={classes.small}>{t("work.timeNote")}</p>
    </>
  );
}
