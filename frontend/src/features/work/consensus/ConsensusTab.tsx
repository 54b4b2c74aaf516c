/** The rounds of the project: how far each has come, and opening another one at any time. */
import { Badge, Button, Progress, Table } from "@mantine/core";
import { IconPlus, IconUsersGroup } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { roundsQuery } from "../../../api/queries/consensus";
import type { ConsensusRound } from "../../../api/types";
import { ConsensusDialog } from "../../../parts/ConsensusDialog";
import { Loaded } from "../../../parts/Loaded";
import { useProjectId } from "../../../parts/useProjectId";
import { Empty } from "../../../ui/Empty";
import { formatCount } from "../../../ui/format";
import { TableCard } from "../../../ui/Page";
import work from "../Work.module.css";
import classes from "./Consensus.module.css";

export function ConsensusTab() {
  const { t } = useTranslation();
  const project = useProjectId();
  // People hand in while the page stands open.
  const query = useQuery({ ...roundsQuery(project), refetchInterval: 15_000 });
  const [creating, setCreating] = useState(false);
  const create = (
    <Button leftSection={<IconPlus size={15} />} onClick={() => setCreating(true)}>
      {t("consensus.new")}
    </Button>
  );
  return (
    <Loaded query={query}>
      {(rounds) => (
        <div className={work.tab}>
          {rounds.length === 0 ? (
            <Empty icon={<IconUsersGroup size={22} />} title={t("consensus.none")} action={create}>
              {t("consensus.noneHint")}
            </Empty>
          ) : (
            <>
              <div className={work.tools}>{create}</div>
              <Rounds rounds={rounds} />
            </>
          )}
          {creating && (
            <ConsensusDialog project={project} target={{ filters: {} }} onClose={() => setCreating(false)} />
          )}
        </div>
      )}
    </Loaded>
  );
}

function Rounds({ rounds }: { readonly rounds: readonly ConsensusRound[] }) {
  const { t } = useTranslation();
  return (
    <TableCard>
      <Table>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t("consensus.columns.name")}</Table.Th>
            <Table.Th>{t("work.columns.people")}</Table.Th>
            <Table.Th w={220}>{t("consensus.columns.given")}</Table.Th>
            <Table.Th className={work.right ?? ""}>{t("work.images")}</Table.Th>
            <Table.Th className={work.right ?? ""}>{t("consensus.columns.complete")}</Table.Th>
            <Table.Th className={work.right ?? ""}>{t("consensus.columns.settled")}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rounds.map((round) => (
            <Table.Tr key={round.id} className={round.closed_at === null ? "" : (work.closed ?? "")}>
              <Table.Td>
                <Link to={`consensus/${round.id}`} className={work.link}>
                  <bdi>{round.name}</bdi>
                </Link>{" "}
                {round.closed_at !== null && (
                  <Badge size="xs" color="gray">
                    {t("work.closed")}
                  </Badge>
                )}
              </Table.Td>
              <Table.Td dir="auto">{round.people.map((person) => person.username).join(", ")}</Table.Td>
              <Table.Td>
                <Given round={round} />
              </Table.Td>
              <Table.Td className={`${work.right ?? ""} num`}>{formatCount(round.images)}</Table.Td>
              <Table.Td className={`${work.right ?? ""} num`}>{formatCount(round.complete)}</Table.Td>
              <Table.Td className={`${work.right ?? ""} num`}>{formatCount(round.merged)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </TableCard>
  );
}

/** Labels handed in, of all that are wanted. */
export function Given({ round }: { readonly round: ConsensusRound }) {
  const { t } = useTranslation();
  const wanted = round.images * round.copies;
  const text = t("consensus.given", { given: formatCount(round.given), wanted: formatCount(wanted) });
  return (
    <div className={classes.given}>
      <Progress size={5} value={(100 * round.given) / Math.max(wanted, 1)} aria-label={text} />
      <span className="num">{text}</span>
    </div>
  );
}
