/** Options of the box tool: which points of an object give its box. */
import { SegmentedControl } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Session } from "../../../editor";
import { useEditor } from "../EditorContext";
import { useSignal } from "../useSignal";
import { OptionsBar } from "./OptionsBar";

const WAYS: readonly Session["boxBy"][] = ["corners", "extremes"];

export function BoxOptions() {
  const { t } = useTranslation();
  const editor = useEditor();
  const { boxBy } = useSignal(editor.session);
  return (
    <OptionsBar label={t("label.boxBy")}>
      <SegmentedControl
        size="xs"
        aria-label={t("label.boxBy")}
        value={boxBy}
        data={WAYS.map((way) => ({ value: way, label: t(`label.${way}`) }))}
        onChange={(way) => editor.drawing.setBoxBy(way)}
      />
    </OptionsBar>
  );
}
