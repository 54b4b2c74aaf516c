import { describe, expect, it } from "vitest";

import { boxAnnotation, TestEditor } from "../testing";

const A = boxAnnotation("a", [10, 10, 20, 20]);
const B = boxAnnotation("b", [60, 40, 10, 30]);
const C = boxAnnotation("c", [90, 20, 30, 10]);

function aligned(command: string): unknown[] {
  const test = new TestEditor({ annotations: [A, B, C] });
  test.editor.select(["a", "b", "c"]);
  const before = test.snapshot();
  expect(test.editor.run(command)).toBe(true);
  const boxes = test.objects.map(({ shape }) => (shape.type === "box" ? shape.box : null));
  test.key("Ctrl+Z");
  expect(test.snapshot()).toBe(before);
  return boxes;
}

describe("aligning", () => {
  it.each([
    ["align-left", [10, 10, 10], 0],
    ["align-centre", [55, 60, 50], 0],
    ["align-right", [100, 110, 90], 0],
    ["align-top", [10, 10, 10], 1],
    ["align-middle", [30, 25, 35], 1],
    ["align-bottom", [50, 40, 60], 1],
    ["distribute-across", [10, 55, 90], 0],
    ["distribute-down", [10, 40, 30], 1],
  ] as const)("%s moves along one axis only, in one undo step", (command, expected, axis) => {
    const boxes = aligned(command) as number[][];
    expect(boxes.map((box) => box[axis])).toEqual(expected);
    expect(boxes.map((box) => box[1 - axis])).toEqual(
      [A, B, C].map(({ shape }) => (shape as { box: number[] }).box[1 - axis]),
    );
  });

  it("leaves pinned and locked objects out, and says when too few are left", () => {
    const test = new TestEditor({ annotations: [A, B] });
    test.editor.select(["a"]);
    test.key("Shift+P");
    test.editor.select(["a", "b"]);
    expect(test.editor.canRun("align-left")).toBe("Select 2 objects or more that are neither locked nor pinned.");
  });
});
