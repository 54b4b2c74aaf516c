/** The timeline: every revision with its author and what it changed, and a way to take it back. */
import { Avatar, Badge, Button, Group, Table, Text } from "@mantine/core";
import { IconArrowBackUp, IconGitCompare, IconHistory } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { errorSentence } from "../../api/errors";
import { revertRevision, revisionsQuery } from "../../api/queries/projects";
import type { Revision } from "../../api/types";
import { useAction } from "../../parts/useAction";
import { roleAtLeast, useProject, useProjectId } from "../../parts/useProjectId";
import { ConfirmDialog } from "../../ui/ConfirmDialog";
import { Empty, Failure, Loading } from "../../ui/Empty";
import { formatAgo, formatCount, formatDateTime } from "../../ui/format";
import { Page, TableCard } from "../../ui/Page";
import classes from "./ActivityPage.module.css";

export function Component() {
  const { t } = useTranslation();
  const project = useProjectId();
  const query = useInfiniteQuery(revisionsQuery(project));
  const [chosen, setChosen] = useState<Revision | null>(null);
  const rows = query.data?.pages.flatMap((page) => page.results) ?? [];
  const revert = useAction(revertRevision, {
    failure: t("activity.revertFailed"),
    done: (answer) => t("activity.reverted", { number: answer.revision ?? 0 }),
    invalidate: [["project", project], ["projects"], ["image"], ["annotations"]],
  });
  return (
    <Page title={t("activity.title")} note={t("activity.note")}>
      {query.isError && rows.length === 0 ? (
        <Failure title={t("errors.loadTitle")} detail={errorSentence(query.error, t("errors.unreachable"))} />
      ) : query.data === undefined ? (
        <Loading label={t("state.loading")} rows={8} />
      ) : rows.length === 0 ? (
        <Empty icon={<IconHistory size={22} />} title={t("activity.emptyTitle")}>
          {t("activity.empty")}
        </Empty>
      ) : (
        <>
          <RevisionTable rows={rows} onRevert={setChosen} />
          {query.hasNextPage && (
            <Button
              variant="default"
              mt="sm"
              loading={query.isFetchingNextPage}
              onClick={() => void query.fetchNextPage()}
            >
              {t("activity.more")}
            </Button>
          )}
        </>
      )}
      <ConfirmDialog
        opened={chosen !== null}
        onClose={() => setChosen(null)}
        title={t("activity.revertTitle", { number: chosen?.number ?? 0 })}
        confirm={t("activity.revert")}
        cancel={t("actions.cancel")}
        onConfirm={() => (chosen === null ? Promise.resolve() : revert.mutateAsync(chosen))}
      >
        {t("activity.revertText", { message: chosen?.message ?? "" })}
      </ConfirmDialog>
    </Page>
  );
}

function RevisionTable(props: { readonly rows: readonly Revision[]; readonly onRevert: (row: Revision) => void }) {
  const { t } = useTranslation();
  const mayRevert = roleAtLeast(useProject(), "manager");
  return (
    <TableCard>
      <Table className={`${classes.table ?? ""} num`} highlightOnHover aria-label={t("activity.title")}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th w={70}>{t("activity.number")}</Table.Th>
            <Table.Th>{t("activity.what")}</Table.Th>
            <Table.Th w={170}>{t("activity.changed")}</Table.Th>
            <Table.Th w={150}>{t("activity.who")}</Table.Th>
            <Table.Th w={130}>{t("activity.when")}</Table.Th>
            <Table.Th w={190} />
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {props.rows.map((row) => (
            <Table.Tr key={row.id} data-reverted={row.is_reverted || undefined}>
              <Table.Td c="dimmed">{row.number}</Table.Td>
              <Table.Td>
                <span className={classes.message}>{row.message === "" ? row.kind : row.message}</span>
                {row.is_reverted && (
                  <Badge color="gray" ml={8}>
                    {t("activity.wasReverted")}
                  </Badge>
                )}
              </Table.Td>
              <Table.Td>
                <span className={classes.opened}>+{formatCount(row.counts.opened)}</span>{" "}
                <span className={classes.closed}>−{formatCount(row.counts.closed)}</span>
              </Table.Td>
              <Table.Td>
                {row.author !== null && (
                  <span className={classes.author}>
                    <Avatar size={18} radius="xl" name={row.author} color="initials" />
                    {row.author}
                  </span>
                )}
              </Table.Td>
              <Table.Td>
                <Text size="xs" c="dimmed" title={formatDateTime(row.created_at)}>
                  {formatAgo(row.created_at)}
                </Text>
              </Table.Td>
              <Table.Td ta="right">
                <Group gap={6} justify="flex-end" wrap="nowrap">
                  <Button
                    component={Link}
                    to={`../compare?from=${row.number - 1}&to=${row.number}`}
                    size="compact-xs"
                    variant="subtle"
                    leftSection={<IconGitCompare size={13} />}
                    aria-label={t("activity.showChangesNamed", { number: row.number })}
                  >
                    {t("activity.showChanges")}
                  </Button>
                  {mayRevert && !row.is_reverted && (
                    <Button
                      size="compact-xs"
                      variant="default"
                      leftSection={<IconArrowBackUp size={13} />}
                      aria-label={t("activity.revertNamed", { number: row.number })}
                      onClick={() => props.onRevert(row)}
                    >
                      {t("activity.revert")}
                    </Button>
                  )}
                </Group>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </TableCard>
  );
}
