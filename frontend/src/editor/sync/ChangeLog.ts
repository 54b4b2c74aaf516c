/** Owns when changes are saved, tried again and journaled, and what the badge may truthfully say. Sends nothing itself. */

import type { Clock } from "../clock";
import { Value, type Signal } from "../signal";
import type { AnnotationRecord } from "../store/records";
import type { StoreEvent } from "../store/Store";
import { ImageLog, type Reading } from "./ImageLog";
import { MemoryJournal, type Journal } from "./journal";
import { logsToStatus, SAVED, type SyncStatus } from "./status";
import { TransportError, type ChangeAnswer, type RemoteChanges, type SyncTransport } from "./transport";

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
const JOURNAL_MS = 250;
const BUSY_MS = 250;
const FIRST_RETRY_MS = 1000;
const LAST_RETRY_MS = 30_000;
/** Images whose last saves are remembered, in case a reading of them was under way. */
const REMEMBERED = 20;

export class ChangeLog {
  private readonly parts: ChangeLogParts;
  private readonly journal: Journal;
  private readonly logs = new Map<number, ImageLog>();
  private readonly value = new Value<SyncStatus>(SAVED);
  private openImage: number | null = null;
  private pump: Promise<void> | null = null;
  private keepalive = false;
  private failure: TransportError | null = null;
  private retryMs = FIRST_RETRY_MS;
  private firstUnsaved: number | null = null;
  private cancelTimer: (() => void) | null = null;
  private cancelJournal: (() => void) | null = null;

  readonly status: Signal<SyncStatus> = this.value;

  constructor(parts: ChangeLogParts) {
    this.parts = parts;
    this.journal = parts.journal ?? new MemoryJournal();
  }

  /** The image was read from the server; answers what to show. Changes from now on are this image's. */
  open(reading: Reading): Reading {
    const { imageId } = reading.image;
    this.openImage = imageId;
    const log = this.logOf(imageId);
    this.logs.delete(imageId);
    this.logs.set(imageId, log);
    this.forgetOldest();
    const shown = log.attach(reading);
    this.refresh();
    return shown;
  }

  /** Leaving the image: what is unsaved goes out now and keeps being tried. */
  close(): void {
    this.openImage = null;
    void this.flush();
  }

  follow(event: StoreEvent): void {
    const log = this.openImage === null ? undefined : this.logs.get(this.openImage);
    if (event.origin !== "local" || !log) return;
    log.follow(event.diff);
    this.firstUnsaved ??= this.parts.clock.now();
    this.scheduleJournal();
    if (this.failure === null) this.scheduleSave();
    this.refresh();
  }

  /** True when nothing is left unsaved. */
  async flush(options: { readonly keepalive?: boolean } = {}): Promise<boolean> {
    this.keepalive = options.keepalive ?? false;
    this.stopTimer();
    // A pump that is under way may have passed what changed since.
    if (this.pump) await this.pump;
    if (this.hasWork()) await this.start();
    this.keepalive = false;
    return !this.hasUnsaved();
  }

  /** After a login, or when the network is back. */
  retry(): void {
    this.failure = null;
    this.retryMs = FIRST_RETRY_MS;
    void this.flush();
  }

  resolve(uuid: string, side: "mine" | "theirs"): void {
    for (const [imageId, log] of this.logs) {
      const answer = log.resolve(uuid, side);
      if (answer && imageId === this.openImage) this.parts.news.record(uuid, answer.record);
    }
    this.scheduleJournal();
    this.refresh();
    if (side === "mine") void this.flush();
  }

  /** What was decided here about a prediction of the open image, whatever an older reading says. */
  findDecision(uuid: string): "accepted" | "rejected" | null {
    return (this.openImage === null ? null : this.logs.get(this.openImage)?.decisions.find(uuid)) ?? null;
  }

  hasUnsaved(): boolean {
    return [...this.logs.values()].some((log) => log.pending > 0);
  }

  /** Sends what an earlier page could not. Answers how many images had something unsaved. */
  async recover(): Promise<{ readonly batches: number }> {
    const entries = (await this.journal.all()).filter(({ imageId }) => !this.logs.has(imageId));
    for (const entry of entries) this.logs.set(entry.imageId, new ImageLog(entry.imageId, this.parts.uuid, entry));
    this.refresh();
    await this.flush();
    return { batches: entries.length };
  }

  dispose(): void {
    this.stopTimer();
    this.cancelJournal?.();
  }

  private logOf(imageId: number): ImageLog {
    const log = this.logs.get(imageId) ?? new ImageLog(imageId, this.parts.uuid);
    this.logs.set(imageId, log);
    return log;
  }

  private forgetOldest(): void {
    for (const [imageId, log] of this.logs) {
      if (this.logs.size <= REMEMBERED) return;
      if (log.pending === 0 && imageId !== this.openImage) this.logs.delete(imageId);
    }
  }

  private hasWork(): boolean {
    return [...this.logs.values()].some((log) => log.hasWork);
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

  /** One pump at a time, so that batches of one image keep their order. */
  private start(): Promise<void> {
    this.pump ??= this.run().finally(() => {
      this.pump = null;
      this.refresh();
      if (this.failure === null && this.hasWork()) this.scheduleSave();
    });
    this.refresh();
    return this.pump;
  }

  private async run(): Promise<void> {
    this.failure = null;
    for (const log of [...this.logs.values()]) {
      while (this.shouldGoOn() && (await this.sendNext(log)));
      if (!this.shouldGoOn()) return;
    }
    this.retryMs = FIRST_RETRY_MS;
    this.firstUnsaved = null;
  }

  private shouldGoOn(): boolean {
    return this.failure === null;
  }

  /** Decisions first: batches may speak of the annotations that they make. False when there is nothing to send. */
  private async sendNext(log: ImageLog): Promise<boolean> {
    const options = { keepalive: this.keepalive };
    const decisions = log.inFlight === null ? log.decisions.nextBatch() : null;
    const batch = decisions === null ? log.nextBatch() : null;
    if (decisions === null && batch === null) return false;
    this.refresh();
    await this.writeJournal(log);
    try {
      if (decisions) log.acknowledgeDecisions(await this.parts.transport.decide(log.imageId, decisions, options));
      else if (batch) this.acknowledge(log, await this.parts.transport.saveChanges(log.imageId, batch, options));
    } catch (error) {
      this.fail(log, error);
    }
    await this.writeJournal(log);
    this.refresh();
    return true;
  }

  private acknowledge(log: ImageLog, answer: ChangeAnswer): void {
    const remote = log.acknowledge(answer);
    this.value.update((status) => ({ ...status, savedAt: this.parts.clock.wallTime() }));
    if (log.imageId !== this.openImage) return;
    if (answer.state && !log.isDirty("image")) this.parts.news.imageState(answer.state);
    if (remote.annotations.length + remote.deleted.length > 0) this.parts.news.changes(remote);
  }

  private fail(log: ImageLog, error: unknown): void {
    const failure = asTransportError(error);
    if (failure.kind === "refused") {
      if (log.decisions.inFlight && log.inFlight === null) log.refuseDecisions();
      else log.refuse(failure.message);
      return;
    }
    this.failure = failure;
    if (failure.kind !== "network") return;
    this.stopTimer();
    this.cancelTimer = this.parts.clock.after(this.retryMs, () => void this.flush());
    this.retryMs = Math.min(this.retryMs * 2, LAST_RETRY_MS);
  }

  private scheduleJournal(): void {
    this.cancelJournal ??= this.parts.clock.after(JOURNAL_MS, () => {
      this.cancelJournal = null;
      for (const log of this.logs.values()) if (log.pending > 0) void this.writeJournal(log);
    });
  }

  /** A journal that fails (a full disk, a private window) must not keep anybody from saving. */
  private async writeJournal(log: ImageLog): Promise<void> {
    const entry = log.entry();
    try {
      await (entry ? this.journal.put(entry) : this.journal.remove(log.imageId));
    } catch {
      return;
    }
  }

  private refresh(): void {
    const isSending = this.pump !== null;
    const { savedAt } = this.value.get();
    const next = logsToStatus([...this.logs.values()], { failure: this.failure, isSending, savedAt });
    if (JSON.stringify(next) !== JSON.stringify(this.value.get())) this.value.set(next);
  }
}

function asTransportError(error: unknown): TransportError {
  if (error instanceof TransportError) return error;
  return new TransportError("network", error instanceof Error ? error.message : "The server gave no answer.");
}
