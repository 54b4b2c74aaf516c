/** What narrows the timeline: person, kind, days, one image. */
import { Button, Select, TextInput } from "@mantine/core";
import { IconFilterOff, IconX } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useSearchParams } from "react-router";
import { membersQuery } from "../../api/queries/projects";
import { useProjectId } from "../../parts/useProjectId";
import { filtersFromSearch, KINDS, withFilter } from "./filters";

const DAYS = ["since", "until"] as const;

export function TimelineBar() {
  const { t } = useTranslation();
  const [search, setSearch] = useSearchParams();
  const members = useQuery(membersQuery(useProjectId())).data ?? [];
  const filters = filtersFromSearch(search);
  const hasObject = search.has("object");
  const set = (key: string) => (value: string | null) => setSearch(withFilter(search, key, value));
  return (
    <>
      <Select
        aria-label={t("activity.author")}
        placeholder={t("activity.author")}
        data={members.map((member) => member.username)}
        value={filters.author ?? null}
        onChange={set("author")}
        w={140}
        clearable
      />
      <Select
        aria-label={t("activity.kind")}
        placeholder={t("activity.kind")}
        data={KINDS.map((value) => ({ value, label: t(`activity.kinds.${value}`) }))}
        value={filters.kind ?? null}
        onChange={set("kind")}
        w={170}
        clearable
      />
      {DAYS.map((key) => (
        <TextInput
          key={key}
          type="date"
          aria-label={t(`activity.${key}`)}
          title={t(`activity.${key}`)}
          value={filters[key] ?? ""}
          onChange={(event) => set(key)(event.currentTarget.value)}
          w={140}
        />
      ))}
      {filters.image !== undefined && (
        <Button variant="light" rightSection={<IconX size={13} />} onClick={() => set("image")(null)}>
          {hasObject ? t("activity.objectFilter") : t("activity.imageFilter", { id: filters.image })}
        </Button>
      )}
      {Object.keys(filters).length > 0 && (
        <Button
          variant="subtle"
          color="gray"
          leftSection={<IconFilterOff size={14} />}
          onClick={() => setSearch(new URLSearchParams())}
        >
          {t("activity.clear")}
        </Button>
      )}
    </>
  );
}
