/** What the knife expects next, and what it will cut. */
import { Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useEditor } from "../EditorContext";
import { useSignal } from "../useSignal";
import { OptionsBar } from "./OptionsBar";

export function SliceOptions() {
  const { t } = useTranslation();
  const editor = useEditor();
  const { size } = useSignal(editor.selection);
  return (
    <OptionsBar label={t("outline.slice")}>
      <Text size="xs" c="dimmed">
        {t(size > 0 ? "outline.sliceSelected" : "outline.sliceAll")}
      </Text>
    </OptionsBar>
  );
}
