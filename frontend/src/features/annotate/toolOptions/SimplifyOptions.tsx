/** Options of the tool that simplifies outlines: the tolerance, and how many points it leaves. */
import { Button, Slider, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useEditor } from "../EditorContext";
import { useSignal } from "../useSignal";
import { OptionsBar } from "./OptionsBar";
import classes from "./ToolOptions.module.css";

/** The slider goes by powers of ten, from a tenth of a pixel to a hundred; the wheel goes further. */
const START = -1;
const END = 2;
const MOST_SMOOTH = 8;

export function SimplifyOptions() {
  const { t } = useTranslation();
  const editor = useEditor();
  const { simplifyTolerance: tolerance, readOnly } = useSignal(editor.session);
  const selection = useSignal(editor.selection);
  const objects = useSignal(editor.objects);
  const masks = objects.some(({ id, shape }) => shape.type === "mask" && selection.has(id));
  const { before, after } = editor.outlines.countVertices();
  return (
    <OptionsBar label={t("outline.simplify")}>
      <Text size="xs" c="dimmed">
        {t("outline.tolerance")}
      </Text>
      <Slider
        w={160}
        size="sm"
        min={START}
        max={END}
        step={0.02}
        value={Math.min(Math.max(Math.log10(tolerance), START), END)}
        onChange={(power) => editor.outlines.setTolerance(Math.round(10 ** power * 10) / 10)}
        label={null}
        thumbLabel={t("outline.tolerance")}
      />
      <Text size="xs" className={`num ${classes.value}`}>
        {t("editor.pixels", { value: tolerance })}
      </Text>
      {masks && <Smoothing />}
      {before === 0 ? (
        <Text size="xs" c="dimmed">
          {t("outline.choose")}
        </Text>
      ) : (
        <>
          <Text size="xs" c="dimmed" className="num" role="status">
            {t("outline.points", { before, after })}
          </Text>
          <Button
            size="compact-xs"
            disabled={readOnly || (after === before && !masks)}
            onClick={() => editor.outlines.simplify()}
          >
            {t(masks ? "outline.toPolygon" : "outline.keep")}
          </Button>
        </>
      )}
    </OptionsBar>
  );
}

function Smoothing() {
  const { t } = useTranslation();
  const editor = useEditor();
  const { outlineSmoothing } = useSignal(editor.session);
  return (
    <>
      <Text size="xs" c="dimmed">
        {t("outline.smoothing")}
      </Text>
      <Slider
        w={80}
        size="sm"
        min={0}
        max={MOST_SMOOTH}
        value={outlineSmoothing}
        onChange={(pixels) => editor.outlines.setSmoothing(pixels)}
        label={null}
        thumbLabel={t("outline.smoothing")}
      />
      <Text size="xs" className="num">
        {t("editor.pixels", { value: outlineSmoothing })}
      </Text>
    </>
  );
}
