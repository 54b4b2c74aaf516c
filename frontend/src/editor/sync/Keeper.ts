/** Owns the mirror of unsaved work in the journal: when it is written, and taking over what a dead session left. */

import type { Clock } from "../clock";
import type { ImageLog } from "./ImageLog";
import type { Journal, JournalEntry } from "./journal";

/** Between two writes while somebody goes on working: a log may be long. The first one waits for nothing. */
const WRITE_MS = 250;
const TAKE_MS = 15_000;

interface KeeperParts {
  readonly journal: Journal;
  readonly clock: Clock;
  readonly logs: () => readonly ImageLog[];
  readonly onTaken: (entries: readonly JournalEntry[]) => void;
  readonly onChange: () => void;
}

export class Keeper {
  private readonly parts: KeeperParts;
  private cancelWrite: (() => void) | null = null;
  private cancelTake: (() => void) | null = null;
  /** Logs with an entry in the journal. */
  private readonly written = new Set<string>();
  private broken = false;
  /** Something changed since the journal was written last. */
  private isStale = false;
  private writing = 0;
  private isDisposed = false;

  constructor(parts: KeeperParts) {
    this.parts = parts;
  }

  /** False when the last attempt to write failed: the work is nowhere but in this page. */
  get isKept(): boolean {
    return !this.broken;
  }

  /** False while something that changed is not in the journal yet. */
  get isCurrent(): boolean {
    return !this.isStale && this.writing === 0;
  }

  schedule(): void {
    this.isStale = true;
    if (this.cancelWrite !== null) return;
    this.writeAll();
    this.cancelWrite = this.parts.clock.after(WRITE_MS, () => {
      this.cancelWrite = null;
      if (this.isStale) this.schedule();
    });
  }

  writeAll(): void {
    this.isStale = false;
    for (const log of this.parts.logs()) void this.write(log);
  }

  /** A journal that fails (a full disk, a private window) must not keep anybody from saving. */
  async write(log: ImageLog): Promise<void> {
    if (this.isDisposed) return;
    const entry = log.entry();
    // What came back to the state that the server knows (undone, given up) must not be found after a crash.
    if (entry === null && !this.written.delete(log.id)) return;
    if (entry !== null) this.written.add(log.id);
    const { journal } = this.parts;
    this.writing += 1;
    try {
      await (entry ? journal.put(entry) : journal.remove(log.id));
      this.broken = false;
    } catch {
      this.broken = entry !== null;
    }
    this.writing -= 1;
    this.parts.onChange();
  }

  /** What dead sessions left, now and from time to time: a tab may be killed while this one lives. */
  async take(): Promise<readonly JournalEntry[]> {
    const entries = await this.parts.journal.take().catch(() => []);
    if (this.isDisposed) return [];
    for (const { id } of entries) this.written.add(id);
    this.cancelTake?.();
    this.cancelTake = this.parts.clock.after(TAKE_MS, () => void this.takeLater());
    return entries;
  }

  /** From now on the journal is somebody else's: nothing is written any more. */
  dispose(): void {
    this.isDisposed = true;
    this.cancelWrite?.();
    this.cancelTake?.();
  }

  private async takeLater(): Promise<void> {
    const entries = await this.take();
    if (entries.length > 0) this.parts.onTaken(entries);
  }
}
