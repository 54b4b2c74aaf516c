/** What a drag of the smart tool draws, and the selected object as what it is shown. */
import { SegmentedControl, Slider, Text } from "@mantine/core";
import { IconMarquee2 } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { SmartMethod } from "../../../api/types";
import { IconButton } from "../../../ui/IconButton";
import { useEditor } from "../EditorContext";
import { useSignal } from "../useSignal";

const DRAGS = ["box", "stroke"] as const;
const WIDEST = 60;

export function SmartPrompting({ method }: { readonly method: SmartMethod }) {
  const { t } = useTranslation();
  const editor = useEditor();
  const { smart } = useSignal(editor.session);
  const selection = useSignal(editor.selection);
  const { box, strokes } = method.prompts;
  return (
    <>
      {box && strokes && (
        <SegmentedControl
          aria-label={t("smart.drag")}
          value={smart.drag}
          onChange={(drag) => editor.setSmartDrag({ drag })}
          data={DRAGS.map((value) => ({ value, label: t(`smart.drags.${value}`) }))}
        />
      )}
      {strokes && (!box || smart.drag === "stroke") && (
        <>
          <Text size="xs" c="dimmed">
            {t("smart.width")}
          </Text>
          <Slider
            w={80}
            size="sm"
            min={1}
            max={WIDEST}
            value={smart.strokeWidth}
            onChange={(strokeWidth) => editor.setSmartDrag({ strokeWidth })}
            label={null}
            thumbLabel={t("smart.width")}
          />
          <Text size="xs" className="num" w={40}>
            {t("editor.pixels", { value: smart.strokeWidth })}
          </Text>
        </>
      )}
      {box && selection.size === 1 && (
        <IconButton label={t("smart.useSelected")} onClick={() => editor.promptSelected()}>
          <IconMarquee2 size={17} />
        </IconButton>
      )}
    </>
  );
}
