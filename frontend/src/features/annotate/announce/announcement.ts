/** What a listener is told of the canvas: what matters most of all that differs between two moments; pure. */
import type { AnnotationRecord } from "../../../editor";

export interface Moment {
  readonly image: { readonly imageId: number; readonly name: string } | null;
  /** In drawing order. */
  readonly objects: readonly AnnotationRecord[];
  readonly selection: ReadonlySet<string>;
  readonly tool: string;
  /** Of the keyboard; null while it is off. */
  readonly cursor: { readonly x: number; readonly y: number } | null;
}

export type Announcement =
  | { readonly kind: "image"; readonly name: string; readonly count: number }
  | { readonly kind: "made" | "deleted"; readonly objects: readonly AnnotationRecord[] }
  | { readonly kind: "selected"; readonly object: AnnotationRecord; readonly number: number; readonly total: number }
  | { readonly kind: "selectedMany"; readonly count: number }
  | { readonly kind: "deselected" }
  | { readonly kind: "tool"; readonly tool: string }
  | { readonly kind: "cursor"; readonly x: number; readonly y: number };

export function announcementsOf(before: Moment, after: Moment): readonly Announcement[] {
  const [first] = [imageOf, objectsOf, selectionOf]
    .map((find) => find(before, after))
    .filter((found) => found !== null);
  return first === undefined ? handOf(before, after) : [first];
}

function imageOf(before: Moment, { image, objects }: Moment): Announcement | null {
  if (image === null || image.imageId === before.image?.imageId) return null;
  return { kind: "image", name: image.name, count: objects.length };
}

function objectsOf(before: Moment, after: Moment): Announcement | null {
  if (before.objects === after.objects) return null;
  const made = missingIn(before.objects, after.objects);
  const deleted = missingIn(after.objects, before.objects);
  // What was joined or cut is new; what it was made of is gone with it.
  if (made.length > 0) return { kind: "made", objects: made };
  return deleted.length > 0 ? { kind: "deleted", objects: deleted } : null;
}

function missingIn(there: readonly AnnotationRecord[], here: readonly AnnotationRecord[]): readonly AnnotationRecord[] {
  const known = new Set(there.map(({ id }) => id));
  return here.filter(({ id }) => !known.has(id));
}

function selectionOf(before: Moment, { selection, objects }: Moment): Announcement | null {
  if (before.selection === selection) return null;
  if (selection.size === 0) return before.selection.size === 0 ? null : { kind: "deselected" };
  if (selection.size > 1) return { kind: "selectedMany", count: selection.size };
  const at = objects.findIndex(({ id }) => selection.has(id));
  const object = objects[at];
  return object === undefined ? null : { kind: "selected", object, number: at + 1, total: objects.length };
}

function handOf(before: Moment, { tool, cursor }: Moment): readonly Announcement[] {
  const hasMoved = cursor !== null && (cursor.x !== before.cursor?.x || cursor.y !== before.cursor.y);
  return [
    ...(tool === before.tool ? [] : [{ kind: "tool" as const, tool }]),
    ...(hasMoved ? [{ kind: "cursor" as const, ...cursor }] : []),
  ];
}
