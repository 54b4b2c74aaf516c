/** Who labelled by hand and how fast, and what people changed of what others, imports and models had made. */
import { Table } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Statistics } from "../../api/types";
import { formatCount, formatDecimal, formatPercent } from "../../ui/format";
import { Section } from "../../ui/Page";
import classes from "./Statistics.module.css";

const rate = (value: number | null): string => (value === null ? "–" : formatCount(Math.round(value)));

export function Work({ rows }: { readonly rows: Statistics["work"] }) {
  const { t } = useTranslation();
  return (
    <Section title={t("statistics.work")} note={t("statistics.workNote")}>
      {rows.length === 0 ? (
        <p className={classes.dim}>{t("statistics.noWork")}</p>
      ) : (
        <Table className="num" aria-label={t("statistics.work")}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t("statistics.person")}</Table.Th>
              <Table.Th ta="end">{t("statistics.objects")}</Table.Th>
              <Table.Th ta="end">{t("statistics.images")}</Table.Th>
              <Table.Th ta="end">{t("statistics.objectsPerHour")}</Table.Th>
              <Table.Th ta="end">{t("statistics.imagesPerHour")}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rows.map((row, index) => (
              <Table.Tr key={index}>
                <Table.Td>{row.label ?? t("statistics.nobody")}</Table.Td>
                <Table.Td ta="end">{formatCount(row.objects)}</Table.Td>
                <Table.Td ta="end">{formatCount(row.images)}</Table.Td>
                <Table.Td ta="end">{rate(row.objects_per_hour)}</Table.Td>
                <Table.Td ta="end">{rate(row.images_per_hour)}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
    </Section>
  );
}

const OUTCOMES = ["kept", "moved", "relabelled", "deleted", "added"] as const;

export function Agreement({ rows }: { readonly rows: Statistics["agreement"] }) {
  const { t } = useTranslation();
  return (
    <Section title={t("statistics.agreement")} note={t("statistics.agreementNote")}>
      {rows.length === 0 ? (
        <p className={classes.dim}>{t("statistics.noAgreement")}</p>
      ) : (
        <Table className="num" aria-label={t("statistics.agreement")}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t("statistics.madeBy")}</Table.Th>
              <Table.Th>{t("statistics.lookedAtBy")}</Table.Th>
              <Table.Th ta="end">{t("statistics.objects")}</Table.Th>
              {OUTCOMES.map((outcome) => (
                <Table.Th key={outcome} ta="end">
                  {t(`statistics.outcome.${outcome}`)}
                </Table.Th>
              ))}
              <Table.Th ta="end">{t("statistics.agreed")}</Table.Th>
              <Table.Th ta="end" title={t("statistics.iouHelp")}>
                {t("statistics.iou")}
              </Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rows.map((row, index) => (
              <Table.Tr key={index}>
                <Table.Td>
                  {row.maker === "person"
                    ? (row.made_by ?? t("statistics.nobody"))
                    : t(`statistics.maker.${row.maker}`)}
                </Table.Td>
                <Table.Td>{row.person ?? t("statistics.nobody")}</Table.Td>
                <Table.Td ta="end">{formatCount(row.objects)}</Table.Td>
                {OUTCOMES.map((outcome) => (
                  <Table.Td key={outcome} ta="end">
                    {formatCount(row[outcome])}
                  </Table.Td>
                ))}
                <Table.Td ta="end">{row.agreed === null ? "–" : formatPercent(row.agreed)}</Table.Td>
                <Table.Td ta="end">{row.iou === null ? "–" : formatDecimal(row.iou, 3)}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
    </Section>
  );
}
