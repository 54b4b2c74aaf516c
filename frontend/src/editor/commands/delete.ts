/** Owns the deletion of the selected objects, or of the selected vertices of one. */

import type { EditorContext } from "../context";
import { shapeUtil } from "../shapes";
import { selectedVertices } from "../tools/select/vertices";
import { needsUnlocked, type CommandDefinition } from "./Command";

export const deleteSelected: CommandDefinition = {
  id: "delete",
  title: "Delete",
  group: "Edit",
  keys: ["Del", "Backspace"],
  scope: "selection",
  isEnabled: needsUnlocked,
  run: (editor) => {
    if (selectedVertices(editor) === null) editor.edits.remove(editor.selection.ids.get());
    else deleteVertices(editor);
  },
};

/** Where too few would be left for an object, all of them stay. */
function deleteVertices(editor: EditorContext): void {
  const chosen = selectedVertices(editor);
  const shape = chosen && shapeUtil(chosen.record.shape).editVertices(chosen.record.shape, chosen.handles, () => null);
  if (!shape) return;
  editor.edits.patch([chosen.record.id], { shape }, "Delete vertices");
  editor.selection.setVertices(new Set());
}
