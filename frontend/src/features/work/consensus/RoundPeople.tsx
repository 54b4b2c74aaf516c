/** A row for each person of a round: their progress, and how far they agree with the others and with ground truth. */
import { Table } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Agreement, ConsensusRound, RoundReport } from "../../../api/types";
import { formatCount, formatDecimal, formatPercent } from "../../../ui/format";
import work from "../Work.module.css";

interface RoundPeopleProps {
  readonly round: ConsensusRound;
  readonly report: RoundReport;
}

export function RoundPeople({ round, report }: RoundPeopleProps) {
  const { t } = useTranslation();
  const right = work.right ?? "";
  return (
    <Table aria-label={t("consensus.people")}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{t("work.person")}</Table.Th>
          <Table.Th className={right}>{t("consensus.handedIn")}</Table.Th>
          <Table.Th className={right}>{t("consensus.begun")}</Table.Th>
          <Table.Th className={right}>{t("consensus.agreement")}</Table.Th>
          <Table.Th className={right}>{t("work.agreement.iou")}</Table.Th>
          <Table.Th className={right}>{t("work.agreement.missing")}</Table.Th>
          <Table.Th className={right}>{t("work.agreement.extra")}</Table.Th>
          {report.truth.rows.length > 0 && <Table.Th className={right}>{t("consensus.truthFound")}</Table.Th>}
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {round.people.map(({ username, done, begun }) => {
          const shared = report.pairs.filter((pair) => pair.first === username || pair.second === username);
          const peers = totalsOf(report.peers, username);
          const truth = totalsOf(report.truth, username);
          return (
            <Table.Tr key={username}>
              <Table.Td dir="auto">{username}</Table.Td>
              <Table.Td className={`${right} num`}>{formatCount(done)}</Table.Td>
              <Table.Td className={`${right} num`}>{formatCount(begun)}</Table.Td>
              <Table.Td className={`${right} num`}>
                {formatPercent(mean(shared.map((pair) => pair.agreement)), 0)}
              </Table.Td>
              <Table.Td className={`${right} num`}>{peers.iou === null ? "–" : formatDecimal(peers.iou)}</Table.Td>
              <Table.Td className={`${right} num`}>{formatCount(peers.missing)}</Table.Td>
              <Table.Td className={`${right} num`}>{formatCount(peers.extra)}</Table.Td>
              {report.truth.rows.length > 0 && (
                <Table.Td className={`${right} num`}>
                  {truth.reference === 0 ? "–" : formatPercent(truth.matched / truth.reference, 0)}
                </Table.Td>
              )}
            </Table.Tr>
          );
        })}
      </Table.Tbody>
    </Table>
  );
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
const mean = (values: readonly number[]): number | null => (values.length === 0 ? null : sum(values) / values.length);

/** Over all classes; the overlap is the mean over what was found. */
function totalsOf(agreement: Agreement, person: string) {
  const rows = agreement.rows.filter((row) => row.annotator === person);
  const found = sum(rows.map((row) => row.matched + row.other_class));
  return {
    iou: found === 0 ? null : sum(rows.map((row) => (row.iou ?? 0) * (row.matched + row.other_class))) / found,
    reference: sum(rows.map((row) => row.reference)),
    matched: sum(rows.map((row) => row.matched)),
    missing: sum(rows.map((row) => row.missing)),
    extra: sum(rows.map((row) => row.extra)),
  };
}
