/** Warns that groups of images were cut between the splits of a version, and shows which. */
import { Badge, Modal, Table, Text, UnstyledButton } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { leaksQuery } from "../../api/queries/versions";
import type { Leaks, Version } from "../../api/types";
import { Loaded } from "../../parts/Loaded";
import { SPLITS } from "../../parts/splits";
import { useProjectId } from "../../parts/useProjectId";
import { formatCount } from "../../ui/format";
import classes from "./Versions.module.css";

export function LeakBadge({ version }: { readonly version: Version }) {
  const { t } = useTranslation();
  const [opened, setOpened] = useState(false);
  const { group, tag, pattern, duplicate } = version.statistics.leaks;
  const count = group + tag + pattern + (duplicate ?? 0);
  if (count === 0) return null;
  return (
    <>
      <UnstyledButton onClick={() => setOpened(true)}>
        <Badge color="orange" leftSection={<IconAlertTriangle size={11} />} style={{ cursor: "pointer" }}>
          {t("versions.leaks", { count, value: formatCount(count) })}
        </Badge>
      </UnstyledButton>
      {opened && <LeakDialog version={version} onClose={() => setOpened(false)} />}
    </>
  );
}

function LeakDialog({ version, onClose }: { readonly version: Version; readonly onClose: () => void }) {
  const { t } = useTranslation();
  const query = useQuery(leaksQuery(version.id));
  return (
    <Modal
      opened
      onClose={onClose}
      title={t("versions.leaksTitle", { name: version.name })}
      size={760}
      closeButtonProps={{ "aria-label": t("actions.close") }}
    >
      <Text size="sm" c="dimmed" mb="sm">
        {t("versions.leaksText")}
      </Text>
      <Loaded query={query}>{(found) => <LeakTable leaks={found} />}</Loaded>
    </Modal>
  );
}

function LeakTable({ leaks }: { readonly leaks: Leaks }) {
  const { t } = useTranslation();
  const project = useProjectId();
  return (
    <Table className="num" aria-label={t("versions.leaksList")}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{t("versions.leakGroup")}</Table.Th>
          {SPLITS.map((split) => (
            <Table.Th key={split} ta="end" w={64}>
              {t(`split.${split}`)}
            </Table.Th>
          ))}
          <Table.Th>{t("versions.leakImages")}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {leaks.results.map((leak, index) => (
          <Table.Tr key={index}>
            <Table.Td>
              {t(`versions.leakKind.${leak.kind as "group"}`)} {leak.name}
            </Table.Td>
            {SPLITS.map((split) => (
              <Table.Td key={split} ta="end">
                {formatCount(leak.splits[split] ?? 0)}
              </Table.Td>
            ))}
            <Table.Td className={classes.leakSample}>
              {leak.sample.map((item) => (
                <Link key={item.id} to={`/projects/${project}/images/${item.id}`} title={item.name}>
                  <img src={item.thumbnail_url} alt={item.name} loading="lazy" />
                </Link>
              ))}
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
