/** Chooses one side of a comparison: a version, a recent revision, or (for the second side) now. */
import { Select } from "@mantine/core";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { revisionsQuery } from "../../api/queries/revisions";
import { versionsQuery } from "../../api/queries/versions";
import { useProjectId } from "../../parts/useProjectId";

interface EndSelectProps {
  readonly label: string;
  readonly value: string | null;
  readonly withNow?: boolean;
  readonly onChange: (choice: string) => void;
}

export function EndSelect({ label, value, withNow = false, onChange }: EndSelectProps) {
  const { t } = useTranslation();
  const project = useProjectId();
  const versions = useQuery(versionsQuery(project)).data ?? [];
  const revisions = useInfiniteQuery(revisionsQuery(project)).data?.pages.flatMap((page) => page.results) ?? [];
  const named = versions.map((item) => ({
    value: `v${item.id}`,
    label: t("compare.version", { number: item.number, name: item.name }),
  }));
  const numbered = revisions.map((item) => ({
    value: `r${item.number}`,
    label: `${t("compare.revision", { number: item.number })} · ${item.message === "" ? item.kind : item.message}`,
  }));
  const isListed = [...named, ...numbered].some((item) => item.value === value) || value === "now";
  const plain = value === null || isListed ? [] : [{ value, label: t("compare.revision", { number: value.slice(1) }) }];
  return (
    <Select
      aria-label={label}
      placeholder={label}
      leftSection={<span style={{ fontSize: 11, color: "var(--dim)" }}>{label}</span>}
      leftSectionWidth={54}
      w={320}
      searchable
      allowDeselect={false}
      value={value}
      onChange={(choice) => choice !== null && onChange(choice)}
      data={[
        ...(withNow ? [{ value: "now", label: t("compare.now") }] : []),
        ...plain,
        { group: t("versions.title"), items: named },
        { group: t("activity.title"), items: numbered },
      ]}
      comboboxProps={{ width: 420, position: "bottom-start", transitionProps: { duration: 90 } }}
    />
  );
}
