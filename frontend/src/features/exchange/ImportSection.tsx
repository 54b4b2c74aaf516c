/** Import: a file is looked through first; what would happen is shown and can be steered; then it goes in. */
import { Button, Group, Stack, Text, TextInput } from "@mantine/core";
import { IconFileCheck, IconX } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { ImportSource } from "../../api/queries/exchange";
import type { ClassTargets, ImportMode, ImportResult } from "../../api/types";
import { JobLine } from "../../parts/JobLine";
import { roleAtLeast, useProject, useProjectId } from "../../parts/useProjectId";
import { FileDrop } from "../../ui/FileDrop";
import { formatBytes } from "../../ui/format";
import { IconButton } from "../../ui/IconButton";
import { Section } from "../../ui/Page";
import type { FieldValues } from "../../ui/ParameterFields";
import { ClassMappingTable } from "./ClassMappingTable";
import classes from "./Exchange.module.css";
import { DETECT, ImportChoices } from "./ImportChoices";
import { ImportPreview } from "./ImportPreview";
import { ImportReport } from "./ImportReport";
import { type ImportJob, useImportJob } from "./useImportJob";

export function ImportSection() {
  const { t } = useTranslation();
  const project = useProject();
  const [source, setSource] = useState<ImportSource | null>(null);
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
      {source === null ? (
        <Stack gap="md">
          <FileDrop label={t("import.drop")} hint={t("import.dropHint")} onFile={setSource} />
          <ServerPath onPath={setSource} />
        </Stack>
      ) : (
        <ImportFlow
          key={typeof source === "string" ? source : `${source.name}${source.lastModified}`}
          source={source}
          onLeave={() => setSource(null)}
        />
      )}
    </Section>
  );
}

function ServerPath({ onPath }: { readonly onPath: (path: string) => void }) {
  const { t } = useTranslation();
  const [path, setPath] = useState("");
  return (
    <Group align="flex-end" gap="xs">
      <TextInput
        label={t("import.serverLabel")}
        description={t("import.serverHelp")}
        value={path}
        onChange={(event) => setPath(event.currentTarget.value)}
        flex={1}
      />
      <Button variant="default" disabled={path.trim() === ""} onClick={() => onPath(path.trim())}>
        {t("import.serverUse")}
      </Button>
    </Group>
  );
}

function ImportFlow({ source, onLeave }: { readonly source: ImportSource; readonly onLeave: () => void }) {
  const projectId = useProjectId();
  const client = useQueryClient();
  const [format, setFormat] = useState(DETECT);
  const [mode, setMode] = useState<ImportMode>("merge");
  const [readOptions, setReadOptions] = useState<FieldValues>({});
  const [targets, setTargets] = useState<ClassTargets>({});
  const options = { format: format === DETECT ? null : format, mode, classes: targets, readOptions };
  const check = useImportJob(source, { ...options, dryRun: true });
  const take = useImportJob(source, { ...options, dryRun: false }, () => {
    void client.invalidateQueries({ queryKey: ["project", projectId] });
    void client.invalidateQueries({ queryKey: ["projects"] });
  });
  const change = (apply: () => void) => {
    apply();
    check.forget();
  };
  return (
    <Stack gap="md">
      <ChosenSource source={source} onLeave={onLeave} />
      {take.result === null ? (
        <>
          <ImportChoices
            format={format}
            onFormat={(value) =>
              change(() => {
                setFormat(value);
                setReadOptions({});
              })
            }
            readOptions={readOptions}
            onReadOption={(key, value) => change(() => setReadOptions({ ...readOptions, [key]: value }))}
            mode={mode}
            onMode={(value) => change(() => setMode(value))}
            checked={check.result !== null}
            busy={check.isStarting}
            onCheck={check.start}
          />
          {check.job !== null && <JobLine job={check.job} />}
          {check.result !== null && (
            <Offer check={check.result} take={take} targets={targets} onTargets={setTargets} onCheck={check.start} />
          )}
          {take.job !== null && <JobLine job={take.job} />}
        </>
      ) : (
        <Done result={take.result} />
      )}
    </Stack>
  );
}

function ChosenSource({ source, onLeave }: { readonly source: ImportSource; readonly onLeave: () => void }) {
  const { t } = useTranslation();
  return (
    <div className={classes.file}>
      <IconFileCheck size={18} />
      <Text size="sm" fw={550} truncate flex={1}>
        {typeof source === "string" ? source : source.name}
      </Text>
      {typeof source !== "string" && (
        <Text size="xs" c="dimmed" className="num">
          {formatBytes(source.size)}
        </Text>
      )}
      <IconButton label={t("import.otherFile")} onClick={onLeave}>
        <IconX size={15} />
      </IconButton>
    </div>
  );
}

interface OfferProps {
  readonly check: ImportResult;
  readonly take: ImportJob;
  readonly targets: ClassTargets;
  readonly onTargets: (targets: ClassTargets) => void;
  readonly onCheck: () => void;
}

function Offer({ check, take, targets, onTargets, onCheck }: OfferProps) {
  const { t } = useTranslation();
  return (
    <>
      <ImportReport result={check} dryRun />
      <ClassMappingTable mapping={check.classes.mapping} targets={targets} onChange={onTargets} onCheck={onCheck} />
      {check.preview !== undefined && check.preview.length > 0 && <ImportPreview images={check.preview} />}
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
