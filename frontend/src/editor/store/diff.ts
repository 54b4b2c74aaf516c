/** Owns differences between two states of the store: what undo replays and what a save sends. */

import type { EditorRecord } from "./records";

export interface Change {
  readonly before: EditorRecord | null;
  readonly after: EditorRecord | null;
}

/** By record id. Records are immutable, so a diff shares all that did not change. */
export type Diff = ReadonlyMap<string, Change>;

export const EMPTY_DIFF: Diff = new Map();

/** First `a`, then `b`; a record that ends as it began drops out. */
export function diffCompose(a: Diff, b: Diff): Diff {
  const composed = new Map(a);
  for (const [id, change] of b) {
    const before = a.has(id) ? (a.get(id)?.before ?? null) : change.before;
    if (before === change.after) composed.delete(id);
    else composed.set(id, { before, after: change.after });
  }
  return composed;
}

export function diffInvert(diff: Diff): Diff {
  return new Map([...diff].map(([id, { before, after }]) => [id, { before: after, after: before }]));
}

export function diffWithout(diff: Diff, ids: ReadonlySet<string>): Diff {
  return new Map([...diff].filter(([id]) => !ids.has(id)));
}
