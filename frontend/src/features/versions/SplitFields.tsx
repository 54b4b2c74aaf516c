/** How a version deals images to its splits; the counts below are computed by the server while the sliders move. */
import { Group, NumberInput, Select, Stack, Switch, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { versionPreviewQuery } from "../../api/queries/versions";
import type { Version } from "../../api/types";
import { Loaded } from "../../parts/Loaded";
import { SPLIT_COLORS } from "../../parts/splits";
import { useProjectId } from "../../parts/useProjectId";
import { SplitSlider } from "../../ui/SplitSlider";
import { GROUPS, type SplitDraft, type SplitRule } from "./split";
import { StatisticsTable } from "./StatisticsTable";
import classes from "./Versions.module.css";

const PREVIEW_MS = 250;

interface SplitFieldsProps {
  readonly draft: SplitDraft;
  readonly rule: SplitRule;
  readonly versions: readonly Version[];
  readonly onChange: (change: Partial<SplitDraft>) => void;
}

export function SplitFields({ draft, rule, versions, onChange }: SplitFieldsProps) {
  const { t } = useTranslation();
  return (
    <Stack gap="md">
      <SplitSlider
        cuts={draft.cuts}
        onChange={(cuts) => onChange({ cuts })}
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
          value={draft.groupBy}
          onChange={(value) => onChange({ groupBy: value ?? "duplicate" })}
          data={GROUPS.map((value) => ({ value, label: t(`versions.groupBy.${value}`) }))}
          allowDeselect={false}
          w={250}
        />
        {draft.groupBy === "tag" && (
          <TextInput
            label={t("versions.prefixLabel")}
            placeholder={t("versions.prefixExample")}
            value={draft.prefix}
            onChange={(event) => onChange({ prefix: event.currentTarget.value })}
            w={140}
          />
        )}
        <NumberInput
          label={t("versions.seedLabel")}
          value={draft.seed}
          onChange={(value) => onChange({ seed: Number(value) || 0 })}
          allowDecimal={false}
          allowNegative={false}
          w={90}
        />
        <Stack gap={4} pb={2}>
          <Switch
            label={t("versions.stratifyLabel")}
            checked={draft.stratify}
            onChange={(event) => onChange({ stratify: event.currentTarget.checked })}
          />
          <Switch
            label={t("versions.importedLabel")}
            checked={draft.imported}
            onChange={(event) => onChange({ imported: event.currentTarget.checked })}
          />
        </Stack>
      </Group>
      <Group align="flex-start" gap="md">
        <TextInput
          label={t("versions.patternLabel")}
          description={t("versions.patternHelp")}
          placeholder={t("versions.patternExample")}
          value={draft.pattern}
          onChange={(event) => onChange({ pattern: event.currentTarget.value })}
          w={330}
        />
        <Select
          label={t("versions.stickyLabel")}
          description={t("versions.stickyHelp")}
          placeholder={t("versions.stickyNone")}
          value={draft.sticky}
          onChange={(sticky) => onChange({ sticky })}
          clearable
          data={versions.map((item) => ({
            value: String(item.id),
            label: t("compare.version", { number: item.number, name: item.name }),
          }))}
          w={330}
        />
      </Group>
      <Counts rule={rule} />
    </Stack>
  );
}

function Counts({ rule }: { readonly rule: SplitRule }) {
  const { t } = useTranslation();
  const [settled] = useDebouncedValue(rule, PREVIEW_MS);
  const query = useQuery(versionPreviewQuery(useProjectId(), settled));
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
