/** Owns when changes are saved, and what the badge may truthfully say. Wires logs, journal and delivery together. */

import type { Clock } from "../clock";
import { Value, type Signal } from "../signal";
import type { AnnotationRecord } from "../store/records";
import type { StoreEvent } from "../store/Store";
import { Delivery } from "./Delivery";
import type { ImageLog, Reading, Shown } from "./ImageLog";
import { MemoryJournal, type Journal, type JournalEntry } from "./journal";
import { Keeper } from "./Keeper";
import { Logbook } from "./Logbook";
import { logsToStatus, SAVED, type SyncStatus } from "./status";
import type { ChangeAnswer, ConflictSide, RemoteChanges, SyncTransport } from "./transport";

/** What the server said that the open image must show. */
export interface RemoteNews {
  record(id: string, record: AnnotationRecord | null): void;
  imageState(state: string): void;
  changes(remote: RemoteChanges): void;
}

export interface ChangeLogParts {
  readonly transport: SyncTransport;
  readonly journal?: Journal | undefined;
  readonly clock: Clock;
  readonly uuid: () => string;
  /** A drag or stroke goes on: what it leaves behind is not worth a save yet. */
  readonly isBusy: () => boolean;
  readonly news: RemoteNews;
}

const AUTOSAVE_MS = 2000;
/** Without a pause in the work, a save happens all the same. */
const LONGEST_MS = 10_000;
const BUSY_MS = 250;

export class ChangeLog {
  private readonly parts: ChangeLogParts;
  private readonly logbook: Logbook;
  private readonly keeper: Keeper;
  private readonly delivery: Delivery;
  private readonly value = new Value<SyncStatus>(SAVED);
  private savedAt: number | null = null;
  /** On the monotonic clock, of what no run has looked at yet. */
  private firstUnsaved: number | null = null;
  private cancelTimer: (() => void) | null = null;

  readonly status: Signal<SyncStatus> = this.value;

  constructor(parts: ChangeLogParts) {
    this.parts = parts;
    const { transport, clock, uuid, journal = new MemoryJournal() } = parts;
    const onChange = () => this.refresh();
    this.logbook = new Logbook(uuid);
    this.keeper = new Keeper({
      journal,
      clock,
      logs: () => this.logbook.all,
      onTaken: (entries) => {
        this.logbook.adopt(entries);
        void this.flush();
      },
      onChange,
    });
    this.delivery = new Delivery({
      transport,
      clock,
      logbook: this.logbook,
      keeper: this.keeper,
      onSaved: (log, answer, remote) => this.take(log, answer, remote),
      onChange,
      onMore: () => this.scheduleSave(),
    });
  }

  /** The image was read from the server; answers what to show. Changes from now on are this image's. */
  open(reading: Reading): Reading {
    const shown = this.logbook.open(reading.image.imageId).attach(reading);
    this.refresh();
    return shown;
  }

  /** Leaving the image: what is unsaved goes out now and keeps being tried. */
  close(): void {
    this.logbook.close();
    void this.flush();
  }

  follow(event: StoreEvent): void {
    const log = this.logbook.current;
    if (event.origin !== "local" || !log) return;
    log.follow(event.diff, this.parts.clock.wallTime());
    this.firstUnsaved ??= this.parts.clock.now();
    this.keeper.schedule();
    if (this.delivery.failure === null) this.scheduleSave();
    this.refresh();
  }

  /** True when nothing is left unsaved. */
  async flush(): Promise<boolean> {
    this.stopTimer();
    this.firstUnsaved = null;
    await this.delivery.flush();
    return !this.hasUnsaved();
  }

  /** The page is going away and may not come back: nothing is waited for. */
  leave(): void {
    this.delivery.leave();
    this.keeper.writeAll();
  }

  /** Whether the page may go away without anything being left in this browser alone. */
  canLeave(): boolean {
    const { state, isKept } = this.value.get();
    const isOnItsWay = state === "dirty" || state === "saving";
    return state === "saved" || (isOnItsWay && isKept && this.delivery.canLeave());
  }

  /** After a login, when the network is back, or because a person asks: what was refused is tried again as well. */
  retry(): void {
    for (const log of this.logbook.all) log.unbar();
    this.delivery.hurry();
    this.refresh();
  }

  resolve(uuid: string, side: ConflictSide): void {
    for (const log of this.logbook.all) this.show(log, log.resolve(uuid, side));
    void this.afterDecision();
  }

  /** Gives up what the server does not take of an image, and shows what it has instead. */
  discard(imageId: number): void {
    for (const log of this.logbook.all) if (log.imageId === imageId) this.show(log, log.discard());
    void this.afterDecision();
  }

  /** What was decided here about a prediction of the open image, whatever an older reading says. */
  findDecision(uuid: string): "accepted" | "rejected" | null {
    return this.logbook.current?.decisions.find(uuid) ?? null;
  }

  hasUnsaved(): boolean {
    return this.logbook.hasUnsaved;
  }

  /** All that is not saved, for a file that a person can take away. */
  unsaved(): readonly JournalEntry[] {
    return this.logbook.all.map((log) => log.entry()).filter((entry) => entry !== null);
  }

  /** The revision up to which the open image shows what others changed. */
  readAt(): number | null {
    return this.logbook.current?.readAt ?? null;
  }

  /** Sends what an earlier page could not. Answers how many images had something unsaved. */
  async recover(): Promise<{ readonly batches: number }> {
    const entries = await this.keeper.take();
    this.logbook.adopt(entries);
    this.refresh();
    await this.flush();
    return { batches: entries.length };
  }

  /** Nothing is sent or written any more; what is unsaved stays in the journal for the next session. */
  dispose(): void {
    this.stopTimer();
    this.delivery.dispose();
    this.keeper.dispose();
  }

  private scheduleSave(): void {
    const { clock } = this.parts;
    this.stopTimer();
    const waited = clock.now() - (this.firstUnsaved ?? clock.now());
    const wait = Math.max(Math.min(AUTOSAVE_MS, LONGEST_MS - waited), 0);
    this.cancelTimer = clock.after(wait, () => this.saveWhenIdle());
  }

  private saveWhenIdle(): void {
    if (this.parts.isBusy()) this.cancelTimer = this.parts.clock.after(BUSY_MS, () => this.saveWhenIdle());
    else void this.flush();
  }

  private stopTimer(): void {
    this.cancelTimer?.();
    this.cancelTimer = null;
  }

  /** The server has taken something. */
  private take(log: ImageLog, answer: ChangeAnswer | null, remote: RemoteChanges): void {
    this.savedAt = this.parts.clock.wallTime();
    if (answer === null || log !== this.logbook.current) return;
    if (answer.state && !log.isDirty("image")) this.parts.news.imageState(answer.state);
    if (remote.annotations.length + remote.deleted.length > 0) this.parts.news.changes(remote);
  }

  private show(log: ImageLog, shown: readonly Shown[]): void {
    if (log !== this.logbook.current) return;
    const { news } = this.parts;
    for (const { id, record } of shown) {
      if (record?.kind === "image") news.imageState(record.state);
      else news.record(id, record);
    }
  }

  private async afterDecision(): Promise<void> {
    this.refresh();
    for (const log of this.logbook.all) await this.keeper.write(log);
    await this.flush();
  }

  private refresh(): void {
    const { failure, isSending } = this.delivery;
    const { isKept, isCurrent } = this.keeper;
    const next = logsToStatus(this.logbook.all, { failure, isSending, savedAt: this.savedAt, isKept, isCurrent });
    if (JSON.stringify(next) !== JSON.stringify(this.value.get())) this.value.set(next);
  }
}
