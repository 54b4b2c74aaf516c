/** The eye and the lock of one object or of all of a class; with some of each, a press is for all. */
import { IconEye, IconEyeOff, IconLock, IconLockOpen } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { AnnotationRecord } from "../../../editor";
import { useEditor } from "../EditorContext";
import classes from "./Objects.module.css";

interface LayerTogglesProps {
  readonly objects: readonly AnnotationRecord[];
  /** What they are called together. */
  readonly name: string;
  /** Inside a list that is walked by keys of its own. */
  readonly skipped?: boolean;
}

export function LayerToggles({ objects, name, skipped = false }: LayerTogglesProps) {
  const { t } = useTranslation();
  const editor = useEditor();
  const hidden = objects.every((object) => object.hidden);
  const locked = objects.every((object) => object.locked);
  const patch = (change: { hidden: boolean } | { locked: boolean }, step: string) =>
    editor.patch(
      objects.map((object) => object.id),
      change,
      step,
    );
  const reach = skipped ? { tabIndex: -1 } : {};
  return (
    <span className={classes.toggles}>
      <button
        type="button"
        className={classes.toggle}
        aria-label={t(hidden ? "editor.show" : "editor.hide", { object: name })}
        aria-pressed={hidden}
        onClick={() => patch({ hidden: !hidden }, t("editor.hiding"))}
        {...reach}
      >
        {hidden ? <IconEyeOff size={13} /> : <IconEye size={13} />}
      </button>
      <button
        type="button"
        className={classes.toggle}
        aria-label={t(locked ? "editor.unlock" : "editor.lock", { object: name })}
        aria-pressed={locked}
        onClick={() => patch({ locked: !locked }, t("editor.locking"))}
        {...reach}
      >
        {locked ? <IconLock size={13} /> : <IconLockOpen size={13} />}
      </button>
    </span>
  );
}
