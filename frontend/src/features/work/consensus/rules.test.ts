import { expect, test } from "vitest";
import type { ComparedGroup, RoundImage } from "../../../api/types";
import { choicesByQuorum, choicesOf, foreseen, isDisputed, majorityOf, takenOf } from "./rules";

const object = (annotator: string, label: number) => ({
  annotator,
  uuid: `${annotator}-${label}`,
  class: label,
  shape: {},
  box: [],
});
const both: ComparedGroup = { objects: [object("bob", 1), object("cem", 1)], chosen: 1, iou: 0.9 };
const torn: ComparedGroup = { objects: [object("bob", 1), object("cem", 2)], chosen: 0, iou: 0.8 };
const alone: ComparedGroup = { objects: [object("cem", 3)], chosen: 0, iou: null };
const groups = [both, torn, alone];

test("a majority is more than half", () => {
  expect([2, 3, 4, 5].map(majorityOf)).toEqual([2, 2, 3, 3]);
});

test("what enough people have is taken as the one that stands for all", () => {
  expect(choicesByQuorum(groups, 2)).toEqual([1, 0, null]);
  expect(choicesByQuorum(groups, 1)).toEqual([1, 0, 0]);
});

test("one person's labels are theirs and nothing else", () => {
  expect(choicesOf(groups, "bob")).toEqual([0, 0, null]);
  expect(takenOf(groups, choicesOf(groups, "cem")).map(({ uuid }) => uuid)).toEqual(["cem-1", "cem-2", "cem-3"]);
});

test("what somebody lacks or calls otherwise is disputed", () => {
  expect(groups.map((group) => isDisputed(group, 2))).toEqual([false, true, true]);
});

test("a merge is foreseen over the images that are ready for it", () => {
  const image = (support: number[], complete: boolean, merged_in: number | null = null) =>
    ({ support, complete, merged_in }) as RoundImage;
  const images = [image([2, 1, 4], true), image([1, 0, 0], true), image([9, 9], false), image([9, 9, 9], true, 7)];
  expect(foreseen(images, 2)).toEqual({ images: 2, taken: 5, left: 3 });
});
