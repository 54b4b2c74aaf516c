/** What the skeleton tool expects next: how the class in hand is drawn. */
import { Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useEditor } from "../EditorContext";
import { useSignal } from "../useSignal";
import { OptionsBar } from "./OptionsBar";

export function SkeletonOptions() {
  const { t } = useTranslation();
  const editor = useEditor();
  const { activeClass } = useSignal(editor.session);
  const state = useSignal(editor.toolPath).split(".")[1];
  const template = useSignal(editor.classes).find((item) => item.classId === activeClass)?.skeleton ?? null;
  const drawn = template === null ? "plain" : template.places === undefined ? "named" : "template";
  return (
    <OptionsBar label={t("label.skeleton")}>
      <Text size="xs" c="dimmed">
        {state === "adjusting" ? t("label.skeletonHint.adjusting") : t(`label.skeletonHint.${drawn}`)}
      </Text>
    </OptionsBar>
  );
}
