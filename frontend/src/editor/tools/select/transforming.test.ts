import { describe, expect, it } from "vitest";

import { boxAnnotation, TestEditor } from "../../testing";

const SQUARE = {
  type: "polygon",
  parts: [
    {
      outer: [
        [40, 20],
        [60, 20],
        [60, 40],
        [40, 40],
      ],
      holes: [],
    },
  ],
};
const P = boxAnnotation("p", [0, 0, 0, 0], { shape: SQUARE });
const B = boxAnnotation("b", [80, 40, 20, 20]);

/** Around both: x 40 to 100, y 20 to 60. */
function both(): TestEditor {
  const test = new TestEditor({ annotations: [P, B] });
  test.editor.select(["p", "b"]);
  return test;
}

const outer = (test: TestEditor): readonly (readonly [number, number])[] => {
  const shape = test.objects.find(({ id }) => id === "p")?.shape;
  return shape?.type === "polygon" ? (shape.parts[0]?.outer ?? []) : [];
};
const box = (test: TestEditor): unknown => test.objects.find(({ id }) => id === "b")?.shape;

describe("the frame around several objects", () => {
  it("scales all of them from the opposite corner, in one undo step", () => {
    const test = both();
    const before = test.snapshot();
    test.pointerMove(100, 60);
    expect(test.editor.cursor.get()).toBe("nwse-resize");
    test.pointerDown(100, 60).expectPath("select.transforming").pointerMove(130, 80).pointerUp(160, 80);
    expect(outer(test)).toEqual([
      [40, 20],
      [80, 20],
      [80, 50],
      [40, 50],
    ]);
    expect(box(test)).toEqual({ type: "box", box: [120, 50, 40, 30] });
    expect(test.editor.history.state.get().undoName).toBe("Scale");
    test.key("Ctrl+Z");
    expect(test.snapshot()).toBe(before);
    expect([...test.editor.selection.get()].sort()).toEqual(["b", "p"]);
  });

  it("keeps proportions with Shift", () => {
    const test = both();
    test.pointerDown(100, 60).pointerMove(130, 60, { shift: true }).pointerUp(130, 60, { shift: true });
    expect(box(test)).toEqual({ type: "box", box: [100, 50, 30, 30] });
  });

  it("turns about the middle; a box keeps upright and goes along", () => {
    const test = both();
    test.pointerDown(70, -4).expectPath("select.transforming").pointerMove(105, 40).pointerUp(105, 40);
    const turned = outer(test).map(([x, y]) => [Math.round(x), Math.round(y)]);
    expect(turned).toEqual([
      [90, 10],
      [90, 30],
      [70, 30],
      [70, 10],
    ]);
    expect(box(test)).toEqual({ type: "box", box: [50, 50, 20, 20] });
    expect(test.editor.history.state.get().undoName).toBe("Turn");
  });

  it("draws nothing out of the picture, and Esc puts everything back", () => {
    const test = both();
    const before = test.snapshot();
    test.pointerDown(70, -4).pointerMove(100, 45).key("Esc").expectPath("select.idle").pointerUp(100, 45);
    expect(test.snapshot()).toBe(before);
    test.drag([
      [100, 60],
      [150, 300],
    ]);
    for (const { shape } of test.objects) expect(JSON.stringify(shape)).not.toMatch(/NaN|null/);
    expect(Math.max(...outer(test).map(([, y]) => y))).toBeLessThanOrEqual(100);
  });
});
