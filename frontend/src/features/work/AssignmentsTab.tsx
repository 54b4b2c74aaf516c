/** All work that was given out in the project, and giving out more. */
import { Button, Table } from "@mantine/core";
import { IconChecklist, IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { filtersFromRecord, filtersToSearch } from "../../api/imageFilters";
import { assignmentsQuery, closeAssignment } from "../../api/queries/work";
import type { Assignment } from "../../api/types";
import { AssignDialog } from "../../parts/AssignDialog";
import { Loaded } from "../../parts/Loaded";
import { useAction } from "../../parts/useAction";
import { roleAtLeast, useProject, useProjectId } from "../../parts/useProjectId";
import { Empty } from "../../ui/Empty";
import { formatCount, formatDay } from "../../ui/format";
import { TableCard } from "../../ui/Page";
import classes from "./Work.module.css";

export function AssignmentsTab() {
  const { t } = useTranslation();
  const project = useProjectId();
  const mayAssign = roleAtLeast(useProject(), "reviewer");
  const query = useQuery(assignmentsQuery(project));
  const [creating, setCreating] = useState(false);
  const create = mayAssign ? (
    <Button leftSection={<IconPlus size={15} />} onClick={() => setCreating(true)}>
      {t("work.new")}
    </Button>
  ) : undefined;
  return (
    <Loaded query={query}>
      {({ results }) => (
        <div className={classes.tab}>
          {results.length === 0 ? (
            <Empty icon={<IconChecklist size={22} />} title={t("work.noAssignments")} action={create}>
              {t("work.noAssignmentsHint")}
            </Empty>
          ) : (
            <>
              <div className={classes.tools}>{create}</div>
              <AssignmentTable rows={results} mayChange={mayAssign} />
            </>
          )}
          {creating && <AssignDialog project={project} target={{ filter: {} }} onClose={() => setCreating(false)} />}
        </div>
      )}
    </Loaded>
  );
}

function AssignmentTable({ rows, mayChange }: { readonly rows: readonly Assignment[]; readonly mayChange: boolean }) {
  const { t } = useTranslation();
  const project = useProjectId();
  const close = useAction(({ id, closed }: { id: number; closed: boolean }) => closeAssignment(id, closed), {
    failure: t("work.closeFailed"),
    invalidate: [["project", project, "assignments"]],
  });
  return (
    <TableCard>
      <Table>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t("work.columns.name")}</Table.Th>
            <Table.Th>{t("work.columns.kind")}</Table.Th>
            <Table.Th>{t("work.columns.people")}</Table.Th>
            <Table.Th>{t("work.columns.due")}</Table.Th>
            <Table.Th className={classes.right ?? ""}>{t("work.columns.done")}</Table.Th>
            <Table.Th className={classes.right ?? ""}>{t("work.columns.left")}</Table.Th>
            <Table.Th />
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((row) => (
            <Table.Tr key={row.id} className={row.closed_at === null ? "" : (classes.closed ?? "")}>
              <Table.Td>
                {row.is_fixed ? (
                  row.name
                ) : (
                  <Link
                    to={`../images?${filtersToSearch(filtersFromRecord(row.filter)).toString()}`}
                    className={classes.link}
                  >
                    <bdi>{row.name}</bdi>
                  </Link>
                )}
              </Table.Td>
              <Table.Td>{t(`work.kind.${row.kind}`)}</Table.Td>
              <Table.Td className="num">
                {row.people.map((person) => `${person.username} ${formatCount(person.done)}`).join(", ")}
              </Table.Td>
              <Table.Td className="num">{row.due === null ? "" : formatDay(Date.parse(row.due))}</Table.Td>
              <Table.Td className={`${classes.right ?? ""} num`}>{formatCount(row.done)}</Table.Td>
              <Table.Td className={`${classes.right ?? ""} num`}>
                {row.closed_at === null ? formatCount(row.left) : t("work.closed")}
              </Table.Td>
              <Table.Td className={classes.right ?? ""}>
                {mayChange && (
                  <Button
                    size="compact-xs"
                    variant="subtle"
                    color="gray"
                    onClick={() => close.mutate({ id: row.id, closed: row.closed_at === null })}
                  >
                    {row.closed_at === null ? t("work.close") : t("work.reopen")}
                  </Button>
                )}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </TableCard>
  );
}
