/** The score filter: images with an object whose score lies between two bounds. */
import { Button, Popover, RangeSlider, Stack, Text } from "@mantine/core";
import { IconChevronDown } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { type ImageFilters, withFilter } from "../../api/imageFilters";
import classes from "./ImageGrid.module.css";

interface ScoreFilterProps {
  readonly filters: ImageFilters;
  readonly onChange: (filters: ImageFilters) => void;
}

export function ScoreFilter({ filters, onChange }: ScoreFilterProps) {
  const { t } = useTranslation();
  const low = Number(filters.min_score ?? 0);
  const high = Number(filters.max_score ?? 1);
  const [range, setRange] = useState<[number, number]>([low, high]);
  const active = filters.min_score !== undefined || filters.max_score !== undefined;
  const apply = ([from, to]: [number, number]) => {
    const lower = withFilter(filters, "min_score", from === 0 ? null : String(from));
    onChange(withFilter(lower, "max_score", to === 1 ? null : String(to)));
  };
  return (
    <Popover width={270} position="bottom-start" shadow="md" transitionProps={{ duration: 90 }}>
      <Popover.Target>
        <Button
          variant={active ? "light" : "default"}
          fw={450}
          className={active ? "" : (classes.idleFilter ?? "")}
          rightSection={<IconChevronDown size={13} color="var(--faint)" />}
          aria-label={t("filters.score")}
        >
          {filters.min_score !== undefined || filters.max_score !== undefined
            ? t("filters.scoreRange", { from: low, to: high })
            : t("filters.score")}
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <Stack gap="sm">
          <Text size="xs" c="dimmed">
            {t("filters.scoreHelp")}
          </Text>
          <RangeSlider
            min={0}
            max={1}
            step={0.01}
            minRange={0.01}
            value={range}
            onChange={setRange}
            onChangeEnd={apply}
            thumbFromLabel={t("filters.scoreFrom")}
            thumbToLabel={t("filters.scoreTo")}
            size="sm"
          />
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}
