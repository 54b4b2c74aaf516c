/** What narrows the list besides the controls of the bar: each is a chip that a click takes away. */
import { Button } from "@mantine/core";
import { IconX } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { type ImageFilters, withFilter } from "../../api/imageFilters";
import { healthQuery } from "../../api/queries/health";
import { useProject, useProjectId } from "../../parts/useProjectId";
import { type Measure, measuresOf, shortNumber } from "./measures";

interface MeasureChipsProps {
  readonly filters: ImageFilters;
  readonly onChange: (filters: ImageFilters) => void;
}

export function MeasureChips({ filters, onChange }: MeasureChipsProps) {
  const { t } = useTranslation();
  const words = useMeasureWords(filters.finding !== undefined);
  return measuresOf(filters).map((measure) => (
    <Button
      key={measure.name}
      variant="light"
      fw={450}
      rightSection={<IconX size={13} />}
      aria-label={t("filters.remove", { name: words(measure) })}
      onClick={() => onChange(measure.keys.reduce((rest, key) => withFilter(rest, key, null), filters))}
    >
      {words(measure)}
    </Button>
  ));
}

/** The names of checks are asked for only where one is meant. */
function useMeasureWords(withChecks: boolean): (measure: Measure) => string {
  const { t } = useTranslation();
  const project = useProject();
  const checks = useQuery({ ...healthQuery(useProjectId()), enabled: withChecks }).data?.checks ?? [];
  const checkName = (value: string): string => {
    const [key = "", code] = value.split(":", 2);
    const check = checks.find((item) => item.key === key);
    const rule = check?.rules.find((item) => item.code === code);
    return rule?.title ?? check?.title ?? key;
  };
  const className = (id: string) => project?.classes.find((item) => String(item.id) === id)?.name ?? id;
  return (measure) => {
    if (measure.kind === "range") {
      const [from, to] = [shortNumber(measure.from ?? ""), shortNumber(measure.to ?? "")];
      const range =
        measure.to === undefined
          ? t("filters.from", { from })
          : measure.from === undefined
            ? t("filters.to", { to })
            : from === to
              ? from
              : t("filters.between", { from, to });
      return t(`filters.range.${measure.name}`, { range });
    }
    const { name, value } = measure;
    switch (name) {
      case "finding":
        return t("filters.finding", { check: checkName(value) });
      case "annotator":
        return t("filters.annotator", { value });
      case "with_class":
        return t("filters.withClass", { name: className(value) });
      case "type":
        return t("filters.type", { value: t(`shape.${value as "box"}`, value) });
      case "object_size":
        return t("filters.objectSize", { value: t(`statistics.size.${value as "small"}`, value) });
      case "cell": {
        const [column, row] = value.split(",").map((part) => Number(part) + 1);
        return t("filters.cell", { column, row });
      }
      case "file_format":
        return t("filters.fileFormat", { value });
    }
  };
}
