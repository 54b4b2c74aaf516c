import { describe, expect, it } from "vitest";

import { partsArea } from "../geometry/polygon";
import { boxAnnotation, TestEditor } from "../testing";

const SQUARE = boxAnnotation("a", [0, 0, 0, 0], {
  shape: {
    type: "polygon",
    parts: [
      {
        outer: [
          [40, 20],
          [100, 20],
          [100, 80],
          [40, 80],
        ],
        holes: [],
      },
    ],
  },
});

function redraw(path: readonly (readonly [number, number])[]): TestEditor {
  const test = new TestEditor({ annotations: [SQUARE] });
  test.key("P");
  test.editor.select(["a"]);
  test.drag(path, { shift: true });
  return test;
}

const area = (test: TestEditor): number => {
  const { shape } = test.only;
  return shape.type === "polygon" ? partsArea(shape.parts) : 0;
};

describe("Shift with the polygon tool", () => {
  it.each([
    [
      "a bulge around a corner",
      [
        [100, 40],
        [130, 40],
        [130, 10],
        [60, 10],
        [60, 20],
      ],
      3600 + 30 * 30 + 40 * 10,
    ],
    [
      "a dent in one side",
      [
        [100, 30],
        [70, 30],
        [70, 60],
        [100, 60],
      ],
      3600 - 30 * 30,
    ],
    [
      "a dent drawn the other way",
      [
        [100, 60],
        [70, 60],
        [70, 30],
        [100, 30],
      ],
      3600 - 30 * 30,
    ],
    [
      "over the first vertex",
      [
        [40, 50],
        [20, 50],
        [20, 10],
        [60, 10],
        [60, 20],
      ],
      3600 + 20 * 40 + 20 * 10,
    ],
  ] as const)("redraws %s, in one undo step", (_, path, expected) => {
    const test = redraw(path);
    test.expectPath("polygon.idle");
    expect(area(test)).toBeCloseTo(expected, 0);
    test.key("Ctrl+Z");
    expect(test.only.shape).toEqual(SQUARE.shape);
  });

  it("changes nothing when the line ends off the outline, or on Esc", () => {
    const test = redraw([
      [100, 30],
      [130, 30],
      [150, 60],
    ]);
    expect(test.only.shape).toEqual(SQUARE.shape);
    test.pointerDown(100, 30, { shift: true }).expectPath("polygon.redrawing").pointerMove(70, 50).key("Esc");
    test.expectPath("polygon.idle").pointerUp(100, 60);
    expect(test.only.shape).toEqual(SQUARE.shape);
    expect(test.editor.history.state.get().canUndo).toBe(false);
  });
});
