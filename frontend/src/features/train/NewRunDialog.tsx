/** Starts a run: version, architecture, preset, and every setting open to change. */
import { Accordion, Alert, Anchor, Button, Group, Modal, Select, Stack, Text, TextInput } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { type SubmitEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useNavigate } from "react-router";
import { architecturesQuery, createRun } from "../../api/queries/training";
import { versionsQuery } from "../../api/queries/versions";
import type { Architecture, NewRun } from "../../api/types";
import type { ParameterValues, Version } from "../../api/types";
import { Loaded } from "../../parts/Loaded";
import { useAction } from "../../parts/useAction";
import { useProject, useProjectId } from "../../parts/useProjectId";
import { Empty } from "../../ui/Empty";
import { ParameterFields } from "../../ui/ParameterFields";
import { formatCount } from "../../ui/format";
import { changedValues, presetValues } from "./config";
import { PresetCards } from "./PresetCards";

interface NewRunDialogProps {
  readonly opened: boolean;
  readonly onClose: () => void;
  readonly version: string | null;
}

export function NewRunDialog({ opened, onClose, version }: NewRunDialogProps) {
  const { t } = useTranslation();
  const versions = useQuery({ ...versionsQuery(useProjectId()), enabled: opened });
  const architectures = useQuery({ ...architecturesQuery, enabled: opened });
  const task = useProject()?.task;
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={t("train.start")}
      size={720}
      closeButtonProps={{ "aria-label": t("actions.close") }}
    >
      <Loaded query={versions}>
        {(known) =>
          known.length === 0 ? (
            <Empty
              title={t("train.noVersionTitle")}
              action={
                <Button component={Link} to="../versions">
                  {t("train.toVersions")}
                </Button>
              }
            >
              {t("train.noVersion")}
            </Empty>
          ) : (
            <Loaded query={architectures}>
              {(all) => {
                const usable = all.filter((item) => item.task === task);
                return usable.length === 0 ? (
                  <Empty title={t("train.noArchitectureTitle")}>{t("train.noArchitecture")}</Empty>
                ) : (
                  <RunForm versions={known} architectures={usable} version={version} onClose={onClose} />
                );
              }}
            </Loaded>
          )
        }
      </Loaded>
    </Modal>
  );
}

interface RunFormProps {
  readonly versions: readonly Version[];
  readonly architectures: readonly Architecture[];
  readonly version: string | null;
  readonly onClose: () => void;
}

function RunForm({ versions, architectures, version, onClose }: RunFormProps) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const project = useProjectId();
  const [versionId, setVersionId] = useState(
    versions.some((item) => String(item.id) === version) ? version : String(versions[0]?.id ?? ""),
  );
  const [key, setKey] = useState((architectures.find((item) => item.weights_available) ?? architectures[0])?.key ?? "");
  const [preset, setPreset] = useState<string | null>(null);
  const [edits, setEdits] = useState<ParameterValues>({});
  const [name, setName] = useState("");
  const architecture = architectures.find((item) => item.key === key);
  const presetKey = preset ?? architecture?.presets[0]?.key ?? "";
  const start = useAction((body: NewRun) => createRun(project, body), {
    failure: t("train.startFailed"),
    invalidate: [["project", project, "runs"], ["jobs"]],
    onSuccess: (run) => {
      onClose();
      void navigate(`/projects/${project}/train/${run.id}`);
    },
  });
  if (architecture === undefined) return null;
  const base = presetValues(architecture, presetKey);
  const values = { ...base, ...edits };
  const changed = changedValues(edits, base);
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    start.mutate({
      version: Number(versionId),
      architecture: architecture.key,
      ...(presetKey === "" ? {} : { preset: presetKey }),
      config: changed,
      ...(name.trim() === "" ? {} : { name: name.trim() }),
    });
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        <Group grow align="flex-start">
          <Select
            label={t("train.version")}
            value={versionId}
            onChange={setVersionId}
            data={versions.map((item) => ({
              value: String(item.id),
              label: t("train.versionOption", {
                number: item.number,
                name: item.name,
                images: formatCount(item.statistics.images),
              }),
            }))}
            allowDeselect={false}
          />
          <TextInput
            label={t("train.name")}
            placeholder={t("train.namePlaceholder")}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
          />
        </Group>
        <Select
          label={t("train.architecture")}
          description={architecture.description}
          value={architecture.key}
          onChange={(value) => {
            setKey(value ?? "");
            setPreset(null);
            setEdits({});
          }}
          data={architectures.map((item) => ({ value: item.key, label: item.title }))}
          allowDeselect={false}
        />
        {!architecture.weights_available && values.pretrained !== false && (
          <Alert color="orange" variant="light" p="xs" icon={<IconAlertTriangle size={16} />}>
            {t("train.noWeights", { title: architecture.title })}{" "}
            <Anchor component={Link} to="/weights" size="sm">
              {t("train.toWeights")}
            </Anchor>
          </Alert>
        )}
        <PresetCards
          presets={architecture.presets}
          value={presetKey}
          onChange={(value) => {
            setPreset(value);
            setEdits({});
          }}
        />
        <Accordion variant="contained" radius="md" chevronPosition="left">
          <Accordion.Item value="settings">
            <Accordion.Control>
              <Text size="sm">
                {t("train.settings")}{" "}
                {Object.keys(changed).length > 0 && (
                  <Text span size="xs" c="dimmed">
                    {t("train.changed", { count: Object.keys(changed).length })}
                  </Text>
                )}
              </Text>
            </Accordion.Control>
            <Accordion.Panel>
              <ParameterFields
                fields={architecture.config}
                values={values}
                columns={2}
                onChange={(field, value) => setEdits((current) => ({ ...current, [field]: value }))}
              />
            </Accordion.Panel>
          </Accordion.Item>
        </Accordion>
        <Group justify="space-between">
          <Text size="xs" c="dimmed" maw={400}>
            {architecture.licence}
          </Text>
          <Group gap="xs">
            <Button variant="default" onClick={onClose}>
              {t("actions.cancel")}
            </Button>
            <Button type="submit" loading={start.isPending}>
              {t("train.startSubmit")}
            </Button>
          </Group>
        </Group>
      </Stack>
    </form>
  );
}
