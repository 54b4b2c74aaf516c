import "fake-indexeddb/auto";
import { expect, test } from "vitest";
import type { JournalEntry } from "../../editor";
import { IndexedDbJournal } from "./journal";

const entry = (imageId: number, revision: number) => ({ imageId, revision }) as unknown as JournalEntry;

test("entries survive a new start, the later one of an image replaces the earlier", async () => {
  const before = new IndexedDbJournal("ada");
  await before.put(entry(1, 3));
  await before.put(entry(2, 3));
  await before.put(entry(1, 4));
  const after = new IndexedDbJournal("ada");
  expect(await after.all()).toEqual([
    { imageId: 1, revision: 4 },
    { imageId: 2, revision: 3 },
  ]);
});

test("what was saved is removed, and nobody reads another user's journal", async () => {
  const ada = new IndexedDbJournal("ada2");
  await ada.put(entry(1, 3));
  expect(await new IndexedDbJournal("bob").all()).toEqual([]);
  await ada.remove(1);
  expect(await ada.all()).toEqual([]);
});
