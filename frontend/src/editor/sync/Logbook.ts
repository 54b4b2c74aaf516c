/** Owns the logs of all images that have something unsaved or were saved a moment ago. No timers, no sending. */

import { ImageLog } from "./ImageLog";
import { blankEntry, type JournalEntry } from "./journal";

/** Images whose last saves are remembered, in case an older reading of them is shown. */
const REMEMBERED = 20;

export class Logbook {
  private readonly uuid: () => string;
  /** By the log's id, the image that was opened last at the end. */
  private readonly logs = new Map<string, ImageLog>();
  private opened: ImageLog | null = null;

  constructor(uuid: () => string) {
    this.uuid = uuid;
  }

  /** Of the open image. */
  get current(): ImageLog | null {
    return this.opened;
  }

  get all(): readonly ImageLog[] {
    return [...this.logs.values()];
  }

  /** What waits longest first, so that the history of the project tells the work in its order. */
  get inOrder(): readonly ImageLog[] {
    const age = (log: ImageLog): number => log.unsavedSince ?? Infinity;
    return this.all.filter((log) => log.hasWork).sort((a, b) => age(a) - age(b) || 0);
  }

  get hasWork(): boolean {
    return this.all.some((log) => log.hasWork);
  }

  get hasUnsaved(): boolean {
    return this.all.some((log) => log.pending > 0);
  }

  open(imageId: number): ImageLog {
    const log = this.find(imageId) ?? new ImageLog(blankEntry(this.uuid(), imageId), this.uuid);
    this.logs.delete(log.id);
    this.logs.set(log.id, log);
    this.opened = log;
    this.forgetOldest();
    return log;
  }

  close(): void {
    this.opened = null;
  }

  /** What a session that ended left behind; it stands beside what is unsaved of the same image here. */
  adopt(entries: readonly JournalEntry[]): void {
    for (const entry of entries) {
      if (!this.logs.has(entry.id)) this.logs.set(entry.id, new ImageLog(entry, this.uuid));
    }
  }

  /** Of several logs of an image the one with something unsaved, as that must be shown. */
  private find(imageId: number): ImageLog | null {
    const [first, ...others] = this.all.filter((log) => log.imageId === imageId);
    return [first, ...others].find((log) => log !== undefined && log.pending > 0) ?? first ?? null;
  }

  private forgetOldest(): void {
    for (const [id, log] of this.logs) {
      if (this.logs.size <= REMEMBERED) return;
      if (log.pending === 0 && log !== this.opened) this.logs.delete(id);
    }
  }
}
