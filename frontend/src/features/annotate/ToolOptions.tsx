/** What the tool in hand can be told: brush size, smart method. Floats over the canvas so that it costs no room. */
import { memo } from "react";
import { Slider, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useEditor } from "./EditorContext";
import { SmartPanel } from "./SmartPanel";
import { useSignal } from "./useSignal";
import classes from "./Annotate.module.css";

const BRUSHES: ReadonlySet<string> = new Set(["Mask"]);
const SMART: ReadonlySet<string> = new Set(["Smart"]);
const LARGEST_BRUSH = 200;

export const ToolOptions = memo(function ToolOptions() {
  const editor = useEditor();
  const { tool } = useSignal(editor.session);
  const group = editor.tools.find((item) => item.id === tool)?.group ?? "";
  if (BRUSHES.has(group)) return <BrushOptions />;
  return SMART.has(group) ? <SmartPanel /> : null;
});

function BrushOptions() {
  const { t } = useTranslation();
  const editor = useEditor();
  const { brushSize } = useSignal(editor.session);
  return (
    <div className={classes.options} role="group" aria-label={t("editor.brush")}>
      <Text size="xs" c="dimmed">
        {t("editor.brushSize")}
      </Text>
      <Slider
        w={140}
        size="sm"
        min={1}
        max={LARGEST_BRUSH}
        value={brushSize}
        onChange={(value) => editor.setBrushSize(value)}
        label={null}
        thumbLabel={t("editor.brushSize")}
      />
      <Text size="xs" className="num" w={44}>
        {t("editor.pixels", { value: Math.round(brushSize) })}
      </Text>
    </div>
  );
}
