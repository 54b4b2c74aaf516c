/** Objects of each class: how many, on how many images, in which splits, of which sizes. */
import { Table } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { Split, StatisticsBar, StatisticsClass } from "../../api/types";
import { SPLIT_COLORS, SPLITS } from "../../parts/splits";
import { useProjectId } from "../../parts/useProjectId";
import { formatCount, formatPercent } from "../../ui/format";
import { Section } from "../../ui/Page";
import { StackBar } from "../../ui/StackBar";
import { Swatch } from "../../ui/Swatch";
import { imagesPath } from "./charts";
import { SIZE_COLORS, SIZES } from "./ObjectSizes";
import classes from "./Statistics.module.css";

const REST = "rest";

interface ClassTableProps {
  readonly classes: readonly StatisticsClass[];
  readonly hasVersion: boolean;
}

export function ClassTable({ classes: rows, hasVersion }: ClassTableProps) {
  const { t } = useTranslation();
  const sorted = [...rows].sort((one, two) => two.objects - one.objects);
  const most = Math.max(1, ...rows.map((row) => row.objects));
  const whole = rows.reduce((sum, row) => sum + row.objects, 0);
  return (
    <Section
      title={t("statistics.perClass")}
      note={t(hasVersion ? "statistics.perClassNote" : "statistics.perClassNoSplit")}
      actions={
        <span className={classes.legend}>
          {hasVersion &&
            SPLITS.map((split) => (
              <span key={split}>
                <Swatch color={SPLIT_COLORS[split]} size={9} /> {t(`split.${split}`)}
              </span>
            ))}
          <span>
            <Swatch color={REST_COLOR} size={9} /> {t("statistics.unassigned")}
          </span>
        </span>
      }
    >
      <div className={classes.table}>
        <Table className="num" stickyHeader aria-label={t("statistics.perClass")} verticalSpacing={4}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t("statistics.class")}</Table.Th>
              <Table.Th ta="end">{t("statistics.annotations")}</Table.Th>
              <Table.Th />
              <Table.Th ta="end">{t("statistics.share")}</Table.Th>
              <Table.Th ta="end">{t("statistics.images")}</Table.Th>
              <Table.Th title={t("statistics.sizeNote")}>{t("statistics.sizes")}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {sorted.map((row) => (
              <ClassRow key={row.class} row={row} most={most} whole={whole} />
            ))}
          </Table.Tbody>
        </Table>
      </div>
    </Section>
  );
}

const REST_COLOR = "var(--border-strong)";

interface ClassRowProps {
  readonly row: StatisticsClass;
  readonly most: number;
  readonly whole: number;
}

function ClassRow({ row, most, whole }: ClassRowProps) {
  const { t } = useTranslation();
  const project = useProjectId();
  const to = imagesPath(project, row.filter, row.objects);
  const dealt = row.splits.reduce((sum, bar) => sum + bar.count, 0);
  const splits: readonly Segment[] = [
    ...SPLITS.flatMap((split: Split) => {
      const bar = row.splits.find((item) => item.label === split);
      return bar === undefined ? [] : [{ ...bar, name: t(`split.${split}`), color: SPLIT_COLORS[split] }];
    }),
    {
      label: REST,
      name: row.splits.length === 0 ? row.name : t("statistics.unassigned"),
      count: Math.max(0, row.objects - dealt),
      color: REST_COLOR,
      filter: row.splits.length === 0 ? row.filter : null,
    },
  ];
  const sizes = SIZES.flatMap((size): Segment[] => {
    const bar = row.areas.find((item) => item.label === size);
    return bar === undefined ? [] : [{ ...bar, name: t(`statistics.size.${size}`), color: SIZE_COLORS[size] }];
  });
  return (
    <Table.Tr>
      <Table.Td>
        <Swatch color={row.color} />{" "}
        {to === null ? (
          <bdi>{row.name}</bdi>
        ) : (
          <Link to={to} dir="auto">
            {row.name}
          </Link>
        )}
      </Table.Td>
      <Table.Td ta="end">{formatCount(row.objects)}</Table.Td>
      <Table.Td>
        <span className={classes.length} style={{ width: `${(100 * row.objects) / most}%` }}>
          <Segments label={row.name} segments={splits} height={14} />
        </span>
      </Table.Td>
      <Table.Td ta="end">{formatPercent(whole === 0 ? null : row.objects / whole)}</Table.Td>
      <Table.Td ta="end">{formatCount(row.images)}</Table.Td>
      <Table.Td w={150}>
        {row.objects > 0 && <Segments label={`${row.name}, ${t("statistics.sizes")}`} segments={sizes} height={8} />}
      </Table.Td>
    </Table.Tr>
  );
}

export interface Segment extends StatisticsBar {
  readonly name: string;
  readonly color: string;
}

interface SegmentsProps {
  readonly label: string;
  readonly segments: readonly Segment[];
  readonly height: number;
}

/** A stack whose parts lead to their images. */
export function Segments({ label, segments, height }: SegmentsProps) {
  const { t } = useTranslation();
  const project = useProjectId();
  const parts = segments.map((item, index) => ({
    key: String(index),
    label: item.name,
    value: item.count,
    color: item.color,
  }));
  return (
    <StackBar
      label={label}
      height={height}
      parts={parts}
      wrap={(part) => {
        const item = segments[Number(part.key)];
        const to = item === undefined ? null : imagesPath(project, item.filter, item.count);
        return to === null ? null : (
          <Link
            to={to}
            aria-label={t("statistics.toImages", {
              label: `${label}, ${part.label}`,
              value: formatCount(part.value),
            })}
          />
        );
      }}
    />
  );
}
