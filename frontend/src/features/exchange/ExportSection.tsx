/** Export: what, as which format, for whom, and what that format cannot hold of this data, said before the download. */
import { Anchor, Button, Group, SegmentedControl, Select, Stack, Text } from "@mantine/core";
import { IconDownload, IconX } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { useSearchParams } from "react-router";
import { formatsQuery, startExport } from "../../api/queries/exchange";
import { versionsQuery } from "../../api/queries/versions";
import type { ExportInput, ExportResult, Format, ParameterValues, Task } from "../../api/types";
import { JobLine } from "../../parts/JobLine";
import { Loaded } from "../../parts/Loaded";
import { useAction } from "../../parts/useAction";
import { useJob } from "../../parts/useJob";
import { useProject, useProjectId } from "../../parts/useProjectId";
import { formatBytes } from "../../ui/format";
import { Section } from "../../ui/Page";
import { ParameterFields } from "../../ui/ParameterFields";
import classes from "./Exchange.module.css";
import { LossReport } from "./LossReport";
import { ProblemList } from "./ProblemList";

const NOW = "now";
type Pictures = "none" | "files" | "links";

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
  const [search, setSearch] = useSearchParams();
  const [source, setSource] = useState(search.get("version") ?? NOW);
  const [key, setKey] = useState(formats[0]?.key ?? "");
  const [profile, setProfile] = useState<string | null>(null);
  const [edits, setEdits] = useState<ParameterValues>({});
  const [pictures, setPictures] = useState<Pictures>("none");
  const [jobId, setJobId] = useState<string | null>(null);
  const job = useJob<ExportResult>(jobId);
  const filter = search.get("filter") ?? "";
  const input = useMemo(
    (): ExportInput => ({
      format: key,
      images: pictures === "files",
      links: pictures === "links",
      ...(source === NOW ? {} : { version: Number(source) }),
      ...(profile === null ? {} : { profile }),
      options: edits,
      filter: Object.fromEntries(new URLSearchParams(filter)),
    }),
    [key, pictures, source, profile, edits, filter],
  );
  const start = useAction((wanted: ExportInput) => startExport(project, wanted), {
    failure: t("export.failed"),
    invalidate: [["jobs"]],
    onSuccess: (started) => setJobId(started.id),
  });
  const chosen = formats.find((item) => item.key === key);
  const choose = (value: string) => {
    setKey(value);
    setProfile(null);
    setEdits({});
  };
  const withoutFilter = () => {
    const next = new URLSearchParams(search);
    next.delete("filter");
    setSearch(next);
  };
  return (
    <Stack gap="md">
      {filter !== "" && (
        <Button variant="light" rightSection={<IconX size={13} />} onClick={withoutFilter} title={filter}>
          {t("export.filtered")}
        </Button>
      )}
      <Group grow align="flex-start">
        <SourceSelect value={source} onChange={setSource} />
        <FormatSelect formats={formats} value={key} onChange={choose} />
      </Group>
      {chosen !== undefined && (
        <>
          <Text size="xs" c="dimmed" mt={-8}>
            {chosen.description}
          </Text>
          <Choices
            format={chosen}
            profile={profile}
            onProfile={(value) => {
              setProfile(value);
              setEdits({});
            }}
            edits={edits}
            onEdit={(option, value) => setEdits((current) => ({ ...current, [option]: value }))}
          />
          <LossReport format={chosen} input={input} />
        </>
      )}
      <Group justify="space-between">
        <SegmentedControl
          aria-label={t("export.pictures")}
          value={pictures}
          onChange={setPictures}
          data={[
            { value: "none", label: t("export.picturesNone") },
            { value: "files", label: t("export.picturesFiles") },
            { value: "links", label: t("export.picturesLinks") },
          ]}
        />
        <Button loading={start.isPending} disabled={key === ""} onClick={() => start.mutate(input)}>
          {t("export.start")}
        </Button>
      </Group>
      {job !== null && <JobLine job={job} />}
      {job?.state === "succeeded" && job.result !== null && <Download result={job.result} />}
    </Stack>
  );
}

interface SelectProps {
  readonly value: string;
  readonly onChange: (value: string) => void;
}

function SourceSelect({ value, onChange }: SelectProps) {
  const { t } = useTranslation();
  const versions = useQuery(versionsQuery(useProjectId()));
  return (
    <Select
      label={t("export.what")}
      value={value}
      onChange={(chosen) => onChange(chosen ?? NOW)}
      data={[
        { value: NOW, label: t("export.now") },
        ...(versions.data ?? []).map((item) => ({
          value: String(item.id),
          label: t("export.version", { number: item.number, name: item.name }),
        })),
      ]}
      allowDeselect={false}
    />
  );
}

/** The formats made for the project's task come first. */
function FormatSelect({ formats, value, onChange }: SelectProps & { readonly formats: readonly Format[] }) {
  const { t } = useTranslation();
  const task = useProject()?.task;
  const items = (own: boolean) =>
    formats
      .filter((item) => (task !== undefined && item.tasks.includes(task)) === own)
      .map((item) => ({ value: item.key, label: item.title }));
  return (
    <Select
      label={t("export.format")}
      value={value}
      onChange={(chosen) => onChange(chosen ?? "")}
      data={[
        { group: t(`task.${(task ?? "detection") as Task}`), items: items(true) },
        { group: t("export.otherTasks"), items: items(false) },
      ]}
      searchable
      allowDeselect={false}
      maxDropdownHeight={420}
    />
  );
}

interface ChoicesProps {
  readonly format: Format;
  readonly profile: string | null;
  readonly onProfile: (profile: string | null) => void;
  readonly edits: ParameterValues;
  readonly onEdit: (option: string, value: ParameterValues[string]) => void;
}

function Choices({ format, profile, onProfile, edits, onEdit }: ChoicesProps) {
  const { t } = useTranslation();
  const chosen = format.profiles.find((item) => item.key === profile);
  return (
    <>
      {format.profiles.length > 0 && (
        <Select
          label={t("export.profile")}
          description={chosen?.note}
          placeholder={t("export.profileNone")}
          value={profile}
          onChange={onProfile}
          data={format.profiles.map((item) => ({ value: item.key, label: item.title }))}
          clearable
        />
      )}
      {format.options.length > 0 && (
        <div className={classes.options} role="group" aria-label={t("export.options")}>
          <ParameterFields
            fields={format.options}
            values={{ ...chosen?.options, ...edits }}
            columns={2}
            onChange={onEdit}
          />
        </div>
      )}
    </>
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
