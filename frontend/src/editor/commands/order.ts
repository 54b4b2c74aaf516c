/** Owns which objects lie over which. */

import type { EditorContext } from "../context";
import { needsSelection, type CommandDefinition } from "./Command";

export const back: CommandDefinition = {
  id: "back",
  title: "To the back",
  group: "Object",
  keys: ["-"],
  scope: "selection",
  isEnabled: needsSelection,
  run: (editor) => place(editor, "To the back", Math.min(...others(editor)) - 1),
};

export const front: CommandDefinition = {
  id: "front",
  title: "To the front",
  group: "Object",
  keys: ["+", "="],
  scope: "selection",
  isEnabled: needsSelection,
  run: (editor) => place(editor, "To the front", Math.max(...others(editor)) + 1),
};

/** The layers of what is not selected. */
function others(editor: EditorContext): readonly number[] {
  const rest = editor.store.annotations.get().filter((record) => !editor.selection.has(record.id));
  return rest.length === 0 ? [0] : [...new Set(rest.map((record) => record.zOrder))];
}

function place(editor: EditorContext, name: string, zOrder: number): void {
  editor.edits.patch(editor.selection.ids.get(), { zOrder }, name);
}
