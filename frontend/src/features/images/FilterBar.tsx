/** The filters of the grid; each change is a change of the address. */
import { Button, Select, TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { IconArrowsSort, IconFilterOff, IconSearch } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { filterCount, type ImageFilters, withFilter } from "../../api/imageFilters";
import { versionsQuery } from "../../api/queries/versions";
import { RuleMenu } from "../../parts/rules/RuleMenu";
import { STATES } from "../../parts/StateBadge";
import { useProject, useProjectId } from "../../parts/useProjectId";
import { MeasureChips } from "./MeasureChips";
import { ScoreFilter } from "./ScoreFilter";

const REVIEWS = ["none", "waiting", "submitted", "returned", "fixed", "accepted"] as const;
const SOURCES = ["human", "import", "method", "run", "model"] as const;
const ORDERS = ["id", "-id", "name"] as const;
const SPLITS = ["train", "val", "test"] as const;
const TYPING_MS = 250;

interface FilterBarProps {
  readonly filters: ImageFilters;
  readonly onChange: (filters: ImageFilters) => void;
}

export function FilterBar({ filters, onChange }: FilterBarProps) {
  const { t } = useTranslation();
  const project = useProject();
  const versions = useQuery(versionsQuery(useProjectId()));
  const set = (key: keyof ImageFilters) => (value: string | null) => onChange(withFilter(filters, key, value));
  return (
    <>
      <TextFilter key={`q${filters.q ?? ""}`} label={t("filters.q")} value={filters.q ?? ""} onChange={set("q")} />
      <Choice
        label={t("filters.class")}
        value={filters.class}
        onChange={set("class")}
        data={(project?.classes ?? []).map((item) => ({ value: String(item.id), label: item.name }))}
      />
      <Choice
        label={t("filters.state")}
        value={filters.state}
        onChange={set("state")}
        data={STATES.map((value) => ({ value, label: t(`imageState.${value}`) }))}
      />
      <Choice
        label={t("filters.source")}
        value={filters.source}
        onChange={set("source")}
        data={SOURCES.map((value) => ({ value, label: t(`source.${value}`) }))}
      />
      <Choice
        label={t("filters.version")}
        value={filters.version}
        onChange={set("version")}
        data={(versions.data ?? []).map((item) => ({ value: String(item.id), label: item.name }))}
      />
      {filters.version !== undefined && (
        <Choice
          label={t("filters.split")}
          value={filters.split}
          onChange={set("split")}
          data={SPLITS.map((value) => ({ value, label: t(`split.${value}`) }))}
        />
      )}
      <Choice
        label={t("filters.predictions")}
        value={filters.has_predictions}
        onChange={set("has_predictions")}
        data={[
          { value: "true", label: t("filters.predictionsWait") },
          { value: "false", label: t("filters.predictionsNone") },
        ]}
      />
      <Choice
        label={t("filters.review")}
        value={filters.review}
        onChange={set("review")}
        data={REVIEWS.map((value) => ({ value, label: t(`review.filter.${value}`) }))}
      />
      <Choice
        label={t("filters.comments")}
        value={filters.open_comments}
        onChange={set("open_comments")}
        data={[
          { value: "true", label: t("filters.commentsOpen") },
          { value: "false", label: t("filters.commentsNone") },
        ]}
      />
      <ScoreFilter filters={filters} onChange={onChange} />
      <TextFilter
        key={`tag${filters.tag ?? ""}`}
        label={t("filters.tag")}
        value={filters.tag ?? ""}
        onChange={set("tag")}
        width={104}
      />
      <RuleMenu scope="images" text={filters.rules} onChange={set("rules")} label={t("rules.title")} />
      <MeasureChips filters={filters} onChange={onChange} />
      <Select
        aria-label={t("filters.order")}
        leftSection={<IconArrowsSort size={14} />}
        value={filters.order ?? "id"}
        onChange={(value) => onChange(withFilter(filters, "order", value === "id" ? null : value))}
        data={ORDERS.map((value) => ({ value, label: t(`order.${value}`) }))}
        w={142}
        ms="auto"
        allowDeselect={false}
      />
      {filterCount(filters) > 0 && (
        <Button
          variant="subtle"
          color="gray"
          leftSection={<IconFilterOff size={14} />}
          onClick={() => onChange(filters.order === undefined ? {} : { order: filters.order })}
        >
          {t("images.clearFilters")}
        </Button>
      )}
    </>
  );
}

interface ChoiceProps {
  readonly label: string;
  readonly value: string | undefined;
  readonly onChange: (value: string | null) => void;
  readonly data: { value: string; label: string }[];
}

function Choice({ label, value, onChange, data }: ChoiceProps) {
  return (
    <Select
      aria-label={label}
      placeholder={label}
      value={value ?? null}
      onChange={onChange}
      data={data}
      w={122}
      clearable
      searchable={data.length > 8}
      comboboxProps={{ width: 190, position: "bottom-start", transitionProps: { duration: 90 } }}
    />
  );
}

function TextFilter(props: {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly width?: number;
}) {
  const change = useDebouncedCallback(props.onChange, TYPING_MS);
  return (
    <TextInput
      aria-label={props.label}
      placeholder={props.label}
      leftSection={<IconSearch size={13} />}
      defaultValue={props.value}
      onChange={(event) => change(event.currentTarget.value)}
      w={props.width ?? 168}
    />
  );
}
