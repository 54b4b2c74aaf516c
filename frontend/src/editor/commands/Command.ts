/** Owns the contract of a command: one thing that a key, a button or the palette can do. */

import type { EditorContext } from "../context";
import type { Scope } from "../input/bindings";
import type { AnnotationRecord } from "../store/records";

export interface CommandDefinition {
  readonly id: string;
  readonly title: string;
  /** Heading in the help overlay. */
  readonly group: "Edit" | "Object" | "Prediction" | "View" | "Tool" | "Class";
  readonly keys: readonly string[];
  readonly scope: Scope;
  /** True, or a sentence that says why not. */
  readonly isEnabled: (editor: EditorContext) => true | string;
  readonly run: (editor: EditorContext, options: { readonly repeat: boolean }) => void;
}

export const always = (): true => true;

export function selectedAnnotations(editor: EditorContext): AnnotationRecord[] {
  return [...editor.selection.ids.get()]
    .map((id) => editor.store.findAnnotation(id))
    .filter((record) => record !== null);
}

export function needsSelection(editor: EditorContext): true | string {
  return selectedAnnotations(editor).length > 0 ? true : "Select an object first.";
}

/** Selected and not locked. */
export function needsUnlocked(editor: EditorContext): true | string {
  const selected = selectedAnnotations(editor);
  if (selected.length === 0) return "Select an object first.";
  return selected.some((record) => !record.locked) ? true : "What is selected is locked; unlock it first.";
}

export function needsImage(editor: EditorContext): true | string {
  return editor.imageId() === null ? "Open an image first." : true;
}
