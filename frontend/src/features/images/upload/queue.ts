/** The upload queue: batches, progress per file, retries, the fate of each file; knows no React and no HTTP. */
import type { UploadAnswer } from "../../../api/types";

export type UploadState = "waiting" | "sending" | "created" | "unpacking" | "duplicate" | "refused" | "failed";

export interface UploadItem {
  readonly id: number;
  readonly file: File;
  readonly state: UploadState;
  /** Bytes that have left, of file.size. */
  readonly sent: number;
  /** Why it was refused, or why it failed. */
  readonly detail: string;
}

export interface UploadSnapshot {
  readonly items: readonly UploadItem[];
  readonly counts: Readonly<Record<UploadState, number>>;
  readonly sentBytes: number;
  readonly totalBytes: number;
  readonly busy: boolean;
}

/** What a transport's failure means for the queue. */
export type FailureKind = "network" | "signedOut" | "tooLarge" | "refused";

export interface UploadTransport {
  send(files: readonly File[], onProgress: (sent: number) => void, signal: AbortSignal): Promise<UploadAnswer>;
  classify(error: unknown): { kind: FailureKind; detail: string };
  wait(milliseconds: number): Promise<void>;
}

// 8 files a request: the per-request overhead is gone, and a lost connection costs little. 24 MB keeps progress moving.
const BATCH_FILES = 8;
const BATCH_BYTES = 24_000_000;
const PARALLEL = 2;
const ATTEMPTS = 4;
const RETRY_MS = 1000;

const ARCHIVE = /\.(zip|tar|tar\.gz|tgz|tar\.bz2|tar\.xz)$/i;
const ENDED: ReadonlySet<UploadState> = new Set(["created", "unpacking", "duplicate", "refused", "failed"]);

const isArchive = (file: File): boolean => ARCHIVE.test(file.name);

/** The ids of the next batch: an archive travels alone, and no name occurs twice, since the answer speaks of names. */
export function nextBatch(waiting: readonly UploadItem[]): readonly number[] {
  const ids: number[] = [];
  const names = new Set<string>();
  let bytes = 0;
  for (const item of waiting) {
    if (ids.length > 0 && (isArchive(item.file) || bytes + item.file.size > BATCH_BYTES)) break;
    if (names.has(item.file.name)) continue;
    ids.push(item.id);
    names.add(item.file.name);
    bytes += item.file.size;
    if (ids.length === BATCH_FILES || isArchive(item.file)) break;
  }
  return ids;
}

/** The fate of each file of a batch; a file that the answer renamed is matched by its place among the created. */
export function fates(
  files: readonly File[],
  answer: UploadAnswer,
): readonly { readonly state: UploadState; readonly detail: string }[] {
  const refused = new Map(answer.refused.map((entry) => [entry.name, entry.detail]));
  const duplicates = new Set(answer.duplicates.map((entry) => entry.name));
  const created = new Set(answer.created.map((entry) => entry.name));
  let renamed = answer.created.filter((entry) => !files.some((file) => file.name === entry.name)).length;
  return files.map((file) => {
    const reason = refused.get(file.name);
    if (reason !== undefined) return { state: "refused", detail: reason };
    if (duplicates.has(file.name)) return { state: "duplicate", detail: "" };
    if (created.has(file.name)) return { state: "created", detail: "" };
    if (isArchive(file) && answer.jobs.length > 0) return { state: "unpacking", detail: "" };
    renamed -= 1;
    return renamed >= 0 ? { state: "created", detail: "" } : { state: "failed", detail: "" };
  });
}

export class UploadQueue {
  private items = new Map<number, UploadItem>();
  private nextId = 1;
  private running = 0;
  private paused = false;
  private batchFiles = BATCH_FILES;
  private aborter = new AbortController();
  private snapshotCache: UploadSnapshot | null = null;
  private readonly listeners = new Set<() => void>();

  constructor(
    private readonly transport: UploadTransport,
    private readonly onBatch: (answer: UploadAnswer) => void = () => undefined,
  ) {}

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  readonly snapshot = (): UploadSnapshot => {
    this.snapshotCache ??= summarise([...this.items.values()]);
    return this.snapshotCache;
  };

  add(files: readonly File[]): void {
    for (const file of files) {
      const id = this.nextId++;
      this.items.set(id, { id, file, state: "waiting", sent: 0, detail: "" });
    }
    this.changed();
    this.pump();
  }

  retryFailed(): void {
    for (const item of this.items.values()) {
      if (item.state === "failed") this.set(item.id, { state: "waiting", sent: 0, detail: "" });
    }
    this.changed();
    this.pump();
  }

  /** After a new sign-in. */
  resume(): void {
    this.paused = false;
    this.pump();
  }

  /** Stops what is under way and forgets every row. */
  clear(): void {
    this.aborter.abort();
    this.aborter = new AbortController();
    this.items = new Map();
    this.changed();
  }

  private pump(): void {
    while (this.running < PARALLEL && !this.paused) {
      const waiting = [...this.items.values()].filter((item) => item.state === "waiting");
      const ids = nextBatch(waiting).slice(0, this.batchFiles);
      if (ids.length === 0) return;
      for (const id of ids) this.set(id, { state: "sending" });
      this.running += 1;
      void this.sendBatch(ids).finally(() => {
        this.running -= 1;
        this.pump();
      });
    }
  }

  private async sendBatch(ids: readonly number[]): Promise<void> {
    const signal = this.aborter.signal;
    const files = ids.flatMap((id) => this.items.get(id)?.file ?? []);
    for (let attempt = 1; ; attempt += 1) {
      try {
        const answer = await this.transport.send(files, (sent) => this.spread(ids, sent), signal);
        fates(files, answer).forEach((fate, index) =>
          this.set(ids[index] ?? 0, { ...fate, sent: files[index]?.size ?? 0 }),
        );
        this.changed();
        this.onBatch(answer);
        return;
      } catch (error) {
        if (signal.aborted) return;
        const { kind, detail } = this.transport.classify(error);
        if (kind === "network" && attempt < ATTEMPTS) {
          await this.transport.wait(RETRY_MS * 2 ** (attempt - 1));
          continue;
        }
        this.fail(ids, kind, detail);
        return;
      }
    }
  }

  private fail(ids: readonly number[], kind: FailureKind, detail: string): void {
    const again = kind === "signedOut" || (kind === "tooLarge" && ids.length > 1);
    if (kind === "signedOut") this.paused = true;
    if (kind === "tooLarge" && ids.length > 1) this.batchFiles = 1;
    const state = again ? "waiting" : kind === "network" ? "failed" : "refused";
    for (const id of ids) this.set(id, { state, sent: 0, detail: again ? "" : detail });
    this.changed();
  }

  /** One number of bytes for the whole request, laid over its files in their order. */
  private spread(ids: readonly number[], sent: number): void {
    let left = sent;
    for (const id of ids) {
      const size = this.items.get(id)?.file.size ?? 0;
      this.set(id, { sent: Math.min(size, Math.max(0, left)) });
      left -= size;
    }
    this.changed();
  }

  private set(id: number, patch: Partial<Omit<UploadItem, "id" | "file">>): void {
    const item = this.items.get(id);
    if (item !== undefined) this.items.set(id, { ...item, ...patch });
  }

  private changed(): void {
    this.snapshotCache = null;
    for (const listener of this.listeners) listener();
  }
}

function summarise(items: readonly UploadItem[]): UploadSnapshot {
  const counts = { waiting: 0, sending: 0, created: 0, unpacking: 0, duplicate: 0, refused: 0, failed: 0 };
  let sentBytes = 0;
  let totalBytes = 0;
  for (const item of items) {
    counts[item.state] += 1;
    totalBytes += item.file.size;
    sentBytes += ENDED.has(item.state) ? item.file.size : item.sent;
  }
  return { items, counts, sentBytes, totalBytes, busy: counts.waiting + counts.sending > 0 };
}
