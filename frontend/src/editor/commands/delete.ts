/** Owns the deletion of the selected objects. */

import { needsUnlocked, type CommandDefinition } from "./Command";

export const deleteSelected: CommandDefinition = {
  id: "delete",
  title: "Delete",
  group: "Edit",
  keys: ["Del", "Backspace"],
  scope: "selection",
  isEnabled: needsUnlocked,
  run: (editor) => editor.edits.remove(editor.selection.ids.get()),
};
