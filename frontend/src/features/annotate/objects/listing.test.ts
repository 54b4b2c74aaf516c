import { expect, test } from "vitest";
import type { AnnotationRecord, ClassRecord } from "../../../editor";
import { between, entriesOf, moved, searched, sorted, type SortKey } from "./listing";

const CLASSES = [
  { classId: 1, name: "cell 10", color: "#111111" },
  { classId: 2, name: "cell 9", color: "#222222" },
] as unknown as ClassRecord[];

const object = (id: string, classId: number, side: number, more: Partial<AnnotationRecord> = {}) =>
  ({
    id,
    classId,
    shape: { type: "box", box: [0, 0, side, side] },
    source: "human",
    score: null,
    attributes: {},
    ...more,
  }) as unknown as AnnotationRecord;

const OBJECTS = [
  object("back", 1, 10, { score: 0.4, source: "run:3" }),
  object("middle", 2, 30, { attributes: { stage: "Late phase" } }),
  object("front", 1, 20, { score: 0.9, source: "run:3" }),
];
const ENTRIES = entriesOf(OBJECTS, CLASSES);
const ids = (key: SortKey, descending: boolean) => sorted(ENTRIES, { key, descending }).map((entry) => entry.object.id);

test("entries are numbered in drawing order and a class that is gone has a name all the same", () => {
  expect(ENTRIES.map(({ number, name }) => `${number} ${name}`)).toEqual(["1 cell 10", "2 cell 9", "3 cell 10"]);
  expect(entriesOf([object("x", 9, 1)], CLASSES)[0]?.name).toBe("?");
});

test("each key sorts both ways, names by their numbers, and equals keep the front ones first", () => {
  expect(ids("order", true)).toEqual(["front", "middle", "back"]);
  expect(ids("order", false)).toEqual(["back", "middle", "front"]);
  expect(ids("class", false)).toEqual(["middle", "front", "back"]);
  expect(ids("class", true)).toEqual(["front", "back", "middle"]);
  expect(ids("area", false)).toEqual(["back", "front", "middle"]);
  expect(ids("source", false)).toEqual(["middle", "front", "back"]);
});

test("what has no score comes last in both directions", () => {
  expect(ids("score", true)).toEqual(["front", "back", "middle"]);
  expect(ids("score", false)).toEqual(["back", "front", "middle"]);
});

test("a search finds every word in class, number, source or attributes", () => {
  const found = (text: string) => searched(ENTRIES, text).map((entry) => entry.object.id);
  expect(found("  ")).toHaveLength(3);
  expect(found("CELL late")).toEqual(["middle"]);
  expect(found("run 3")).toEqual(["back", "front"]);
  expect(found("polygon")).toEqual([]);
});

test("a range goes either way, and to one object alone where it starts outside the list", () => {
  expect(between(ENTRIES, "front", "middle")).toEqual(["middle", "front"]);
  expect(between(ENTRIES, "gone", "middle")).toEqual(["middle"]);
  expect(between(ENTRIES, null, "back")).toEqual(["back"]);
});

test("keys move within the list", () => {
  expect(moved("ArrowDown", -1, 3, 2)).toBe(0);
  expect(moved("ArrowUp", 0, 3, 2)).toBe(0);
  expect(moved("PageDown", 0, 9, 4)).toBe(4);
  expect(moved("End", 0, 3, 2)).toBe(2);
  expect(moved("Home", 2, 3, 2)).toBe(0);
  expect(moved("ArrowDown", 0, 0, 2)).toBeNull();
  expect(moved("x", 0, 3, 2)).toBeNull();
});
