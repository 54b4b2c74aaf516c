/** Owns what is selected: all, none, the next and the previous object. */

import type { EditorContext } from "../context";
import { shapeUtil } from "../shapes";
import { isVisible } from "../view/HitTester";
import { needsImage, type CommandDefinition } from "./Command";

export const selectAll: CommandDefinition = {
  id: "select-all",
  title: "Select all",
  group: "Edit",
  keys: ["Ctrl+A"],
  scope: "image",
  isEnabled: needsImage,
  run: (editor) => {
    const reachable = editor.store.annotations.get().filter((record) => editor.hits.isReachable(record));
    editor.selection.set(reachable.map((record) => record.id));
  },
};

export const deselect: CommandDefinition = {
  id: "deselect",
  title: "Deselect",
  group: "Edit",
  keys: ["Esc"],
  scope: "selection",
  isEnabled: (editor) => (editor.selection.ids.get().size > 0 ? true : "Nothing is selected."),
  // The vertices first, then the object.
  run: (editor) => {
    if (editor.selection.vertices.get().size > 0) editor.selection.setVertices(new Set());
    else editor.selection.clear();
  },
};

export const nextObject: CommandDefinition = {
  id: "next-object",
  title: "Next object",
  group: "Object",
  keys: ["Tab"],
  scope: "image",
  isEnabled: hasObjects,
  run: (editor) => step(editor, 1),
};

export const previousObject: CommandDefinition = {
  id: "previous-object",
  title: "Previous object",
  group: "Object",
  keys: ["Shift+Tab"],
  scope: "image",
  isEnabled: hasObjects,
  run: (editor) => step(editor, -1),
};

function hasObjects(editor: EditorContext): true | string {
  return visibleIds(editor).length > 0 ? true : "There is no visible object on this image.";
}

/** Objects in drawing order, then predictions, best first. */
function visibleIds(editor: EditorContext): readonly string[] {
  const settings = editor.settings.get();
  return [...editor.store.annotations.get(), ...editor.store.predictions.get()]
    .filter((record) => isVisible(record, settings))
    .map((record) => record.id);
}

function step(editor: EditorContext, by: 1 | -1): void {
  const ids = visibleIds(editor);
  const [selected] = editor.selection.ids.get();
  const at = selected === undefined ? -1 : ids.indexOf(selected);
  const next = ids[at === -1 ? (by === 1 ? 0 : ids.length - 1) : (at + by + ids.length) % ids.length];
  const record = next === undefined ? null : editor.store.findObject(next);
  if (!record) return;
  editor.selection.set([record.id]);
  const bounds = shapeUtil(record.shape).bounds(record.shape);
  if (bounds) editor.camera.reveal(bounds);
}
