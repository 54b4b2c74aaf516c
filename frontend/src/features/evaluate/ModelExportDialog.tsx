/** A model as a file for other programs: the formats, and how far each file answers as the model does. */
import { Button, Group, Modal, Stack, Text } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { isActive } from "../../api/queries/jobs";
import { exportModel, modelExportsQuery } from "../../api/queries/training";
import type { Model, ModelExport } from "../../api/types";
import { localised } from "../../i18n/localised";
import { JobLine } from "../../parts/JobLine";
import { Loaded } from "../../parts/Loaded";
import { useAction } from "../../parts/useAction";
import { formatBytes, formatDecimal, formatPercent } from "../../ui/format";
import classes from "./Evaluate.module.css";

interface ModelExportDialogProps {
  readonly model: Model | null;
  readonly onClose: () => void;
}

export function ModelExportDialog({ model, onClose }: ModelExportDialogProps) {
  const { t } = useTranslation();
  return (
    <Modal
      opened={model !== null}
      onClose={onClose}
      title={t("modelExport.title", { name: model?.name ?? "" })}
      size={560}
      closeButtonProps={{ "aria-label": t("actions.close") }}
    >
      {model !== null && <Formats model={model} />}
    </Modal>
  );
}

function Formats({ model }: { readonly model: Model }) {
  const { t } = useTranslation();
  const query = useQuery(modelExportsQuery(model.id));
  return (
    <Stack gap="sm">
      <Text size="sm" c="dimmed">
        {t("modelExport.note")}
      </Text>
      <Loaded query={query} rows={3}>
        {(formats) => (
          <ul className={classes.formats}>
            {formats.map((format) => (
              <li key={format.key}>
                <Format model={model} format={format} />
              </li>
            ))}
          </ul>
        )}
      </Loaded>
    </Stack>
  );
}

function Format({ model, format }: { readonly model: Model; readonly format: ModelExport }) {
  const { t } = useTranslation();
  const { job, report } = format;
  const start = useAction(() => exportModel(model.id, format.key), {
    failure: t("modelExport.failed"),
    invalidate: [["model", model.id, "exports"], ["jobs"]],
  });
  const under = job !== null && isActive(job.state);
  return (
    <Stack gap={6} role="group" aria-label={format.title}>
      <Group justify="space-between" wrap="nowrap" align="flex-start">
        <div>
          <Text size="sm" fw={570}>
            {format.title}
          </Text>
          <Text size="xs" c="dimmed">
            {localised(format.description)}
          </Text>
        </div>
        {report !== null ? (
          <Button
            component="a"
            size="compact-sm"
            href={`/api/v1/models/${model.id}/exports/${format.key}/`}
            download
            leftSection={<IconDownload size={14} />}
          >
            {t("modelExport.download")} · {formatBytes(report.bytes)}
          </Button>
        ) : (
          <Button
            size="compact-sm"
            variant="default"
            loading={start.isPending}
            disabled={under}
            onClick={() => start.mutate(undefined)}
          >
            {t("modelExport.make")}
          </Button>
        )}
      </Group>
      {report === null && job !== null && job.state !== "succeeded" && <JobLine job={job} />}
      {report?.agreement != null && (
        <Text size="xs" className="num">
          {t("modelExport.compared", { count: report.pictures, agreement: formatPercent(report.agreement) })}{" "}
          {t("modelExport.speed", {
            file: formatDecimal(report.file_ms ?? 0),
            model: formatDecimal(report.model_ms ?? 0),
          })}
        </Text>
      )}
    </Stack>
  );
}
