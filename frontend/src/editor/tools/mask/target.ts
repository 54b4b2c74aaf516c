/** Owns which mask a tool changes, and the one undo step that a change of it is. */

import type { EditorContext } from "../../context";
import type { MaskRuns } from "../../geometry/runs";
import type { ToolPointer } from "../../input/events";
import { runsToMask, type MaskShape } from "../../shapes/mask";

export interface MaskTarget {
  readonly id: string;
  readonly classId: number;
  readonly shape: MaskShape;
}

export function findMask(editor: EditorContext, id: string): MaskTarget | null {
  const record = editor.store.findAnnotation(id);
  if (record?.shape.type !== "mask" || record.locked || record.hidden) return null;
  return { id, classId: record.classId, shape: record.shape };
}

/** The selected mask, when it is exactly one and not locked. */
export function selectedMask(editor: EditorContext): MaskTarget | null {
  const id = editor.selection.single();
  return id === null ? null : findMask(editor, id);
}

/** The selected mask, if it is of the class in hand: what is added goes on there, and else begins a new mask. */
export function growingMask(editor: EditorContext): MaskTarget | null {
  const mask = selectedMask(editor);
  return mask?.classId === editor.session.get().activeClass ? mask : null;
}

export function maskUnder(editor: EditorContext, pointer: ToolPointer): MaskTarget | null {
  const hits = editor.hits.at(pointer.point, pointer.tolerance);
  return hits.map(({ id }) => findMask(editor, id)).find((mask) => mask !== null) ?? null;
}

/** Taking a tool with a mask selected means that mask, so its class comes into the hand. */
export function takeClass(editor: EditorContext): void {
  const mask = selectedMask(editor);
  if (mask) editor.session.update((session) => ({ ...session, activeClass: mask.classId }));
}

/** Puts `runs` in the target's place, or makes a new mask of them; a mask without a pixel is removed. Answers its shape. */
export function keepMask(
  editor: EditorContext,
  target: MaskTarget | null,
  runs: MaskRuns,
  name: string,
): MaskShape | null {
  const shape = runsToMask(runs);
  if (target === null) {
    if (shape) editor.edits.create(shape);
  } else if (shape === null) editor.edits.remove([target.id], "Erase mask");
  else if (!sameMask(shape, target.shape)) editor.edits.patch([target.id], { shape }, name);
  else return target.shape;
  return shape;
}

function sameMask(a: MaskShape, b: MaskShape): boolean {
  return a.counts === b.counts && a.box.every((value, index) => value === b.box[index]);
}
