/** Owns the keys of classes, which come from the project: relabel what is selected, tag the image, or draw in that class. */

import type { EditorContext } from "../context";
import type { KeyAction } from "../input/Keymap";
import type { ClassRecord } from "../store/records";
import { needsImage, selectedAnnotations } from "./Command";

/** Two actions a class: its hotkey, and Alt with it to relabel with a drawing tool in hand. */
export function classActions(editor: EditorContext, classes: readonly ClassRecord[]): readonly KeyAction[] {
  return classes
    .filter((record) => record.hotkey !== "")
    .flatMap((record): KeyAction[] => [
      {
        id: `class-${record.classId}`,
        title: record.name,
        group: "Class",
        keys: [record.hotkey],
        scope: "image",
        isEnabled: () => needsImage(editor),
        run: () => chooseClass(editor, record.classId),
      },
      {
        id: `relabel-${record.classId}`,
        title: `Change the selection to ${record.name}`,
        group: "Class",
        keys: [`Alt+${record.hotkey}`],
        scope: "selection",
        isEnabled: () => (selectedAnnotations(editor).length > 0 ? true : "Select an object first."),
        run: () => editor.edits.relabel(editor.selection.ids.get(), record.classId),
      },
    ]);
}

/**
 * In a project of tags the key sets or clears the tag. With the select tool it relabels what is selected. With a drawing
 * tool it is the class of what comes next, and a mask of another class is left alone.
 */
function chooseClass(editor: EditorContext, classId: number): void {
  const { shapes, tool } = editor.session.get();
  if (shapes.length === 1 && shapes[0] === "tag") {
    editor.edits.toggleTag(classId);
    return;
  }
  editor.session.update((session) => ({ ...session, activeClass: classId }));
  if (tool === "select") editor.edits.relabel(editor.selection.ids.get(), classId);
  editor.requestOverlay();
}
