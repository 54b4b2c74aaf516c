/** Owns the step from two states of an object to what a batch says about it. Pure. */

import {
  annotationToApi,
  apiToAnnotation,
  sameOnWire,
  type AnnotationRecord,
  type ApiAnnotation,
  type EditorRecord,
} from "../store/records";
import type { SavedRecord } from "./journal";
import type { AnnotationUpdate, ChangeBatch } from "./transport";

/** `id` is the annotation's uuid, or "image". */
export type Operation =
  | { readonly kind: "create"; readonly id: string; readonly value: ApiAnnotation }
  | { readonly kind: "update"; readonly id: string; readonly value: AnnotationUpdate }
  | { readonly kind: "delete"; readonly id: string }
  | { readonly kind: "state"; readonly id: string; readonly value: string };

const SAVED_KEYS = [
  "classId",
  "shape",
  "attributes",
  "occluded",
  "truncated",
  "crowd",
  "zOrder",
  "group",
  "source",
  "score",
] as const satisfies readonly (keyof AnnotationRecord)[];

/** Whether two states are the same without a look inside shapes and attributes; a false no costs only a comparison later. */
export function isUnchanged(a: SavedRecord, b: SavedRecord): boolean {
  if (a === b) return true;
  if (a?.kind === "image" && b?.kind === "image") return a.state === b.state;
  return a?.kind === "annotation" && b?.kind === "annotation" && SAVED_KEYS.every((key) => a[key] === b[key]);
}

export function asSaved(record: EditorRecord | null): SavedRecord {
  return record?.kind === "annotation" || record?.kind === "image" ? record : null;
}

/** An object of theirs that cannot be read here counts as deleted; choosing mine writes over it. */
export function readTheirs(theirs: ApiAnnotation | null, mine: SavedRecord): AnnotationRecord | null {
  try {
    return theirs === null ? null : apiToAnnotation(theirs, mine?.kind === "annotation" ? mine.order : 0);
  } catch {
    return null;
  }
}

/** Whether two people did the same to an object. */
export function sidesAgree(theirs: SavedRecord, mine: SavedRecord): boolean {
  if (theirs === null || mine === null) return theirs === mine;
  return theirs.kind === "annotation" && mine.kind === "annotation" && sameOnWire(theirs, mine);
}

/** Null when the server would see no difference (hidden and locked are not its business). */
export function operationBetween(id: string, known: SavedRecord, current: SavedRecord): Operation | null {
  if (current?.kind === "image") {
    const same = known?.kind === "image" && known.state === current.state;
    return same ? null : { kind: "state", id, value: current.state };
  }
  if (current === null) return known === null ? null : { kind: "delete", id };
  const value = annotationToApi(current);
  if (known?.kind !== "annotation") return { kind: "create", id, value };
  const before = annotationToApi(known);
  const changed = Object.entries(value).filter(([key, now]) => !sameValue(now, Reflect.get(before, key)));
  return changed.length === 0 ? null : { kind: "update", id, value: { uuid: id, ...Object.fromEntries(changed) } };
}

export function operationsToBatch(
  operations: readonly Operation[],
  base_revision: number,
  batch_id: string,
): ChangeBatch {
  const [state] = operations.flatMap((operation) => (operation.kind === "state" ? [operation.value] : []));
  return {
    base_revision,
    batch_id,
    create: operations.flatMap((operation) => (operation.kind === "create" ? [operation.value] : [])),
    update: operations.flatMap((operation) => (operation.kind === "update" ? [operation.value] : [])),
    delete: operations.flatMap((operation) => (operation.kind === "delete" ? [operation.id] : [])),
    ...(state === undefined ? {} : { state }),
  };
}

function sameValue(a: unknown, b: unknown): boolean {
  return a === b || (typeof a === "object" && JSON.stringify(a) === JSON.stringify(b));
}
