/** Switches snapping, and whether shared vertices are dragged in all objects; both are as they were left. */
import { IconLink, IconMagnet } from "@tabler/icons-react";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import type { Editor } from "../../editor";
import { IconButton } from "../../ui/IconButton";
import { useEditor } from "./EditorContext";
import { useSignal } from "./useSignal";
import classes from "./Annotate.module.css";

const STORED = "snapping";

export function SnapToggles() {
  const { t } = useTranslation();
  const editor = useEditor();
  const { snapping, sharedVertices } = useSignal(editor.session);
  useStoredSwitches(editor);
  return (
    <div className={classes.toolGroup}>
      <IconButton
        label={t("outline.snapping")}
        keys={editor.keymap.keysOf("snapping")}
        active={snapping}
        side="right"
        size={34}
        onClick={() => editor.run("snapping")}
      >
        <IconMagnet size={19} stroke={1.6} />
      </IconButton>
      <IconButton
        label={t("outline.sharedVertices")}
        keys={editor.keymap.keysOf("shared-vertices")}
        active={sharedVertices}
        side="right"
        size={34}
        onClick={() => editor.run("shared-vertices")}
      >
        <IconLink size={19} stroke={1.6} />
      </IconButton>
    </div>
  );
}

function useStoredSwitches(editor: Editor): void {
  useEffect(() => {
    const stored = localStorage.getItem(STORED)?.split(" ") ?? [];
    editor.drawing.setSnapping(stored.includes("snapping"));
    editor.drawing.setSharedVertices(stored.includes("shared"));
    return editor.session.subscribe(() => {
      const { snapping, sharedVertices } = editor.session.get();
      localStorage.setItem(STORED, [snapping && "snapping", sharedVertices && "shared"].filter(Boolean).join(" "));
    });
  }, [editor]);
}
