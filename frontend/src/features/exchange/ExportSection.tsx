/** Export: what, as which format, and what that format cannot hold, said before the download. */
import { Alert, Anchor, Button, Group, Radio, Select, Stack, Switch, Text } from "@mantine/core";
import { IconAlertTriangle, IconCircleCheck, IconDownload } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useSearchParams } from "react-router";
import { formatsQuery, startExport } from "../../api/queries/exchange";
import { versionsQuery } from "../../api/queries/versions";
import type { ExportResult, Format } from "../../api/types";
import { JobLine } from "../../parts/JobLine";
import { Loaded } from "../../parts/Loaded";
import { useAction } from "../../parts/useAction";
import { useJob } from "../../parts/useJob";
import { useProjectId } from "../../parts/useProjectId";
import { formatBytes } from "../../ui/format";
import { Section } from "../../ui/Page";
import { ProblemList } from "./ProblemList";
import classes from "./Exchange.module.css";

const NOW = "now";

export function ExportSection() {
  const { t } = useTranslation();
  const formats = useQuery(formatsQuery);
  return (
    <Section title={t("export.title")}>
      <Loaded query={formats}>{(all) => <ExportForm formats={all.filter((format) => format.write)} />}</Loaded>
    </Section>
  );
}

function ExportForm({ formats }: { readonly formats: readonly Format[] }) {
  const { t } = useTranslation();
  const project = useProjectId();
  const [search] = useSearchParams();
  const versions = useQuery(versionsQuery(project));
  const [source, setSource] = useState(search.get("version") ?? NOW);
  const [format, setFormat] = useState(formats[0]?.key ?? "");
  const [images, setImages] = useState(false);
  const [jobId, setJobId] = useState<string | null>(null);
  const job = useJob<ExportResult>(jobId);
  const start = useAction(
    () =>
      startExport(project, {
        format,
        images,
        ...(source === NOW ? {} : { version: Number(source) }),
      }),
    {
      failure: t("export.failed"),
      invalidate: [["jobs"]],
      onSuccess: (started) => setJobId(started.id),
    },
  );
  const chosen = formats.find((item) => item.key === format);
  return (
    <Stack gap="md">
      <Select
        label={t("export.what")}
        value={source}
        onChange={(value) => setSource(value ?? NOW)}
        data={[
          { value: NOW, label: t("export.now") },
          ...(versions.data ?? []).map((item) => ({
            value: String(item.id),
            label: t("export.version", { number: item.number, name: item.name }),
          })),
        ]}
        allowDeselect={false}
      />
      <Radio.Group label={t("export.format")} value={format} onChange={setFormat}>
        <div className={classes.formats}>
          {formats.map((item) => (
            <Radio.Card key={item.key} value={item.key} className={classes.format ?? ""} aria-label={item.title}>
              <Radio.Indicator size="xs" />
              <div>
                <Text size="sm" fw={570}>
                  {item.title} <span className={classes.extension}>{item.extension}</span>
                </Text>
                <Text size="xs" c="dimmed">
                  {item.description}
                </Text>
              </div>
            </Radio.Card>
          ))}
        </div>
      </Radio.Group>
      {chosen !== undefined && <Losses format={chosen} />}
      <Group justify="space-between">
        <Switch
          label={t("export.images")}
          checked={images}
          onChange={(event) => setImages(event.currentTarget.checked)}
        />
        <Button loading={start.isPending} disabled={format === ""} onClick={() => start.mutate(undefined)}>
          {t("export.start")}
        </Button>
      </Group>
      {job !== null && <JobLine job={job} />}
      {job?.state === "succeeded" && job.result !== null && <Download result={job.result} />}
    </Stack>
  );
}

function Losses({ format }: { readonly format: Format }) {
  const { t } = useTranslation();
  if (format.lossy.length === 0) {
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
      title={t("export.lossy", { format: format.title })}
    >
      <ul className={classes.losses}>
        {format.lossy.map((item) => (
          <li key={item}>{t(`feature.${item}` as "feature.tags", { defaultValue: item })}</li>
        ))}
      </ul>
    </Alert>
  );
}

function Download({ result }: { readonly result: ExportResult }) {
  const { t } = useTranslation();
  return (
    <div className={classes.download}>
      <Group gap="sm">
        <Button
          component="a"
          href={result.download_url}
          download={result.filename}
          leftSection={<IconDownload size={15} />}
        >
          {t("export.download")}
        </Button>
        <Text size="sm" className="num">
          <Anchor href={result.download_url} download={result.filename} size="sm">
            {result.filename}
          </Anchor>{" "}
          · {formatBytes(result.size)}
        </Text>
      </Group>
      <Text size="xs" c="dimmed">
        {t("export.resumable")}
      </Text>
      <ProblemList problems={result.problems} />
    </div>
  );
}
