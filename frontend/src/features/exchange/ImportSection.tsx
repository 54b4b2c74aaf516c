/** Import: a file is looked through first; what would happen is shown; then it goes in as one revision. */
import { Button, Group, Select, Stack, Text } from "@mantine/core";
import { IconFileCheck, IconX } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { formatsQuery, startImport } from "../../api/queries/exchange";
import { isActive } from "../../api/queries/jobs";
import type { ImportResult, Job } from "../../api/types";
import { JobLine } from "../../parts/JobLine";
import { useAction } from "../../parts/useAction";
import { useJob } from "../../parts/useJob";
import { roleAtLeast, useProject, useProjectId } from "../../parts/useProjectId";
import { FileDrop } from "../../ui/FileDrop";
import { formatBytes } from "../../ui/format";
import { IconButton } from "../../ui/IconButton";
import { Section } from "../../ui/Page";
import { ImportReport } from "./ImportReport";
import classes from "./Exchange.module.css";

const DETECT = "";

export function ImportSection() {
  const { t } = useTranslation();
  const project = useProject();
  const [file, setFile] = useState<File | null>(null);
  if (!roleAtLeast(project, "manager")) {
    return (
      <Section title={t("import.title")}>
        <Text size="sm" c="dimmed">
          {t("import.needsManager")}
        </Text>
      </Section>
    );
  }
  return (
    <Section title={t("import.title")}>
      {file === null ? (
        <FileDrop label={t("import.drop")} hint={t("import.dropHint")} onFile={setFile} />
      ) : (
        <ImportFlow key={`${file.name}${file.lastModified}`} file={file} onLeave={() => setFile(null)} />
      )}
    </Section>
  );
}

function ImportFlow({ file, onLeave }: { readonly file: File; readonly onLeave: () => void }) {
  const projectId = useProjectId();
  const client = useQueryClient();
  const [format, setFormat] = useState(DETECT);
  const check = useImportJob(file, format, true);
  const take = useImportJob(file, format, false, () => {
    void client.invalidateQueries({ queryKey: ["project", projectId] });
    void client.invalidateQueries({ queryKey: ["projects"] });
  });
  return (
    <Stack gap="md">
      <ChosenFile file={file} onLeave={onLeave} />
      {take.result === null ? (
        <>
          <FormatChoice
            format={format}
            onFormat={(value) => {
              setFormat(value);
              check.forget();
            }}
            checked={check.result !== null}
            busy={check.isStarting}
            onCheck={check.start}
          />
          {check.job !== null && <JobLine job={check.job} />}
          {check.result !== null && <Offer check={check.result} take={take} />}
          {take.job !== null && <JobLine job={take.job} />}
        </>
      ) : (
        <Done result={take.result} />
      )}
    </Stack>
  );
}

interface ImportJob {
  readonly job: Job<ImportResult> | null;
  /** Once the job has succeeded. */
  readonly result: ImportResult | null;
  readonly isStarting: boolean;
  readonly isRunning: boolean;
  readonly start: () => void;
  readonly forget: () => void;
}

function useImportJob(file: File, format: string, dryRun: boolean, onEnd?: () => void): ImportJob {
  const { t } = useTranslation();
  const project = useProjectId();
  const [id, setId] = useState<string | null>(null);
  const job = useJob<ImportResult>(id, onEnd);
  const start = useAction(() => startImport(project, file, { format: format === DETECT ? null : format, dryRun }), {
    failure: t("import.failed"),
    invalidate: [["jobs"]],
    onSuccess: (started) => setId(started.id),
  });
  return {
    job,
    result: job?.state === "succeeded" ? job.result : null,
    isStarting: start.isPending,
    isRunning: job !== null && isActive(job.state),
    start: () => start.mutate(undefined),
    forget: () => setId(null),
  };
}

function ChosenFile({ file, onLeave }: { readonly file: File; readonly onLeave: () => void }) {
  const { t } = useTranslation();
  return (
    <div className={classes.file}>
      <IconFileCheck size={18} />
      <Text size="sm" fw={550} truncate flex={1}>
        {file.name}
      </Text>
      <Text size="xs" c="dimmed" className="num">
        {formatBytes(file.size)}
      </Text>
      <IconButton label={t("import.otherFile")} onClick={onLeave}>
        <IconX size={15} />
      </IconButton>
    </div>
  );
}

interface FormatChoiceProps {
  readonly format: string;
  readonly onFormat: (format: string) => void;
  readonly checked: boolean;
  readonly busy: boolean;
  readonly onCheck: () => void;
}

function FormatChoice({ format, onFormat, checked, busy, onCheck }: FormatChoiceProps) {
  const { t } = useTranslation();
  const formats = useQuery(formatsQuery);
  return (
    <Group align="flex-end" gap="xs">
      <Select
        label={t("import.format")}
        value={format}
        onChange={(value) => onFormat(value ?? DETECT)}
        data={[
          { value: DETECT, label: t("import.detect") },
          ...(formats.data ?? []).filter((item) => item.read).map((item) => ({ value: item.key, label: item.title })),
        ]}
        allowDeselect={false}
        flex={1}
      />
      <Button variant={checked ? "default" : "filled"} loading={busy} onClick={onCheck}>
        {t("import.check")}
      </Button>
    </Group>
  );
}

function Offer({ check, take }: { readonly check: ImportResult; readonly take: ImportJob }) {
  const { t } = useTranslation();
  return (
    <>
      <ImportReport result={check} dryRun />
      <Button loading={take.isStarting || take.isRunning} onClick={take.start}>
        {t("import.start")}
      </Button>
    </>
  );
}

function Done({ result }: { readonly result: ImportResult }) {
  const { t } = useTranslation();
  const project = useProjectId();
  return (
    <>
      <ImportReport result={result} dryRun={false} />
      <Group gap="xs">
        <Button component={Link} to={`/projects/${project}/images`}>
          {t("import.toImages")}
        </Button>
        <Button component={Link} to={`/projects/${project}/activity`} variant="default">
          {t("import.toActivity")}
        </Button>
      </Group>
    </>
  );
}
