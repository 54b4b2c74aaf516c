/** While snapping is on: how the polygon tool follows a neighbour's border. */
import { Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useEditor } from "../EditorContext";
import { useSignal } from "../useSignal";
import { OptionsBar } from "./OptionsBar";

export function PolygonOptions() {
  const { t } = useTranslation();
  const editor = useEditor();
  const { snapping } = useSignal(editor.session);
  if (!snapping) return null;
  return (
    <OptionsBar label={t("outline.following")}>
      <Text size="xs" c="dimmed">
        {t("outline.followingHint")}
      </Text>
    </OptionsBar>
  );
}
