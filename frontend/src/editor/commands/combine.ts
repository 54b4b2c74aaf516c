/**
 * Owns what is made of several selected objects: joined, subtracted, intersected. The first one selected stays, with its
 * class and attributes. Among masks, or with a mask among them, it is done by pixels, and else by outlines.
 */

import type { EditorContext } from "../context";
import { boxesIntersect } from "../geometry/box";
import { partsIntersect, partsSubtract, partsUnion } from "../geometry/clip";
import type { Size } from "../geometry/point";
import type { PolygonPart } from "../geometry/polygon";
import { runsIntersect, runsSubtract, runsUnion, type MaskRuns } from "../geometry/runs";
import { shapeUtil, type Shape } from "../shapes";
import { shapeToParts, shapeToRuns } from "../shapes/conversion";
import { runsToMask } from "../shapes/mask";
import type { AnnotationRecord } from "../store/records";
import { selectedAnnotations, type CommandDefinition } from "./Command";

interface Operation {
  readonly id: string;
  readonly title: string;
  readonly keys: readonly string[];
  readonly ofParts: (first: readonly PolygonPart[], ...others: readonly (readonly PolygonPart[])[]) => PolygonPart[];
  readonly ofRuns: (first: MaskRuns, ...others: readonly MaskRuns[]) => MaskRuns;
  /** Whether the others go: they have become part of the first. */
  readonly takesOthers: boolean;
  /** Whether objects far from each other can be combined. */
  readonly needsOverlap: boolean;
}

export const join = combination({
  id: "join",
  title: "Join into one object",
  keys: ["J"],
  ofParts: partsUnion,
  ofRuns: runsUnion,
  takesOthers: true,
  needsOverlap: false,
});

export const subtract = combination({
  id: "subtract",
  title: "Subtract the others from the first",
  keys: [],
  ofParts: partsSubtract,
  ofRuns: (first, ...others) => others.reduce(runsSubtract, first),
  takesOthers: false,
  needsOverlap: true,
});

export const intersect = combination({
  id: "intersect",
  title: "Keep only what all have in common",
  keys: [],
  ofParts: partsIntersect,
  ofRuns: (first, ...others) => others.reduce(runsIntersect, first),
  takesOthers: true,
  needsOverlap: true,
});

function combination(operation: Operation): CommandDefinition {
  const { id, title, keys } = operation;
  return {
    id,
    title,
    group: "Object",
    keys,
    scope: "selection",
    isEnabled: (editor) => whyNot(operation, selectedAnnotations(editor)),
    run: (editor) => combine(editor, operation, selectedAnnotations(editor)),
  };
}

function whyNot({ needsOverlap }: Operation, records: readonly AnnotationRecord[]): true | string {
  const [first, ...others] = records;
  if (!first || others.length === 0) return "Select two objects or more; the first one selected stays.";
  if (records.some(({ locked }) => locked)) return "One of the objects is locked; unlock it first.";
  const open = records.find(({ shape }) => shape.type !== "mask" && shapeUtil(shape).toPolygon(shape) === null);
  if (open) return `A ${shapeUtil(open.shape).title.toLowerCase()} has no inside that could be combined.`;
  return !needsOverlap || others.some((other) => overlap(first.shape, other.shape))
    ? true
    : "The first object and the others do not overlap.";
}

function overlap(a: Shape, b: Shape): boolean {
  const [one, other] = [shapeUtil(a).bounds(a), shapeUtil(b).bounds(b)];
  return one !== null && other !== null && boxesIntersect(one, other);
}

/** Nothing happens where nothing of the first would be left. */
function combine(editor: EditorContext, operation: Operation, records: readonly AnnotationRecord[]): void {
  const [first, ...others] = records;
  const size = editor.imageSize();
  const combined = combinedShape(
    operation,
    records.map(({ shape }) => shape),
    size,
  );
  const shape = combined && shapeUtil(combined).clamp(combined, size);
  if (!first || !shape) return;
  editor.history.run(operation.title, () => {
    editor.edits.reshape(new Map([[first.id, shape]]));
    if (operation.takesOthers) editor.edits.remove(others.map(({ id }) => id));
    editor.selection.set([first.id]);
  });
}

function combinedShape({ ofParts, ofRuns }: Operation, shapes: readonly Shape[], size: Size): Shape | null {
  if (shapes.some(({ type }) => type === "mask")) {
    const [first, ...others] = shapes.map((shape) => shapeToRuns(shape, size)).filter((runs) => runs !== null);
    return first ? runsToMask(ofRuns(first, ...others)) : null;
  }
  const [first, ...others] = shapes.map((shape) => shapeToParts(shape, size)).filter((parts) => parts !== null);
  return first ? { type: "polygon", parts: ofParts(first, ...others) } : null;
}
