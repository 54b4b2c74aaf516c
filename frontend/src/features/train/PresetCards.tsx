/** The presets of an architecture side by side, each with what it is for. */
import { Radio, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Preset } from "../../api/types";
import classes from "./Train.module.css";

interface PresetCardsProps {
  readonly presets: readonly Preset[];
  readonly value: string;
  readonly onChange: (key: string) => void;
}

export function PresetCards({ presets, value, onChange }: PresetCardsProps) {
  const { t } = useTranslation();
  if (presets.length === 0) return null;
  return (
    <Radio.Group label={t("train.preset")} value={value} onChange={onChange}>
      <div className={classes.presets}>
        {presets.map((preset) => (
          <Radio.Card key={preset.key} value={preset.key} className={classes.preset ?? ""} aria-label={preset.title}>
            <Text size="sm" fw={570}>
              {preset.title}
            </Text>
            <Text size="xs" c="dimmed">
              {preset.description}
            </Text>
          </Radio.Card>
        ))}
      </div>
    </Radio.Group>
  );
}
