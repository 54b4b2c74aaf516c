import { describe, expect, it } from "vitest";

import { shapeUtil } from "../shapes";
import { TestEditor, boxAnnotation } from "../testing";

describe("the box tool", () => {
  function boxEditor(): TestEditor {
    const test = new TestEditor();
    test.key("B").expectPath("box.idle");
    return test;
  }

  it("draws by dragging, in any direction", () => {
    const test = boxEditor();
    test.pointerDown(60, 50).expectPath("box.dragging");
    test.pointerMove(30, 20).pointerUp(20, 10).expectPath("box.idle");
    expect(test.only.shape).toEqual({ type: "box", box: [20, 10, 40, 40] });
    expect(test.only.classId).toBe(11);
    expect([...test.editor.selection.get()]).toEqual([test.only.id]);
  });

  it("draws from click to click", () => {
    const test = boxEditor();
    test.click(20, 10).expectPath("box.stretching");
    test.pointerMove(50, 40).click(60, 50).expectPath("box.idle");
    expect(test.only.shape).toEqual({ type: "box", box: [20, 10, 40, 40] });
  });

  it("drops boxes under a pixel without a word", () => {
    const test = boxEditor();
    test.click(20, 10).click(20.4, 40);
    expect(test.objects).toEqual([]);
    expect(test.editor.history.state.get().canUndo).toBe(false);
  });

  it("never grabs what lies under the pointer", () => {
    const test = new TestEditor({ annotations: [boxAnnotation("a", [10, 10, 100, 80])] });
    test.key("B").drag([
      [30, 30],
      [60, 60],
    ]);
    expect(test.objects.map((record) => record.shape)).toEqual([
      { type: "box", box: [10, 10, 100, 80] },
      { type: "box", box: [30, 30, 30, 30] },
    ]);
  });

  it("lets the picture be panned and zoomed between the two clicks", () => {
    const test = boxEditor();
    test.click(20, 10);
    test.keyDown("Space").pointerDown(50, 50).pointerMove(40, 45).pointerUp(40, 45).keyUp("Space");
    test.wheel(40, 40, -100).expectPath("box.stretching");
    test.click(60, 50);
    const shape = test.only.shape;
    expect(shape.type === "box" && shape.box.map(Math.round)).toEqual([20, 10, 40, 40]);
  });

  it("takes the first corner back with Ctrl+Z, without touching what was drawn before", () => {
    const test = boxEditor();
    test.drag([
      [10, 10],
      [30, 30],
    ]);
    test.click(50, 50).key("Ctrl+Z").expectPath("box.idle");
    expect(test.objects).toHaveLength(1);
    test.key("Ctrl+Z");
    expect(test.objects).toHaveLength(0);
  });

  it("draws in the class whose key was pressed, and leaves the last object alone", () => {
    const test = boxEditor();
    test.drag([
      [10, 10],
      [30, 30],
    ]);
    test.key("2").drag([
      [50, 10],
      [70, 30],
    ]);
    expect(test.objects.map((record) => record.classId)).toEqual([11, 12]);
    test.key("Alt+1");
    expect(test.objects.map((record) => record.classId)).toEqual([11, 11]);
  });

  it("deletes the object just drawn with Del", () => {
    const test = boxEditor();
    test.drag([
      [10, 10],
      [30, 30],
    ]);
    test.key("Del").expectPath("box.idle");
    expect(test.objects).toEqual([]);
  });
});

describe("the polygon tool", () => {
  function polygonEditor(): TestEditor {
    const test = new TestEditor();
    test.key("P").expectPath("polygon.idle");
    return test;
  }

  const TRIANGLE = {
    type: "polygon",
    parts: [
      {
        outer: [
          [10, 10],
          [60, 10],
          [60, 60],
        ],
        holes: [],
      },
    ],
  };

  it("ends with Enter", () => {
    const test = polygonEditor();
    test
      .click(10, 10)
      .click(60, 10)
      .expectPath("polygon.drawing")
      .click(60, 60)
      .key("Enter")
      .expectPath("polygon.idle");
    expect(test.only.shape).toEqual(TRIANGLE);
  });

  it("ends with a click on the first vertex", () => {
    const test = polygonEditor();
    test.click(10, 10).click(60, 10).click(60, 60).click(12, 11).expectPath("polygon.idle");
    expect(test.only.shape).toEqual(TRIANGLE);
  });

  it("ends with a double click, whose place is the last vertex", () => {
    const test = polygonEditor();
    test.click(10, 10).click(60, 10).doubleClick(60, 60).expectPath("polygon.idle");
    expect(test.only.shape).toEqual(TRIANGLE);
  });

  it("takes vertices back with Backspace and Ctrl+Z", () => {
    const test = polygonEditor();
    test
      .click(10, 10)
      .click(60, 10)
      .click(90, 90)
      .key("Backspace")
      .click(20, 80)
      .key("Ctrl+Z")
      .click(60, 60)
      .key("Enter");
    expect(test.only.shape).toEqual(TRIANGLE);
    test.click(10, 10).key("Backspace").expectPath("polygon.idle");
  });

  it("draws freehand and keeps only the vertices that matter", () => {
    const test = polygonEditor();
    const line = Array.from({ length: 51 }, (_, step) => [10 + step, 10 + (step % 2) * 0.2] as const);
    test.drag(line).expectPath("polygon.drawing");
    test.click(60, 60).key("Enter");
    const shape = test.only.shape;
    const [outer] = shape.type === "polygon" ? shape.parts.map((part) => part.outer) : [];
    expect(outer).toHaveLength(3);
    expect(outer?.[0]).toEqual([10, 10]);
    expect(outer?.[2]).toEqual([60, 60]);
  });

  it("closes when a freehand line comes back to where it began", () => {
    const test = polygonEditor();
    const circle = Array.from({ length: 61 }, (_, step) => {
      const angle = (step / 60) * 2 * Math.PI;
      return [100 + 30 * Math.cos(angle), 50 + 30 * Math.sin(angle)] as const;
    });
    test.drag(circle).expectPath("polygon.idle");
    const shape = test.only.shape;
    expect(shape.type === "polygon" && shape.parts[0]?.outer.length).toBeGreaterThan(8);
  });

  it("drops what has no area without a word", () => {
    const test = polygonEditor();
    test.click(10, 10).click(60, 10).key("Enter");
    test.click(10, 10).click(60, 10).click(30, 10).key("Enter").expectPath("polygon.idle");
    expect(test.objects).toEqual([]);
  });
});

describe("brush and eraser", () => {
  function brushEditor(): TestEditor {
    const test = new TestEditor();
    test.editor.setBrushSize(10);
    test.key("M").expectPath("brush.idle");
    return test;
  }

  const areaOf = (test: TestEditor): number =>
    test.objects.reduce((sum, { shape }) => sum + shapeUtil(shape).area(shape), 0);

  it("paints a mask, and goes on painting on it while it is selected", () => {
    const test = brushEditor();
    test
      .pointerDown(30, 30)
      .expectPath("brush.painting")
      .pointerMove(60, 30)
      .pointerUp(60, 30)
      .expectPath("brush.idle");
    const first = areaOf(test);
    expect(test.only.shape).toMatchObject({ type: "mask", box: [25, 25, 40, 10] });
    test.drag([
      [60, 30],
      [60, 60],
    ]);
    expect(test.objects).toHaveLength(1);
    expect(areaOf(test)).toBeGreaterThan(first);
  });

  it("undoes stroke by stroke and comes back to the very same mask", () => {
    const test = brushEditor();
    test.click(30, 30);
    const first = test.only.shape;
    test.click(50, 30).key("Ctrl+Z");
    expect(test.only.shape).toEqual(first);
    test.key("Ctrl+Z");
    expect(test.objects).toEqual([]);
    test.key("Ctrl+Y").key("Ctrl+Y");
    expect(test.only.shape).toMatchObject({ box: [25, 25, 30, 10] });
  });

  it("begins a new mask after Esc, and for another class", () => {
    const test = brushEditor();
    test.click(30, 30).key("Esc").click(35, 30).key("2").click(40, 30);
    expect(test.objects.map((record) => record.classId)).toEqual([11, 11, 12]);
  });

  it("erases with the eraser, with the right button, and removes a mask of which nothing is left", () => {
    const test = brushEditor();
    test.drag([
      [30, 30],
      [60, 30],
    ]);
    const full = areaOf(test);
    test.click(30, 30, { button: 2 });
    expect(areaOf(test)).toBeLessThan(full);
    test.key("E").click(60, 30);
    test.drag([
      [20, 30],
      [80, 30],
    ]);
    expect(test.objects).toEqual([]);
    test.key("Ctrl+Z");
    expect(test.objects).toHaveLength(1);
  });

  it("stores no step for a stroke that changed nothing", () => {
    const test = brushEditor();
    test.drag([
      [30, 30],
      [60, 30],
    ]);
    test.click(45, 30);
    test.key("Ctrl+Z");
    expect(test.objects).toEqual([]);
  });

  it("changes its size with [ and ] and with Ctrl and the wheel", () => {
    const test = brushEditor();
    test.key("]");
    expect(test.editor.session.get().brushSize).toBe(12);
    test.key("[").key("[");
    expect(test.editor.session.get().brushSize).toBe(8);
    test.wheel(10, 10, -100, { ctrl: true });
    expect(test.editor.session.get().brushSize).toBe(9);
    for (let step = 0; step < 40; step += 1) test.key("[");
    expect(test.editor.session.get().brushSize).toBe(1);
    test.click(30.2, 30.9);
    expect(test.only.shape).toMatchObject({ box: [30, 30, 1, 1] });
  });

  it("leaves locked masks alone", () => {
    const test = brushEditor();
    test.click(30, 30).key("Shift+L").key("E").click(30, 30);
    expect(areaOf(test)).toBeGreaterThan(60);
  });
});

describe("fingers and pens", () => {
  const touch = (pointerId: number) => ({ pointerType: "touch", pointerId }) as const;

  it("give up the object when a second finger comes down, and zoom instead", () => {
    const test = new TestEditor();
    test.key("B");
    test
      .pointerDown(50, 50, touch(1))
      .pointerMove(60, 60, touch(1))
      .pointerDown(100, 60, touch(2))
      .expectPath("box.idle");
    const before = test.editor.camera.state.get().zoom;
    test.pointerMove(120, 60, touch(2));
    expect(test.editor.camera.state.get().zoom).toBeGreaterThan(before);
    test.pointerUp(120, 60, touch(2)).pointerMove(90, 90, touch(1)).pointerUp(90, 90, touch(1));
    expect(test.objects).toEqual([]);
  });

  it("never draw with the palm while a pen is in use", () => {
    const test = new TestEditor();
    test.key("B");
    test.drag(
      [
        [10, 10],
        [30, 30],
      ],
      { pointerType: "pen" },
    );
    test.drag(
      [
        [50, 50],
        [90, 90],
      ],
      touch(4),
    );
    expect(test.objects).toHaveLength(1);
  });
});
