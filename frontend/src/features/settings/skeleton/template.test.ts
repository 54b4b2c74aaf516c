import { describe, expect, it } from "vitest";
import { addPoint, draftToSkeleton, removePoint, skeletonToDraft, togglePair } from "./template";

const EMPTY = skeletonToDraft({});

describe("the template of a skeleton", () => {
  it("is as it was when nothing was changed", () => {
    const skeleton = {
      points: ["a", "b", "c"],
      edges: [[0, 1]],
      mirrored: [[1, 2]],
      places: [
        [0.5, 0],
        [0, 1],
        [1, 1],
      ],
    };
    expect(draftToSkeleton(skeletonToDraft(skeleton))).toEqual(skeleton);
    expect(draftToSkeleton(EMPTY)).toEqual({});
  });

  it("fills the square, whatever part of it was drawn on", () => {
    const draft = addPoint(addPoint(EMPTY, "a", 0.2, 0.4), "b", 0.6, 0.4);
    expect(draftToSkeleton(draft).places).toEqual([
      [0, 0.5],
      [1, 0.5],
    ]);
  });

  it("keeps its pairs right when a point goes", () => {
    let draft = addPoint(addPoint(addPoint(EMPTY, "a", 0, 0), "b", 0.5, 0.5), "c", 1, 1);
    draft = togglePair(togglePair(draft, "edges", 0, 1), "edges", 2, 0);
    expect(removePoint(draft, 1).edges).toEqual([[1, 0]]);
    expect(togglePair(draft, "edges", 1, 0).edges).toEqual([[2, 0]]);
  });

  it("mirrors each point with one other", () => {
    let draft = addPoint(addPoint(addPoint(EMPTY, "a", 0, 0), "b", 0.5, 0.5), "c", 1, 1);
    draft = togglePair(togglePair(draft, "mirrored", 0, 1), "mirrored", 1, 2);
    expect(draft.mirrored).toEqual([[1, 2]]);
    expect(togglePair(draft, "mirrored", 1, 1)).toBe(draft);
  });
});
