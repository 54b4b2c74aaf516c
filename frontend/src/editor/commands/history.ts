/** Owns undo and redo; while an object is being drawn, undo takes back its last step. */

import type { CommandDefinition } from "./Command";

export const undo: CommandDefinition = {
  id: "undo",
  title: "Undo",
  group: "Edit",
  keys: ["Ctrl+Z"],
  scope: "global",
  isEnabled: (editor) =>
    editor.history.state.get().canUndo || editor.isDrafting() ? true : "There is nothing to undo.",
  run: (editor) => {
    if (editor.undoDraft() || editor.cancelTool()) return;
    editor.history.undo();
  },
};

export const redo: CommandDefinition = {
  id: "redo",
  title: "Redo",
  group: "Edit",
  keys: ["Ctrl+Shift+Z", "Ctrl+Y"],
  scope: "global",
  isEnabled: (editor) => (editor.history.state.get().canRedo ? true : "There is nothing to redo."),
  run: (editor) => {
    if (!editor.isDrafting()) editor.history.redo();
  },
};
