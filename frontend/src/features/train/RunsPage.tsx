/** The runs of a project, newest first, and the dialog that starts one. */
import { Anchor, Button, Progress, Table, Text } from "@mantine/core";
import { IconPlayerPlay, IconTimeline } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useSearchParams } from "react-router";
import { isRunning, runsQuery } from "../../api/queries/training";
import type { Run } from "../../api/types";
import { Loaded } from "../../parts/Loaded";
import { formatFigure, useMetricName } from "../../parts/metricName";
import { RunStateBadge } from "../../parts/RunStateBadge";
import { useArchitectureNames } from "../../parts/useArchitectureNames";
import { useProjectId } from "../../parts/useProjectId";
import { useCommands } from "../../ui/commands";
import { Empty } from "../../ui/Empty";
import { formatAgo } from "../../ui/format";
import { Page, TableCard } from "../../ui/Page";
import { NewRunDialog } from "./NewRunDialog";
import classes from "./Train.module.css";

export function Component() {
  const { t } = useTranslation();
  const project = useProjectId();
  const query = useQuery(runsQuery(project));
  const [search, setSearch] = useSearchParams();
  const [creating, setCreating] = useState(search.has("version"));
  useCommands(
    useMemo(
      () => [{ id: "new-run", title: t("train.start"), group: t("palette.commands"), run: () => setCreating(true) }],
      [t],
    ),
  );
  const start = (
    <Button leftSection={<IconPlayerPlay size={15} />} onClick={() => setCreating(true)}>
      {t("train.start")}
    </Button>
  );
  const close = () => {
    setCreating(false);
    setSearch({}, { replace: true });
  };
  return (
    <Page title={t("train.title")} note={t("train.note")} actions={start}>
      <Loaded query={query}>
        {(runs) =>
          runs.length === 0 ? (
            <Empty icon={<IconTimeline size={22} />} title={t("train.emptyTitle")} action={start}>
              {t("train.empty")}
            </Empty>
          ) : (
            <RunTable runs={runs} />
          )
        }
      </Loaded>
      <NewRunDialog opened={creating} onClose={close} version={search.get("version")} />
    </Page>
  );
}

function RunTable({ runs }: { readonly runs: readonly Run[] }) {
  const { t } = useTranslation();
  const metricName = useMetricName();
  const { titleOf, presetOf } = useArchitectureNames();
  return (
    <TableCard>
      <Table className="num" highlightOnHover aria-label={t("train.title")}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t("train.run")}</Table.Th>
            <Table.Th w={110}>{t("train.state")}</Table.Th>
            <Table.Th>{t("train.version")}</Table.Th>
            <Table.Th>{t("train.architecture")}</Table.Th>
            <Table.Th w={190}>{t("train.epoch")}</Table.Th>
            <Table.Th w={230}>{t("train.best")}</Table.Th>
            <Table.Th w={140}>{t("train.created")}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {runs.map((run) => (
            <Table.Tr key={run.id}>
              <Table.Td>
                <Anchor component={Link} to={String(run.id)} size="sm" fw={570} dir="auto">
                  {run.name}
                </Anchor>
              </Table.Td>
              <Table.Td>
                <RunStateBadge state={run.state} reason={run.reason} />
              </Table.Td>
              <Table.Td>{run.version_name}</Table.Td>
              <Table.Td>
                {titleOf(run.architecture)}
                {run.preset !== "" && (
                  <Text span size="xs" c="dimmed">
                    {" "}
                    · {presetOf(run.architecture, run.preset)}
                  </Text>
                )}
              </Table.Td>
              <Table.Td>
                <div className={classes.epochs}>
                  <span>
                    {run.epoch} / {run.epochs}
                  </span>
                  <Progress
                    size={4}
                    flex={1}
                    value={run.epochs === 0 ? 0 : (100 * run.epoch) / run.epochs}
                    color={isRunning(run) ? "accent" : "gray"}
                    aria-label={t("train.epochsOf", { name: run.name })}
                  />
                </div>
              </Table.Td>
              <Table.Td>
                {run.best === null ? (
                  <Text span c="dimmed">
                    –
                  </Text>
                ) : (
                  <>
                    {formatFigure(run.best.metric, run.best.value)}{" "}
                    <Text span size="xs" c="dimmed">
                      {metricName(run.best.metric)}
                    </Text>
                  </>
                )}
              </Table.Td>
              <Table.Td c="dimmed">{formatAgo(run.created_at)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </TableCard>
  );
}
