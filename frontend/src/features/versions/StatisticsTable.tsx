/** What a split holds: images and annotations per split, and every class over the splits. */
import { Table } from "@mantine/core";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Split, VersionStatistics } from "../../api/types";
import { CopyColours } from "../../parts/CopyColours";
import { SPLIT_COLORS, SPLITS } from "../../parts/splits";
import { formatCount, formatDecimal, formatPercent } from "../../ui/format";
import { StackBar } from "../../ui/StackBar";
import { Swatch } from "../../ui/Swatch";
import classes from "./Versions.module.css";

interface StatisticsTableProps {
  readonly statistics: VersionStatistics;
  /** Wraps the name of a split, for instance in a link to its images. */
  readonly linkOf?: (split: Split, label: string) => ReactNode;
}

export function StatisticsTable({ statistics, linkOf }: StatisticsTableProps) {
  const { t } = useTranslation();
  const { splits } = statistics;
  return (
    <div className={classes.statistics}>
      <div>
        <StackBar
          label={t("versions.splitBar")}
          height={8}
          parts={SPLITS.map((name) => ({
            key: name,
            label: t(`split.${name}`),
            value: splits[name].images,
            color: SPLIT_COLORS[name],
          }))}
        />
        <Table className="num" mt={6} horizontalSpacing={8} fz="xs">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t("versions.split")}</Table.Th>
              <Table.Th ta="end">{t("versions.imagesColumn")}</Table.Th>
              <Table.Th ta="end">{t("versions.share")}</Table.Th>
              <Table.Th ta="end">{t("versions.annotationsColumn")}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {SPLITS.map((name) => (
              <Table.Tr key={name}>
                <Table.Td>
                  <Swatch color={SPLIT_COLORS[name]} size={9} />{" "}
                  {linkOf?.(name, t(`split.${name}`)) ?? t(`split.${name}`)}
                </Table.Td>
                <Table.Td ta="end">{formatCount(splits[name].images)}</Table.Td>
                <Table.Td ta="end" c="dimmed">
                  {formatPercent(statistics.images === 0 ? null : splits[name].images / statistics.images)}
                </Table.Td>
                <Table.Td ta="end">{formatCount(splits[name].annotations)}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
        <TrainColours colours={splits.train.colours ?? null} />
      </div>
      <div className={classes.classTable}>
        <Table className="num" horizontalSpacing={8} fz="xs">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t("versions.class")}</Table.Th>
              <Table.Th ta="end">{t("versions.imagesColumn")}</Table.Th>
              <Table.Th ta="end">{t("versions.annotationsColumn")}</Table.Th>
              {SPLITS.map((name) => (
                <Table.Th key={name} ta="end">
                  {t(`split.${name}`)}
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {statistics.classes.map((item) => (
              <Table.Tr key={item.id}>
                <Table.Td>
                  <Swatch color={item.color} /> {item.name}
                </Table.Td>
                <Table.Td ta="end">{formatCount(item.images)}</Table.Td>
                <Table.Td ta="end">{formatCount(item.annotations)}</Table.Td>
                {SPLITS.map((name) => (
                  <Table.Td key={name} ta="end" c="dimmed">
                    {formatCount(splits[name].classes[String(item.id)] ?? 0)}
                  </Table.Td>
                ))}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </div>
    </div>
  );
}

/** Red, green and blue of the pictures to train on, as a network's normalisation takes them. */
function TrainColours({ colours }: { readonly colours: VersionStatistics["splits"]["train"]["colours"] }) {
  const { t } = useTranslation();
  if (!colours) return null;
  const numbers = (values: readonly number[]) => values.map((value) => formatDecimal(value, 3)).join(" · ");
  return (
    <div className={`${classes.colours ?? ""} num`}>
      <dl aria-label={t("statistics.colours")}>
        <div>
          <dt>{t("statistics.colours")}</dt>
          <dd>{t("split.train")}</dd>
        </div>
        <div>
          <dt>{t("statistics.mean")}</dt>
          <dd>{numbers(colours.mean)}</dd>
        </div>
        <div>
          <dt>{t("statistics.std")}</dt>
          <dd>{numbers(colours.std)}</dd>
        </div>
      </dl>
      <CopyColours colours={colours} />
    </div>
  );
}
