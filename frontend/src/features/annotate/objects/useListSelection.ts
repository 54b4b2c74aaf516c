/** How clicks and keys in the list select: plain, with Ctrl one more or less, with Shift from the last one on. */
import { type KeyboardEvent, type MouseEvent, useCallback, useEffect, useRef, useState } from "react";
import { useEditor } from "../EditorContext";
import { useSignal } from "../useSignal";
import { between, indexOf, moved, type ObjectEntry } from "./listing";

interface Held {
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly shiftKey: boolean;
}

const TOGGLED: Held = { ctrlKey: true, metaKey: false, shiftKey: false };

interface ListSelection {
  /** The row that the keys move from. */
  readonly active: string | null;
  readonly onPick: (id: string, event: MouseEvent) => void;
  readonly onKeyDown: (event: KeyboardEvent) => void;
}

/** `page`: rows that fit into the view. */
export function useListSelection(entries: readonly ObjectEntry[], page: () => number): ListSelection {
  const editor = useEditor();
  const selection = useSignal(editor.selection);
  const [active, setActive] = useState<string | null>(null);
  const anchor = useRef<string | null>(null);
  const shown = useRef(entries);
  useEffect(() => {
    shown.current = entries;
  }, [entries]);

  // What is selected on the canvas is where the list goes on from.
  const only = selection.size === 1 ? ([...selection][0] ?? null) : null;
  const [followed, setFollowed] = useState(only);
  if (only !== followed) {
    setFollowed(only);
    if (only !== null) setActive(only);
  }
  useEffect(() => {
    if (only !== null) anchor.current = only;
  }, [only]);

  const pick = useCallback(
    (id: string, held: Held) => {
      setActive(id);
      if (held.shiftKey) {
        const range = between(shown.current, anchor.current, id);
        editor.select(range, { add: held.ctrlKey || held.metaKey });
        return;
      }
      anchor.current = id;
      const now = editor.selection.get();
      if (!held.ctrlKey && !held.metaKey) editor.select([id], { reveal: true });
      else if (now.has(id)) editor.select([...now].filter((other) => other !== id));
      else editor.select([id], { add: true });
    },
    [editor],
  );

  const onKeyDown = (event: KeyboardEvent) => {
    const at = indexOf(entries, active);
    const target = entries[moved(event.key, at, entries.length, page()) ?? -1];
    const here = entries[at];
    if (target !== undefined) pick(target.object.id, event);
    else if (event.key === " " && here !== undefined) pick(here.object.id, TOGGLED);
    else if (event.key === "Enter" && here !== undefined) editor.zoomTo(here.object.id);
    else {
      // Leaves the list by Tab; every other key is the editor's.
      if (event.key === "Tab") event.stopPropagation();
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  };
  return { active, onPick: pick, onKeyDown };
}
