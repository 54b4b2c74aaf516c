/** Zoom and view settings, in the corner of the canvas. */
import { Popover, UnstyledButton } from "@mantine/core";
import { IconAspectRatio, IconEye, IconMinus, IconPlus } from "@tabler/icons-react";
import { memo, Suspense, useEffect, useSyncExternalStore } from "react";
import { useTranslation } from "react-i18next";
import { useActionKeys } from "../../parts/keys/useActionKeys";
import { deferred } from "../../ui/deferred";
import { IconButton } from "../../ui/IconButton";
import { useEditor } from "./EditorContext";
import { formatShare } from "../../ui/format";
import classes from "./Annotate.module.css";

const STORED = "view-settings";
const KEPT = ["opacity", "colorBy", "outlines", "labels", "crosshair", "pixelGrid"] as const;

const ViewSettings = deferred(async () => (await import("./ViewSettings")).ViewSettings);

export const ViewControls = memo(function ViewControls() {
  const { t } = useTranslation();
  const editor = useEditor();
  const keysOf = useActionKeys();
  useStoredSettings();
  return (
    <div className={classes.view} role="group" aria-label={t("view.title")}>
      <IconButton label={t("view.zoomOut")} keys={keysOf("zoom-out")} onClick={() => editor.run("zoom-out")} side="top">
        <IconMinus size={15} />
      </IconButton>
      <ZoomButton />
      <IconButton label={t("view.zoomIn")} keys={keysOf("zoom-in")} onClick={() => editor.run("zoom-in")} side="top">
        <IconPlus size={15} />
      </IconButton>
      <IconButton label={t("view.fit")} keys={keysOf("fit")} onClick={() => editor.run("fit")} side="top">
        <IconAspectRatio size={16} />
      </IconButton>
      <Popover width={260} position="top-end" shadow="md" transitionProps={{ duration: 90 }}>
        <Popover.Target>
          <IconButton label={t("view.settings")} side="bottom">
            <IconEye size={16} />
          </IconButton>
        </Popover.Target>
        <Popover.Dropdown>
          <Suspense>
            <ViewSettings />
          </Suspense>
        </Popover.Dropdown>
      </Popover>
    </div>
  );
});

/** Alone, as it is what changes on every frame of a zoom. */
function ZoomButton() {
  const { t } = useTranslation();
  const editor = useEditor();
  const { state } = editor.camera;
  const zoom = useSyncExternalStore(state.subscribe, () => formatShare(state.get().zoom));
  return (
    <UnstyledButton
      className={`${classes.zoom ?? ""} num`}
      aria-label={`${zoom}: ${t("view.actualSize")}`}
      onClick={() => editor.run("actual-size")}
    >
      {zoom}
    </UnstyledButton>
  );
}

/** Brightness and contrast belong to a picture; the rest is a habit and is remembered. */
function useStoredSettings(): void {
  const editor = useEditor();
  useEffect(() => {
    try {
      editor.updateSettings(JSON.parse(localStorage.getItem(STORED) ?? "{}") as object);
    } catch {
      localStorage.removeItem(STORED);
    }
    return editor.settings.subscribe(() => {
      const settings = editor.settings.get();
      localStorage.setItem(STORED, JSON.stringify(Object.fromEntries(KEPT.map((key) => [key, settings[key]]))));
    });
  }, [editor]);
}
