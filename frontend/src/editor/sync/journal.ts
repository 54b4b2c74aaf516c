/** Owns the interface to a local store that outlives a crash, and one in memory. Entries are plain JSON. */

import type { AnnotationRecord, ImageRecord } from "../store/records";
import type { ApiConflict, ChangeBatch, DecisionBatch } from "./transport";

/** What a log keeps of an object: an annotation, the image's own record, or nothing (it does not exist). */
export type SavedRecord = AnnotationRecord | ImageRecord | null;

/** All that one log of an image has not saved. */
export interface JournalEntry {
  /** Of the log: two of them may speak of one image when a tab took over what another one left. */
  readonly id: string;
  readonly imageId: number;
  /** As it was last opened. */
  readonly image: ImageRecord | null;
  /** Milliseconds since 1970 of the first change that is not saved. */
  readonly since: number | null;
  readonly revision: number;
  readonly revisions: readonly (readonly [id: string, revision: number])[];
  readonly changes: readonly { readonly id: string; readonly known: SavedRecord; readonly current: SavedRecord }[];
  /** A person has not decided yet: nothing may be written over theirs. */
  readonly conflicts: readonly (readonly [uuid: string, theirs: Pick<ApiConflict, "reason" | "theirs">])[];
  /** The server may have applied it already: it is sent again as it is. */
  readonly flight: {
    readonly batch: ChangeBatch;
    readonly sent: readonly (readonly [id: string, state: SavedRecord])[];
  } | null;
  readonly decisions: DecisionEntry;
}

/** Of a log in which nothing was written yet. */
export function blankEntry(id: string, imageId: number): JournalEntry {
  return {
    id,
    imageId,
    image: null,
    since: null,
    revision: 0,
    revisions: [],
    changes: [],
    conflicts: [],
    flight: null,
    decisions: { wanted: [], flight: null },
  };
}

export interface DecisionEntry {
  readonly wanted: readonly Decision[];
  readonly flight: { readonly batch: DecisionBatch; readonly sent: readonly Decision[] } | null;
}

export interface Decision {
  readonly uuid: string;
  readonly state: "accepted" | "rejected";
  /** What the server makes of an accepted prediction. */
  readonly annotation: AnnotationRecord | null;
}

export interface Journal {
  /** Replaces the entry of that id. */
  put(entry: JournalEntry): Promise<void>;
  remove(id: string): Promise<void>;
  /** Makes entries that nobody alive has written this journal's own, and answers them: no other may have them too. */
  take(): Promise<readonly JournalEntry[]>;
}

export class MemoryJournal implements Journal {
  private readonly entries = new Map<string, JournalEntry>();
  private left: readonly JournalEntry[];

  /** `left` is what an earlier session could not save. */
  constructor(left: readonly JournalEntry[] = []) {
    this.left = left;
    for (const entry of left) this.entries.set(entry.id, entry);
  }

  put(entry: JournalEntry): Promise<void> {
    this.entries.set(entry.id, entry);
    return Promise.resolve();
  }

  remove(id: string): Promise<void> {
    this.entries.delete(id);
    return Promise.resolve();
  }

  take(): Promise<readonly JournalEntry[]> {
    const { left } = this;
    this.left = [];
    return Promise.resolve(left);
  }

  /** What a crash now would leave behind. */
  all(): readonly JournalEntry[] {
    return [...this.entries.values()];
  }
}
