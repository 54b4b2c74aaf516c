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

  it("keep an unfinished polygon while two fingers zoom", () => {
    const test = new TestEditor().key("P");
    for (const at of [
      [10, 10],
      [60, 10],
      [60, 60],
    ] as const)
      test.click(at[0], at[1], touch(1));
    test.expectPath("polygon.drawing");
    test.pointerDown(80, 80, touch(1)).pointerDown(120, 80, touch(2)).pointerMove(140, 80, touch(2));
    expect(test.editor.camera.state.get().zoom).toBeGreaterThan(1);
    test.pointerUp(140, 80, touch(2)).pointerUp(80, 80, touch(1)).expectPath("polygon.drawing").key("Enter");
    expect(test.only.shape).toMatchObject({ parts: [{ outer: { length: 3 } }] });
  });

  it("are the right button when they stay", async () => {
    const test = new TestEditor().key("M");
    test.drag(
      [
        [40, 40],
        [80, 40],
      ],
      touch(1),
    );
    const area = (): number => test.objects.reduce((sum, { shape }) => sum + shapeUtil(shape).area(shape), 0);
    const painted = area();
    test.pointerDown(60, 40, touch(1));
    await test.clock.advance(600);
    test.pointerUp(60, 40, touch(1)).expectPath("brush.idle");
    expect(area()).toBeLessThan(painted);
    // One that moves before that draws.
    test.pointerDown(60, 40, touch(1)).pointerMove(70, 45, touch(1));
    await test.clock.advance(600);
    test.pointerUp(70, 45, touch(1));
    expect(area()).toBeGreaterThan(painted * 0.9);
  });

  it("give way to a pen that comes after the palm, and a palm under the pen moves nothing", () => {
    const test = new TestEditor().key("B");
    const pen = { pointerType: "pen", pointerId: 9 } as const;
    test.pointerDown(20, 20, touch(1)).pointerMove(60, 60, touch(1)).expectPath("box.dragging");
    const camera = test.editor.camera.state.get();
    test.pointerDown(10, 10, pen).pointerMove(40, 40, pen);
    test.pointerMove(90, 90, touch(1)).pointerDown(120, 60, touch(2)).pointerMove(150, 60, touch(2));
    test.pointerUp(40, 40, pen).pointerUp(90, 90, touch(1)).pointerUp(150, 60, touch(2));
    expect(test.editor.camera.state.get()).toEqual(camera);
    expect(test.only.shape).toEqual({ type: "box", box: [10, 10, 30, 30] });
  });

  it("draw again when the pen has been away for a while", () => {
    const test = new TestEditor().key("B");
    const stroke = [
      [10, 10],
      [30, 30],
    ] as const;
    test.drag(stroke, { pointerType: "pen" }).key("Del");
    test.clock.skip(40_000);
    test.drag(stroke, touch(1));
    expect(test.objects).toHaveLength(1);
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
