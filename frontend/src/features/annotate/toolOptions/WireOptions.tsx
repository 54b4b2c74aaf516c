/** Options of the live wire: how far edges draw it, and how far its outline may differ from it. */
import { Slider, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { formatShare } from "../../../ui/format";
import { useEditor } from "../EditorContext";
import { useSignal } from "../useSignal";
import { OptionsBar } from "./OptionsBar";

const MOST_TOLERANCE = 8;

export function WireOptions() {
  const { t } = useTranslation();
  const editor = useEditor();
  const { pull, tolerance } = useSignal(editor.session).wire;
  return (
    <OptionsBar label={t("outline.wire")}>
      <Text size="xs" c="dimmed">
        {t("outline.pull")}
      </Text>
      <Slider
        w={100}
        size="sm"
        min={0}
        max={1}
        step={0.05}
        value={pull}
        onChange={(value) => editor.drawing.setWire({ pull: value })}
        label={null}
        thumbLabel={t("outline.pull")}
      />
      <Text size="xs" className="num" w={34}>
        {formatShare(pull)}
      </Text>
      <Text size="xs" c="dimmed">
        {t("outline.tolerance")}
      </Text>
      <Slider
        w={100}
        size="sm"
        min={0}
        max={MOST_TOLERANCE}
        step={0.25}
        value={tolerance}
        onChange={(value) => editor.drawing.setWire({ tolerance: value })}
        label={null}
        thumbLabel={t("outline.tolerance")}
      />
      <Text size="xs" className="num" w={46}>
        {t("editor.pixels", { value: tolerance })}
      </Text>
      <Text size="xs" c="dimmed" maw={560}>
        {t("outline.wireHint")}
      </Text>
    </OptionsBar>
  );
}
