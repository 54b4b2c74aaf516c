/** Owns answers that are several objects: which are new, which one the pointer is on, and keeping all in one step. */

import type { EditorContext } from "../../context";
import { boxArea, boxContains, boxIou } from "../../geometry/box";
import { shapeUtil } from "../../shapes";
import type { ImagePoint } from "../../geometry/point";
import type { Painter } from "../../view/Painter";
import { classToColor } from "../../view/styles";
import type { Candidate } from "./Requests";

/** Boxes that overlap by more than this share hold the same object. */
const SAME = 0.6;

/** Without those that are objects of the image already. */
export function newOnes(editor: EditorContext, found: readonly Candidate[]): readonly Candidate[] {
  const known = editor.store.annotations.get().flatMap(({ shape }) => {
    const bounds = shapeUtil(shape).bounds(shape);
    return bounds === null ? [] : [bounds];
  });
  return found.filter(({ shape }) => {
    const bounds = shapeUtil(shape).bounds(shape);
    return bounds !== null && !known.some((one) => boxIou(one, bounds) > SAME);
  });
}

/** The smallest one under the point. */
export function findAt(found: readonly Candidate[], at: ImagePoint): Candidate | null {
  const under = found.flatMap((candidate) => {
    const bounds = shapeUtil(candidate.shape).bounds(candidate.shape);
    return bounds !== null && boxContains(bounds, at) ? [{ candidate, area: boxArea(bounds) }] : [];
  });
  return under.sort((one, other) => one.area - other.area)[0]?.candidate ?? null;
}

export function drawFinds(
  painter: Painter,
  editor: EditorContext,
  found: readonly Candidate[],
  dropped: ReadonlySet<Candidate>,
): void {
  for (const candidate of found) {
    const color = classToColor(candidate.classId ?? editor.session.get().activeClass, editor.store);
    if (dropped.has(candidate)) painter.shape(candidate.shape, { color, fill: 0, width: 1, dash: [2, 4] });
    else painter.shape(candidate.shape, { color, fill: 0.35, width: 2, dash: [6, 3] });
  }
}

/** One undoable step. */
export function keepFinds(editor: EditorContext, found: readonly Candidate[], source: string): void {
  const mark = editor.history.mark("Add found objects");
  const ids = found.flatMap(({ shape, score, classId }) => {
    const facts = classId === null ? { source, score } : { source, score, classId };
    return editor.edits.create(shape, facts) ?? [];
  });
  editor.selection.set(ids);
  editor.history.squash(mark);
}
