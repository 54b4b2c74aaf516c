/** Owns copy, cut, paste (also onto another image) and duplicate. */

import type { EditorContext } from "../context";
import { aside } from "../store/Clipboard";
import { needsSelection, needsUnlocked, selectedAnnotations, type CommandDefinition } from "./Command";

export const copy: CommandDefinition = {
  id: "copy",
  title: "Copy",
  group: "Edit",
  keys: ["Ctrl+C"],
  scope: "selection",
  isEnabled: needsSelection,
  run: copySelected,
};

export const cut: CommandDefinition = {
  id: "cut",
  title: "Cut",
  group: "Edit",
  keys: ["Ctrl+X"],
  scope: "selection",
  isEnabled: needsUnlocked,
  run: (editor) => {
    copySelected(editor);
    editor.edits.remove(editor.selection.ids.get(), "Cut");
  },
};

export const paste: CommandDefinition = {
  id: "paste",
  title: "Paste",
  group: "Edit",
  keys: ["Ctrl+V"],
  scope: "image",
  isEnabled: (editor) => {
    if (editor.imageId() === null) return "Open an image first.";
    return editor.clipboard.size.get() > 0 ? true : "Copy an object first.";
  },
  run: (editor) => {
    const image = editor.store.image.get();
    if (image) editor.edits.insert("Paste", editor.clipboard.contentsFor(image));
  },
};

export const duplicate: CommandDefinition = {
  id: "duplicate",
  title: "Duplicate",
  group: "Edit",
  keys: ["Ctrl+D"],
  scope: "selection",
  isEnabled: needsSelection,
  run: (editor) => {
    const image = editor.store.image.get();
    if (image) editor.edits.insert("Duplicate", aside(selectedAnnotations(editor), image));
  },
};

function copySelected(editor: EditorContext): void {
  const image = editor.store.image.get();
  if (image) editor.clipboard.copy(selectedAnnotations(editor), image);
}
