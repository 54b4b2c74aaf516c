/** How picture and objects are shown. */
import { SegmentedControl, Slider, Stack, Switch, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { formatDecimal } from "../../ui/format";
import { useEditor } from "./EditorContext";
import { useSignal } from "./useSignal";

const COLOR_BY = ["class", "object", "source"] as const;
const SLIDERS = ["brightness", "contrast", "opacity"] as const;
const SWITCHES = ["outlines", "labels", "crosshair", "pixelGrid"] as const;

export function ViewSettings() {
  const { t } = useTranslation();
  const editor = useEditor();
  const settings = useSignal(editor.settings);
  return (
    <Stack gap="sm">
      {SLIDERS.map((key) => (
        <div key={key}>
          <Text size="xs" mb={2}>
            {t(`view.${key}`)}
          </Text>
          <Slider
            size="sm"
            min={key === "opacity" ? 0 : 0.2}
            max={key === "opacity" ? 1 : 3}
            step={0.05}
            value={settings[key]}
            onChange={(value) => editor.updateSettings({ [key]: value })}
            onDoubleClick={() => editor.updateSettings({ [key]: key === "opacity" ? 0.25 : 1 })}
            label={(value) => formatDecimal(value)}
            thumbLabel={t(`view.${key}`)}
          />
        </div>
      ))}
      <div>
        <Text size="xs" mb={4}>
          {t("view.colorBy")}
        </Text>
        <SegmentedControl
          fullWidth
          aria-label={t("view.colorBy")}
          value={settings.colorBy}
          onChange={(value) => editor.updateSettings({ colorBy: value })}
          data={COLOR_BY.map((value) => ({ value, label: t(`view.by.${value}`) }))}
        />
      </div>
      {SWITCHES.map((key) => (
        <Switch
          key={key}
          label={t(`view.${key}`)}
          checked={settings[key]}
          onChange={(event) => editor.updateSettings({ [key]: event.currentTarget.checked })}
        />
      ))}
    </Stack>
  );
}
