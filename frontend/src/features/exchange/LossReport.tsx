/** What of the data a format cannot hold, counted from the data itself before anything is written. */
import { Alert, Loader, Table, Text } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconAlertTriangle, IconCircleCheck } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { lossesQuery } from "../../api/queries/exchange";
import type { ExportInput, Format, Job, Losses } from "../../api/types";
import { Loaded } from "../../parts/Loaded";
import { useJob } from "../../parts/useJob";
import { useProjectId } from "../../parts/useProjectId";
import { formatCount } from "../../ui/format";
import classes from "./Exchange.module.css";

const SETTLE_MS = 250;
const CLASSES_SHOWN = 4;

export function LossReport({ format, input }: { readonly format: Format; readonly input: ExportInput }) {
  const [settled] = useDebouncedValue(input, SETTLE_MS);
  const query = useQuery(lossesQuery(useProjectId(), settled));
  return (
    <Loaded query={query} rows={1}>
      {(found) =>
        "state" in found ? <CountedByJob format={format} job={found} /> : <Report format={format} losses={found} />
      }
    </Loaded>
  );
}

function CountedByJob({ format, job }: { readonly format: Format; readonly job: Job<Losses> }) {
  const { t } = useTranslation();
  const counted = useJob<Losses>(job.id);
  if (counted?.state === "succeeded" && counted.result !== null) {
    return <Report format={format} losses={counted.result} />;
  }
  return (
    <Text size="sm" c="dimmed">
      <Loader size={12} me={8} /> {t("export.lossCounting")}
    </Text>
  );
}

function Report({ format, losses }: { readonly format: Format; readonly losses: Losses }) {
  const { t } = useTranslation();
  if (losses.lost.length === 0) {
    return (
      <Alert color="green" variant="light" icon={<IconCircleCheck size={17} />} p="xs">
        {t("export.lossless", { format: format.title })}
      </Alert>
    );
  }
  return (
    <Alert
      color="orange"
      variant="light"
      icon={<IconAlertTriangle size={17} />}
      p="xs"
      title={t("export.lossTitle", { format: format.title })}
    >
      <Table className={`${classes.lossTable ?? ""} num`} aria-label={t("export.lossTitle", { format: format.title })}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t("export.lossFeature")}</Table.Th>
            <Table.Th ta="end">{t("export.lossCount")}</Table.Th>
            <Table.Th>{t("export.lossFate")}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {losses.lost.map((item) => (
            <Table.Tr key={item.feature}>
              <Table.Td>
                {item.title}
                {item.classes.length > 0 && (
                  <Text size="xs" c="dimmed">
                    {item.classes
                      .slice(0, CLASSES_SHOWN)
                      .map((row) => `${row.name} ${formatCount(row.count)}`)
                      .join(", ")}
                    {item.classes.length > CLASSES_SHOWN && " …"}
                  </Text>
                )}
              </Table.Td>
              <Table.Td ta="end">{formatCount(item.count)}</Table.Td>
              <Table.Td>{item.fate}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Alert>
  );
}
