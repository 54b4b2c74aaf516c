/** Keeps unsaved work in IndexedDB, so that a crash, a closed tab or a dead battery loses nothing. */
import type { Journal, JournalEntry } from "../../editor";

const STORE = "entries";

const done = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error("IndexedDB gave no reason."));
  });

/** One database for each user: another person at the same browser must not save the first one's work as their own. */
export class IndexedDbJournal implements Journal {
  private database: Promise<IDBDatabase> | null = null;

  constructor(private readonly user: string) {}

  async put(entry: JournalEntry): Promise<void> {
    await done((await this.store("readwrite")).put(entry));
  }

  async remove(imageId: number): Promise<void> {
    await done((await this.store("readwrite")).delete(imageId));
  }

  async all(): Promise<JournalEntry[]> {
    return (await done((await this.store("readonly")).getAll())) as JournalEntry[];
  }

  private async store(mode: IDBTransactionMode): Promise<IDBObjectStore> {
    this.database ??= this.open();
    return (await this.database).transaction(STORE, mode).objectStore(STORE);
  }

  private open(): Promise<IDBDatabase> {
    const request = indexedDB.open(`annotator-journal-${this.user}`, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: "imageId" });
    return done(request);
  }
}
