import { describe, expect, it } from "vitest";

import { TestEditor, boxAnnotation } from "../../testing";

const BIG = boxAnnotation("big", [10, 10, 100, 80]);
const SMALL = boxAnnotation("small", [30, 30, 20, 20]);
const POLYGON = boxAnnotation("poly", [0, 0, 0, 0], {
  shape: {
    type: "polygon",
    parts: [
      {
        outer: [
          [120, 20],
          [180, 20],
          [180, 80],
          [120, 80],
        ],
        holes: [],
      },
    ],
  },
});

function selectEditor(): TestEditor {
  const test = new TestEditor({ annotations: [BIG, SMALL, POLYGON] });
  test.expectPath("select.idle");
  return test;
}

const selected = (test: TestEditor): string[] => [...test.editor.selection.get()].sort();
const shapeOf = (test: TestEditor, id: string): unknown => test.objects.find((record) => record.id === id)?.shape;

describe("selecting", () => {
  it("takes the smallest object under a click", () => {
    const test = selectEditor();
    test.click(40, 40);
    expect(selected(test)).toEqual(["small"]);
    test.click(15, 15);
    expect(selected(test)).toEqual(["big"]);
    test.click(195, 95);
    expect(selected(test)).toEqual([]);
  });

  it("adds and removes with Shift and Ctrl", () => {
    const test = selectEditor();
    test.click(40, 40).click(15, 20, { shift: true }).click(150, 50, { ctrl: true });
    expect(selected(test)).toEqual(["big", "poly", "small"]);
    test.click(40, 40, { ctrl: true });
    expect(selected(test)).toEqual(["big", "poly"]);
  });

  it("takes what the rubber band touches, and Esc brings the selection back", () => {
    const test = selectEditor();
    test.click(150, 50);
    test.clock.skip(1000);
    test.pointerDown(195, 95).pointerMove(115, 85).expectPath("select.marquee");
    expect(selected(test)).toEqual([]);
    test.pointerMove(100, 70);
    expect(selected(test)).toEqual(["big", "poly"]);
    test.key("Esc").expectPath("select.idle");
    expect(selected(test)).toEqual(["poly"]);
  });

  it("passes over hidden and locked objects", () => {
    const test = selectEditor();
    test.click(40, 40).key("H").click(40, 40);
    expect(selected(test)).toEqual(["big"]);
    test.key("Shift+L").click(40, 40);
    expect(selected(test)).toEqual([]);
  });

  it("shows what a press would take", () => {
    const test = selectEditor();
    test.pointerMove(40, 40);
    expect(test.editor.hovered.get()).toBe("small");
    expect(test.editor.cursor.get()).toBe("move");
    test.pointerMove(195, 95);
    expect(test.editor.hovered.get()).toBeNull();
  });
});

describe("moving", () => {
  it("moves all that is selected as one undo step, and the selection survives undo", () => {
    const test = selectEditor();
    test.click(40, 40).click(150, 50, { shift: true });
    test.pointerDown(40, 40).pointerMove(45, 42).expectPath("select.translating").pointerMove(50, 44).pointerUp(50, 44);
    expect(shapeOf(test, "small")).toEqual({ type: "box", box: [40, 34, 20, 20] });
    expect(shapeOf(test, "poly")).toMatchObject({
      parts: [
        {
          outer: [
            [130, 24],
            [190, 24],
            [190, 84],
            [130, 84],
          ],
        },
      ],
    });
    expect(test.editor.history.state.get().undoName).toBe("Move");
    test.key("Ctrl+Z");
    expect(shapeOf(test, "small")).toEqual(SMALL.shape);
    expect(selected(test)).toEqual(["poly", "small"]);
  });

  it("keeps the selection together at the border of the picture", () => {
    const test = selectEditor();
    test.click(40, 40).click(150, 50, { shift: true });
    test.drag([
      [40, 40],
      [90, 40],
    ]);
    expect(shapeOf(test, "small")).toEqual({ type: "box", box: [50, 30, 20, 20] });
  });

  it("moves a selected object from under a smaller one, where a click takes the smaller", () => {
    const test = selectEditor();
    test.click(15, 15);
    test.drag([
      [40, 40],
      [45, 40],
    ]);
    expect(shapeOf(test, "big")).toEqual({ type: "box", box: [15, 10, 100, 80] });
    test.click(45, 40);
    expect(selected(test)).toEqual(["small"]);
  });

  it("puts everything back on Esc", () => {
    const test = selectEditor();
    const before = test.snapshot();
    test.pointerDown(40, 40).pointerMove(60, 60).key("Esc").expectPath("select.idle").pointerUp(60, 60);
    expect(test.snapshot()).toBe(before);
    expect(test.editor.history.state.get().canUndo).toBe(false);
  });

  it("goes by pixels with the arrow keys, and a held key is one step", () => {
    const test = selectEditor();
    test.click(40, 40).key("ArrowRight").key("ArrowRight", { repeat: true }).key("ArrowRight", { repeat: true });
    test.key("Shift+ArrowDown");
    expect(shapeOf(test, "small")).toEqual({ type: "box", box: [33, 40, 20, 20] });
    test.key("Ctrl+Z");
    expect(shapeOf(test, "small")).toEqual({ type: "box", box: [33, 30, 20, 20] });
    test.key("Ctrl+Z");
    expect(shapeOf(test, "small")).toEqual(SMALL.shape);
  });
});

describe("reshaping", () => {
  it("drags a corner, also past the opposite one", () => {
    const test = selectEditor();
    test.click(40, 40);
    test.pointerMove(50, 50);
    expect(test.editor.cursor.get()).toBe("nwse-resize");
    test.pointerDown(50, 50).expectPath("select.resizing").pointerMove(70, 60).pointerUp(20, 20);
    expect(shapeOf(test, "small")).toEqual({ type: "box", box: [20, 20, 10, 10] });
    test.key("Ctrl+Z");
    expect(shapeOf(test, "small")).toEqual(SMALL.shape);
  });

  it("takes a drag back that leaves no object", () => {
    const test = selectEditor();
    test.click(40, 40);
    test.drag([
      [50, 40],
      [30, 40],
    ]);
    expect(shapeOf(test, "small")).toEqual(SMALL.shape);
    expect(test.editor.history.state.get().canUndo).toBe(false);
  });

  it("drags a vertex, inside the picture", () => {
    const test = selectEditor();
    test.click(150, 50);
    test.drag([
      [180, 80],
      [260, 70],
    ]);
    expect(shapeOf(test, "poly")).toMatchObject({
      parts: [
        {
          outer: [
            [120, 20],
            [180, 20],
            [200, 70],
            [120, 80],
          ],
        },
      ],
    });
  });

  it("puts a vertex into an edge by dragging it, in one undo step", () => {
    const test = selectEditor();
    test.click(150, 50);
    test.drag([
      [150, 20],
      [150, 15],
      [150, 5],
    ]);
    expect(shapeOf(test, "poly")).toMatchObject({
      parts: [
        {
          outer: [
            [120, 20],
            [150, 5],
            [180, 20],
            [180, 80],
            [120, 80],
          ],
        },
      ],
    });
    expect(test.editor.history.state.get().undoName).toBe("Add vertex");
    test.key("Ctrl+Z");
    expect(shapeOf(test, "poly")).toEqual(POLYGON.shape);
  });

  it("does nothing on a mere click on an edge, and adds a vertex on a double click", () => {
    const test = selectEditor();
    test.click(150, 50).click(150, 20);
    expect(shapeOf(test, "poly")).toEqual(POLYGON.shape);
    test.doubleClick(150, 20);
    expect(shapeOf(test, "poly")).toMatchObject({ parts: [{ outer: { length: 5 } }] });
  });

  it("deletes a vertex with Alt, but never the third", () => {
    const test = selectEditor();
    test.click(150, 50).click(120, 20, { alt: true });
    expect(shapeOf(test, "poly")).toMatchObject({
      parts: [
        {
          outer: [
            [180, 20],
            [180, 80],
            [120, 80],
          ],
        },
      ],
    });
    test.click(120, 80, { alt: true });
    expect(shapeOf(test, "poly")).toMatchObject({ parts: [{ outer: { length: 3 } }] });
  });
});
