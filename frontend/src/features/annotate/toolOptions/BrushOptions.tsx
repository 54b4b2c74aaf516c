/** Options of the tools that change masks: size and tip of the brush, and whether others' pixels stay theirs. */
import { SegmentedControl, Slider, Switch, Text } from "@mantine/core";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import type { BrushSettings, Editor } from "../../../editor";
import { useEditor } from "../EditorContext";
import { useSignal } from "../useSignal";
import { formatDecimal } from "../../../ui/format";
import { OptionsBar } from "./OptionsBar";

const STORED = "brush";
const TIPS = ["round", "square"] as const;
const PAINTING: ReadonlySet<string> = new Set(["brush", "eraser"]);
const ADDING: ReadonlySet<string> = new Set(["brush", "wand", "mask-add", "fill"]);
const HINTS = {
  "mask-add": "mask.hint.add",
  "mask-cut": "mask.hint.cut",
  fill: "mask.hint.fill",
  wand: "mask.hint.wand",
} as const;
/** The slider goes this far; keys and wheel go further. */
const SLIDER_END = 200;
const MOST_TOLERANCE = 2;

export function BrushOptions() {
  const { t } = useTranslation();
  const editor = useEditor();
  const { brush, tool } = useSignal(editor.session);
  const hint = HINTS[tool as keyof typeof HINTS] as (typeof HINTS)[keyof typeof HINTS] | undefined;
  useStoredBrush(editor);
  return (
    <OptionsBar label={t("mask.title")}>
      {PAINTING.has(tool) && <Tip brush={brush} onChange={(change) => editor.masks.setBrush(change)} />}
      {tool === "wand" && <Tolerance brush={brush} onChange={(change) => editor.masks.setBrush(change)} />}
      {ADDING.has(tool) && (
        <Switch
          size="xs"
          label={t("mask.keepOthers")}
          checked={brush.keepOthers}
          onChange={(event) => editor.masks.setBrush({ keepOthers: event.currentTarget.checked })}
        />
      )}
      {hint !== undefined && (
        <Text size="xs" c="dimmed">
          {t(hint)}
        </Text>
      )}
    </OptionsBar>
  );
}

interface TipProps {
  readonly brush: BrushSettings;
  readonly onChange: (change: Partial<BrushSettings>) => void;
}

function Tip({ brush, onChange }: TipProps) {
  const { t } = useTranslation();
  return (
    <>
      <Text size="xs" c="dimmed">
        {t("mask.size")}
      </Text>
      <Slider
        w={120}
        size="sm"
        min={1}
        max={SLIDER_END}
        value={Math.min(brush.size, SLIDER_END)}
        onChange={(size) => onChange({ size })}
        label={null}
        thumbLabel={t("mask.size")}
      />
      <Text size="xs" className="num" w={46}>
        {t("editor.pixels", { value: brush.size })}
      </Text>
      <SegmentedControl
        aria-label={t("mask.tip")}
        value={brush.tip}
        onChange={(tip) => onChange({ tip })}
        data={TIPS.map((value) => ({ value, label: t(`mask.tips.${value}`) }))}
      />
      <Switch
        size="xs"
        label={t("mask.pressure")}
        checked={brush.pressure}
        onChange={(event) => onChange({ pressure: event.currentTarget.checked })}
      />
    </>
  );
}

function Tolerance({ brush, onChange }: TipProps) {
  const { t } = useTranslation();
  return (
    <>
      <Text size="xs" c="dimmed">
        {t("outline.tolerance")}
      </Text>
      <Slider
        w={120}
        size="sm"
        min={0.05}
        max={MOST_TOLERANCE}
        step={0.05}
        value={Math.min(brush.tolerance, MOST_TOLERANCE)}
        onChange={(tolerance) => onChange({ tolerance })}
        label={null}
        thumbLabel={t("outline.tolerance")}
      />
      <Text size="xs" className="num" w={34}>
        {formatDecimal(brush.tolerance)}
      </Text>
    </>
  );
}

/** The brush is as it was left. */
function useStoredBrush(editor: Editor): void {
  useEffect(() => {
    try {
      editor.masks.setBrush(JSON.parse(localStorage.getItem(STORED) ?? "{}") as Partial<BrushSettings>);
    } catch {
      localStorage.removeItem(STORED);
    }
    return editor.session.subscribe(() => localStorage.setItem(STORED, JSON.stringify(editor.session.get().brush)));
  }, [editor]);
}
