/** Names the data set as it is now, with a split; the counts below are computed by the server while the sliders move. */
import { Button, Group, Modal, NumberInput, Select, Stack, Switch, Text, Textarea, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { type SubmitEvent, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { createVersion, versionPreviewQuery, versionsQuery } from "../../api/queries/versions";
import type { NewVersion } from "../../api/types";
import { Loaded } from "../../parts/Loaded";
import { SPLIT_COLORS } from "../../parts/splits";
import { useAction } from "../../parts/useAction";
import { useProjectId } from "../../parts/useProjectId";
import { sharesOf, SplitSlider } from "../../ui/SplitSlider";
import { StatisticsTable } from "./StatisticsTable";
import classes from "./Versions.module.css";

const PREVIEW_MS = 250;
const GROUPS = ["duplicate", "group", "tag", "none"] as const;

type GroupBy = (typeof GROUPS)[number];

type SplitRule = Omit<NewVersion, "name" | "notes">;

interface CreateVersionDialogProps {
  readonly opened: boolean;
  readonly onClose: () => void;
  readonly nextNumber: number;
}

export function CreateVersionDialog({ opened, onClose, nextNumber }: CreateVersionDialogProps) {
  const { t } = useTranslation();
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={t("versions.create")}
      size={900}
      closeButtonProps={{ "aria-label": t("actions.close") }}
    >
      <VersionForm onClose={onClose} suggested={t("versions.suggested", { number: nextNumber })} />
    </Modal>
  );
}

function VersionForm({ onClose, suggested }: { readonly onClose: () => void; readonly suggested: string }) {
  const { t } = useTranslation();
  const project = useProjectId();
  const [name, setName] = useState(suggested);
  const [notes, setNotes] = useState("");
  const [cuts, setCuts] = useState<[number, number]>([70, 90]);
  const [seed, setSeed] = useState(0);
  const [stratify, setStratify] = useState(true);
  const [imported, setImported] = useState(false);
  const [groupBy, setGroupBy] = useState<GroupBy>("duplicate");
  const [prefix, setPrefix] = useState("");
  const [pattern, setPattern] = useState("");
  const [sticky, setSticky] = useState<string | null>(null);
  const versions = useQuery(versionsQuery(project)).data ?? [];
  const rule = useMemo((): SplitRule => {
    const [train, val, test] = sharesOf(cuts);
    return {
      split: { train: train / 100, val: val / 100, test: test / 100 },
      seed,
      stratify,
      group_by: groupBy === "tag" ? `tag:${prefix}` : groupBy,
      use_fixed: imported,
      pattern,
      sticky: sticky === null ? null : Number(sticky),
    };
  }, [cuts, seed, stratify, groupBy, prefix, pattern, sticky, imported]);
  const create = useAction((input: NewVersion) => createVersion(project, input), {
    failure: t("versions.createFailed"),
    done: (version) => t("versions.created", { name: version.name }),
    invalidate: [["project", project, "versions"]],
    onSuccess: onClose,
  });
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    create.mutate({ ...rule, name: name.trim(), notes: notes.trim() });
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        <Group grow align="flex-start">
          <TextInput
            label={t("versions.name")}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            required
            withAsterisk={false}
            data-autofocus
          />
          <Textarea
            label={t("versions.notes")}
            value={notes}
            onChange={(event) => setNotes(event.currentTarget.value)}
            autosize
            minRows={1}
            maxRows={4}
          />
        </Group>
        <SplitSlider
          cuts={cuts}
          onChange={setCuts}
          shares={[
            { key: "train", label: t("split.train"), color: SPLIT_COLORS.train },
            { key: "val", label: t("split.val"), color: SPLIT_COLORS.val },
            { key: "test", label: t("split.test"), color: SPLIT_COLORS.test },
          ]}
          fromLabel={t("versions.firstCut")}
          toLabel={t("versions.secondCut")}
        />
        <Group align="flex-end" gap="md">
          <Select
            label={t("versions.groupByLabel")}
            value={groupBy}
            onChange={(value) => setGroupBy(value ?? "duplicate")}
            data={GROUPS.map((value) => ({ value, label: t(`versions.groupBy.${value}`) }))}
            allowDeselect={false}
            w={250}
          />
          {groupBy === "tag" && (
            <TextInput
              label={t("versions.prefixLabel")}
              placeholder={t("versions.prefixExample")}
              value={prefix}
              onChange={(event) => setPrefix(event.currentTarget.value)}
              w={140}
            />
          )}
          <NumberInput
            label={t("versions.seedLabel")}
            value={seed}
            onChange={(value) => setSeed(Number(value) || 0)}
            allowDecimal={false}
            allowNegative={false}
            w={90}
          />
          <Stack gap={4} pb={2}>
            <Switch
              label={t("versions.stratifyLabel")}
              checked={stratify}
              onChange={(event) => setStratify(event.currentTarget.checked)}
            />
            <Switch
              label={t("versions.importedLabel")}
              checked={imported}
              onChange={(event) => setImported(event.currentTarget.checked)}
            />
          </Stack>
        </Group>
        <Group align="flex-start" gap="md">
          <TextInput
            label={t("versions.patternLabel")}
            description={t("versions.patternHelp")}
            placeholder={t("versions.patternExample")}
            value={pattern}
            onChange={(event) => setPattern(event.currentTarget.value)}
            w={330}
          />
          <Select
            label={t("versions.stickyLabel")}
            description={t("versions.stickyHelp")}
            placeholder={t("versions.stickyNone")}
            value={sticky}
            onChange={setSticky}
            clearable
            data={versions.map((item) => ({
              value: String(item.id),
              label: t("compare.version", { number: item.number, name: item.name }),
            }))}
            w={330}
          />
        </Group>
        <Preview project={project} rule={rule} />
        <Group justify="space-between">
          <Text size="xs" c="dimmed" maw={420}>
            {t("versions.immutable")}
          </Text>
          <Group gap="xs">
            <Button variant="default" onClick={onClose}>
              {t("actions.cancel")}
            </Button>
            <Button type="submit" disabled={name.trim() === ""} loading={create.isPending}>
              {t("versions.createSubmit")}
            </Button>
          </Group>
        </Group>
      </Stack>
    </form>
  );
}

function Preview({ project, rule }: { readonly project: number; readonly rule: SplitRule }) {
  const { t } = useTranslation();
  const [settled] = useDebouncedValue(rule, PREVIEW_MS);
  const query = useQuery(versionPreviewQuery(project, settled));
  return (
    <div
      className={classes.preview}
      role="region"
      aria-label={t("versions.preview")}
      data-stale={query.isPlaceholderData || settled !== rule || undefined}
    >
      <Loaded query={query} rows={3}>
        {(statistics) => <StatisticsTable statistics={statistics} />}
      </Loaded>
    </div>
  );
}
