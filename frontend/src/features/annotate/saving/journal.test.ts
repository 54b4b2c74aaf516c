import "fake-indexeddb/auto";
import { expect, test } from "vitest";
import type { JournalEntry } from "../../../editor";
import { IndexedDbJournal } from "./journal";
import { CallingWriters, LockedWriters, type Writers } from "./writers";

const entry = (id: string, revision: number) => ({ id, imageId: 1, revision }) as unknown as JournalEntry;

/** The browser's locks as far as they are used: a name is held until its holder lets go or its page dies. */
class FakeLocks {
  readonly names = new Set<string>();

  async request(name: string, hold: () => Promise<unknown>): Promise<void> {
    this.names.add(name);
    await hold();
    this.names.delete(name);
  }

  query(): Promise<{ held: { name: string }[] }> {
    return Promise.resolve({ held: [...this.names].map((name) => ({ name })) });
  }
}

const locking = (locks: FakeLocks) => (name: string) => new LockedWriters(locks as unknown as LockManager, `${name}/`);
const calling = (name: string) => new CallingWriters(name);

const KINDS: readonly (readonly [string, () => (name: string) => Writers])[] = [
  ["locks", () => locking(new FakeLocks())],
  ["calls between tabs", () => calling],
];

test.each(KINDS)("with %s, nobody takes what a living tab has written", async (kind, make) => {
  const writers = make();
  const user = `living ${kind}`;
  const first = new IndexedDbJournal(user, writers);
  await first.put(entry("a", 1));
  const second = new IndexedDbJournal(user, writers);
  expect(await second.take()).toEqual([]);
  await second.put(entry("b", 1));
  await first.close();
  expect(await second.take()).toMatchObject([entry("a", 1)]);
  await second.close();
});

test.each(KINDS)("with %s, what a dead tab left goes to one heir only", async (kind, make) => {
  const writers = make();
  const user = `dead ${kind}`;
  const dead = new IndexedDbJournal(user, writers);
  await dead.put(entry("a", 1));
  await dead.put(entry("b", 1));
  await dead.put(entry("a", 2));
  await dead.close();
  const heirs = [new IndexedDbJournal(user, writers), new IndexedDbJournal(user, writers)];
  const taken = await Promise.all(heirs.map((heir) => heir.take()));
  expect(taken.flat()).toMatchObject([entry("a", 2), entry("b", 1)]);
  expect(taken.map((entries) => entries.length).sort()).toEqual([0, 2]);
  // An heir may die as well.
  await Promise.all(heirs.map((heir) => heir.close()));
  expect(await new IndexedDbJournal(user, writers).take()).toHaveLength(2);
});

test("what was saved is removed, and nobody reads another user's journal", async () => {
  const writers = locking(new FakeLocks());
  const ada = new IndexedDbJournal("ada", writers);
  await ada.put(entry("a", 3));
  await ada.put(entry("b", 3));
  await ada.remove("a");
  await ada.close();
  expect(await new IndexedDbJournal("bob", writers).take()).toEqual([]);
  expect(await new IndexedDbJournal("ada", writers).take()).toMatchObject([entry("b", 3)]);
});

test("what the first form of the journal held is taken over", async () => {
  await new Promise((resolve) => {
    const request = indexedDB.open("annotator-journal-old", 1);
    request.onupgradeneeded = () => request.result.createObjectStore("entries", { keyPath: "imageId" });
    request.onsuccess = () => {
      const put = request.result.transaction("entries", "readwrite").objectStore("entries");
      put.put({ imageId: 4, revision: 9 }).onsuccess = () => {
        request.result.close();
        resolve(null);
      };
    };
  });
  const [taken] = await new IndexedDbJournal("old", locking(new FakeLocks())).take();
  expect(taken).toMatchObject({ imageId: 4, revision: 9, conflicts: [] });
});
