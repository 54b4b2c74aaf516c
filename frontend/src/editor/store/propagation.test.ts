import { describe, expect, it } from "vitest";

import { boxAnnotation } from "../testing";
import { copiesFor } from "./propagation";
import { apiToAnnotation } from "./records";

const A = boxAnnotation("a", [10, 10, 20, 20], { attributes: { colour: "red" }, occluded: true });
const B = boxAnnotation("b", [90, 10, 30, 20]);
const TAG = boxAnnotation("t", [0, 0, 0, 0], { shape: { type: "tag" } });
const records = [A, B, TAG].map((one, index) => apiToAnnotation(one, index));

function copies(size: { width: number; height: number }, present: Parameters<typeof copiesFor>[2] = []) {
  let count = 0;
  return copiesFor(records, size, present, () => `new-${(count += 1)}`);
}

describe("copies for another image", () => {
  it("have identities of their own and everything else of the object", () => {
    const [first, ...others] = copies({ width: 200, height: 100 });
    expect(first).toMatchObject({
      uuid: "new-1",
      class: 11,
      attributes: { colour: "red" },
      occluded: true,
      shape: A.shape,
    });
    expect(others.map(({ uuid }) => uuid)).toEqual(["new-2", "new-3"]);
  });

  it("are cut at the border of a smaller image, and left out where they lie outside", () => {
    expect(copies({ width: 100, height: 100 }).map(({ shape }) => shape)).toEqual([
      A.shape,
      { type: "box", box: [90, 10, 10, 20] },
      { type: "tag" },
    ]);
    expect(copies({ width: 50, height: 50 }).map(({ shape }) => shape)).toEqual([A.shape, { type: "tag" }]);
  });

  it("are not made of what is there already: same class and shape, whatever the order of its keys", () => {
    const there = { ...A, uuid: "there", shape: { box: [10, 10, 20, 20], type: "box" } };
    expect(copies({ width: 200, height: 100 }, [there]).map(({ shape }) => shape)).toEqual([B.shape, TAG.shape]);
    const other = { ...there, class: 12 };
    expect(copies({ width: 200, height: 100 }, [other])).toHaveLength(3);
  });
});
