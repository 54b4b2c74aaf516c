/** Owns the mark of the point under the pointer: visible, or occluded. */

import type { EditorContext } from "../context";
import { shapeUtil, type Shape } from "../shapes";
import type { AnnotationRecord } from "../store/records";
import type { CommandDefinition } from "./Command";

export const togglePoint: CommandDefinition = {
  id: "toggle-point",
  title: "Point under the pointer visible or occluded",
  group: "Object",
  keys: ["Q"],
  scope: "tool",
  isEnabled: (editor) => (toggled(editor) ? true : "Point at a point of the selected skeleton."),
  run: (editor) => {
    const found = toggled(editor);
    if (found) editor.edits.patch([found.record.id], { shape: found.shape }, "Mark point");
  },
};

function toggled(editor: EditorContext): { readonly record: AnnotationRecord; readonly shape: Shape } | null {
  const [id, handle] = [editor.selection.single(), editor.selection.hoveredHandle.get()];
  const record = id === null ? null : editor.store.findAnnotation(id);
  if (record === null || handle === null || record.locked) return null;
  const shape = shapeUtil(record.shape).toggleVertex(record.shape, handle);
  return shape && { record, shape };
}
