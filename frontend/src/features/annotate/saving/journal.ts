/** Keeps unsaved work in IndexedDB, so that a crash, a closed tab or a dead battery loses nothing. */
import { type Journal, type JournalEntry, uuid4 } from "../../../editor";
import { type Writers, writersOf } from "./writers";

const STORE = "unsaved";
const WRITER = "writer";
/** The store of version 1: one entry for each image, whoever wrote it. */
const FIRST_STORE = "entries";

interface Stored extends JournalEntry {
  readonly writer: string;
}

const done = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error("IndexedDB gave no reason."));
  });

/**
 * One database for each user: another person at the same browser must not save the first one's work as their own.
 * Each editor writes entries of its own; those of writers that live no more are taken over, by one taker only.
 */
export class IndexedDbJournal implements Journal {
  private readonly name: string;
  private readonly writer = uuid4();
  private readonly writers: Writers;
  private readonly held: Promise<() => void>;
  private database: Promise<IDBDatabase> | null = null;

  constructor(user: string, writers: (journal: string) => Writers = writersOf) {
    this.name = `annotator-journal-${user}`;
    this.writers = writers(this.name);
    this.held = this.writers.hold(this.writer);
    this.held.catch(() => undefined);
  }

  async put(entry: JournalEntry): Promise<void> {
    await this.held;
    await done((await this.store("readwrite")).put({ ...entry, writer: this.writer } satisfies Stored));
  }

  async remove(id: string): Promise<void> {
    await done((await this.store("readwrite")).delete(id));
  }

  async take(): Promise<JournalEntry[]> {
    await this.held;
    const others = (await this.allWriters()).filter((writer) => writer !== this.writer);
    const living = await this.writers.living(others);
    const dead = others.filter((writer) => !living.has(writer));
    return (await Promise.all(dead.map((writer) => this.takeFrom(writer)))).flat();
  }

  /** What is left may be taken over from now on. */
  async close(): Promise<void> {
    const release = await this.held.catch(() => null);
    release?.();
    const database = await this.database?.catch(() => null);
    database?.close();
  }

  /** A transaction of its own: of two who take from the same writer, the second finds nothing. */
  private async takeFrom(writer: string): Promise<JournalEntry[]> {
    const store = await this.store("readwrite");
    const entries = (await done(store.index(WRITER).getAll(writer))) as Stored[];
    for (const entry of entries) store.put({ ...entry, writer: this.writer } satisfies Stored);
    return entries;
  }

  private async allWriters(): Promise<string[]> {
    const index = (await this.store("readonly")).index(WRITER);
    return new Promise((resolve, reject) => {
      const found: string[] = [];
      const request = index.openKeyCursor(null, "nextunique");
      request.onerror = () => reject(request.error ?? new Error("IndexedDB gave no reason."));
      request.onsuccess = () => {
        const cursor = request.result;
        if (cursor === null) resolve(found);
        else {
          found.push(cursor.key as string);
          cursor.continue();
        }
      };
    });
  }

  private async store(mode: IDBTransactionMode): Promise<IDBObjectStore> {
    this.database ??= this.open();
    try {
      return (await this.database).transaction(STORE, mode).objectStore(STORE);
    } catch (error) {
      // A database that was closed or could not be opened is opened again for the next write.
      this.database = null;
      throw error;
    }
  }

  private async open(): Promise<IDBDatabase> {
    const request = indexedDB.open(this.name, 2);
    request.onupgradeneeded = () => upgrade(request);
    const database = await new Promise<IDBDatabase>((resolve, reject) => {
      // A tab with an older page holds the old form; without a journal it still saves.
      request.onblocked = () => reject(new Error("Another tab holds an older form of the journal."));
      done(request).then(resolve, reject);
    });
    database.onversionchange = () => database.close();
    return database;
  }
}

function upgrade(request: IDBOpenDBRequest): void {
  const database = request.result;
  database.createObjectStore(STORE, { keyPath: "id" }).createIndex(WRITER, WRITER);
  if (!database.objectStoreNames.contains(FIRST_STORE) || request.transaction === null) return;
  const { transaction } = request;
  const old = transaction.objectStore(FIRST_STORE).getAll() as IDBRequest<JournalEntry[]>;
  old.onsuccess = () => {
    for (const entry of old.result) {
      const added = { id: uuid4(), image: null, since: null, conflicts: [], writer: FIRST_STORE };
      transaction.objectStore(STORE).put({ ...entry, ...added } satisfies Stored);
    }
    database.deleteObjectStore(FIRST_STORE);
  };
}
