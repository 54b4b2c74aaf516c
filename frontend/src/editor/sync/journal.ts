/** Owns the interface to a local store that outlives a crash, and one in memory. Entries are plain JSON. */

import type { AnnotationRecord, ImageRecord } from "../store/records";
import type { ChangeBatch, DecisionBatch } from "./transport";

/** What a log keeps of an object: an annotation, the image's own record, or nothing (it does not exist). */
export type SavedRecord = AnnotationRecord | ImageRecord | null;

/** All that one image has not saved. */
export interface JournalEntry {
  readonly imageId: number;
  readonly revision: number;
  readonly revisions: readonly (readonly [id: string, revision: number])[];
  readonly changes: readonly { readonly id: string; readonly known: SavedRecord; readonly current: SavedRecord }[];
  /** The server may have applied it already: it is sent again as it is. */
  readonly flight: {
    readonly batch: ChangeBatch;
    readonly sent: readonly (readonly [id: string, state: SavedRecord])[];
  } | null;
  readonly decisions: DecisionEntry;
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
  /** Replaces the entry of the image. */
  put(entry: JournalEntry): Promise<void>;
  remove(imageId: number): Promise<void>;
  all(): Promise<readonly JournalEntry[]>;
}

export class MemoryJournal implements Journal {
  private readonly entries = new Map<number, JournalEntry>();

  put(entry: JournalEntry): Promise<void> {
    this.entries.set(entry.imageId, entry);
    return Promise.resolve();
  }

  remove(imageId: number): Promise<void> {
    this.entries.delete(imageId);
    return Promise.resolve();
  }

  all(): Promise<readonly JournalEntry[]> {
    return Promise.resolve([...this.entries.values()]);
  }
}
