import { describe, expect, it } from "vitest";

import { runsArea, runsHas } from "../../geometry/runs";
import { shapeUtil } from "../../shapes";
import { maskToRuns } from "../../shapes/mask";
import { boxAnnotation, TestEditor, type TestEditorOptions } from "../../testing";

function brushEditor(options: TestEditorOptions = {}): TestEditor {
  const test = new TestEditor(options);
  test.editor.masks.setBrush({ size: 10 });
  test.key("M").expectPath("brush.idle");
  return test;
}

const areaOf = (test: TestEditor): number =>
  test.objects.reduce((sum, { shape }) => sum + shapeUtil(shape).area(shape), 0);

/** Whether the only mask holds the pixel. */
function isSet(test: TestEditor, x: number, y: number): boolean {
  const { shape } = test.only;
  return shape.type === "mask" && runsHas(maskToRuns(shape), { x, y });
}

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

describe("brush and eraser", () => {
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
    expect(test.editor.session.get().brush.size).toBe(12);
    test.key("[").key("[");
    expect(test.editor.session.get().brush.size).toBe(8);
    test.wheel(10, 10, -100, { ctrl: true });
    expect(test.editor.session.get().brush.size).toBe(9);
    for (let step = 0; step < 40; step += 1) test.key("[");
    expect(test.editor.session.get().brush.size).toBe(1);
    test.click(30.2, 30.9);
    expect(test.only.shape).toMatchObject({ box: [30, 30, 1, 1] });
  });

  it("leaves locked masks alone", () => {
    const test = brushEditor();
    test.click(30, 30).key("Shift+L").key("E").click(30, 30);
    expect(areaOf(test)).toBeGreaterThan(60);
  });

  it("paints squares with the square tip", () => {
    const test = brushEditor();
    test.editor.run("brush-tip");
    test.click(30, 30);
    expect(test.only.shape).toMatchObject({ box: [25, 25, 10, 10] });
    expect(areaOf(test)).toBe(100);
  });

  it("paints as thin as the pen presses, unless that is off", () => {
    const test = brushEditor();
    const pen = { pointerType: "pen", pressure: 0.4 } as const;
    test.pointerDown(30, 30, pen).pointerUp(30, 30, pen);
    expect(test.only.shape).toMatchObject({ box: [28, 28, 4, 4] });
    test.editor.masks.setBrush({ pressure: false });
    test.key("Esc").pointerDown(80, 30, pen).pointerUp(80, 30, pen);
    expect(test.objects.at(-1)?.shape).toMatchObject({ box: [75, 25, 10, 10] });
  });

  it("puts the mask back when a stroke is given up", () => {
    const test = brushEditor();
    test.click(30, 30);
    const before = test.snapshot();
    test.pointerDown(30, 30).pointerMove(90, 60).key("Esc").expectPath("brush.idle");
    test.pointerUp(90, 60);
    expect(test.snapshot()).toBe(before);
  });

  it("keeps off other masks and polygons when told to, and erases only its own", () => {
    const test = brushEditor({ annotations: [boxAnnotation("p", [0, 0, 0, 0], { shape: SQUARE })] });
    test.click(20, 30).key("Esc");
    test.editor.run("brush-keep-others");
    test.drag([
      [10, 30],
      [90, 30],
    ]);
    const [, first, second] = test.objects.map(({ shape }) => (shape.type === "mask" ? maskToRuns(shape) : null));
    expect(second && runsHas(second, { x: 30, y: 30 })).toBe(true);
    expect(second && runsHas(second, { x: 50, y: 30 })).toBe(false);
    expect(second && runsHas(second, { x: 20, y: 30 })).toBe(false);
    expect(first && runsArea(first)).toBeGreaterThan(60);
    test.key("Ctrl+Z");
    expect(test.objects).toHaveLength(2);
  });
});

describe("outlines on masks", () => {
  const corners = [
    [20, 20],
    [60, 20],
    [60, 60],
    [20, 60],
  ] as const;

  function draw(test: TestEditor, key: string): TestEditor {
    test.key(key);
    for (const [x, y] of corners) test.click(x, y);
    return test.key("Enter");
  }

  it("begin a mask, add to the selected one and cut from it, a step each", () => {
    const test = draw(new TestEditor(), "Shift+M").expectPath("mask-add.idle");
    expect(test.only.shape).toMatchObject({ type: "mask", box: [20, 20, 40, 40] });
    test.click(70, 20).click(90, 20).click(90, 40).click(70, 40).key("Enter");
    expect(test.only.shape).toMatchObject({ box: [20, 20, 70, 40] });
    draw(test, "Shift+E");
    expect(test.only.shape).toMatchObject({ box: [70, 20, 20, 20] });
    test.key("Ctrl+Z").key("Ctrl+Z");
    expect(areaOf(test)).toBe(1600);
    test.key("Ctrl+Y").key("Ctrl+Y");
    expect(areaOf(test)).toBe(400);
  });

  it("take the last vertex back with Backspace, and are given up with Esc", () => {
    const test = new TestEditor().key("Shift+M");
    const before = test.snapshot();
    test.click(20, 20).click(60, 20).click(60, 60).key("Backspace").key("Enter");
    expect(test.snapshot()).toBe(before);
    test.click(20, 20).click(60, 20).click(60, 60).key("Esc").expectPath("mask-add.idle");
    expect(test.snapshot()).toBe(before);
  });

  it("cut nothing without a selected mask", () => {
    const test = new TestEditor({ annotations: [boxAnnotation("a", [20, 20, 40, 40])] });
    const before = test.snapshot();
    draw(test, "Shift+E");
    expect(test.snapshot()).toBe(before);
  });
});

describe("the fill", () => {
  /** A square frame of 10 pixels around 30 x 30 empty ones. */
  function frame(): TestEditor {
    const test = brushEditor();
    test.editor.masks.setBrush({ tip: "square" });
    return test.drag([
      [30, 30],
      [70, 30],
      [70, 70],
      [30, 70],
      [30, 30],
    ]);
  }

  it("sets what the mask encloses, selected or not, and nothing outside", async () => {
    const test = frame();
    expect(isSet(test, 50, 50)).toBe(false);
    test.key("Esc").key("Shift+O").click(90, 90).click(50, 50);
    expect(isSet(test, 50, 50)).toBe(true);
    expect(areaOf(test)).toBe(50 * 50);
    const filled = test.only.shape;
    test.key("Ctrl+Z");
    expect(areaOf(test)).toBe(1600);
    test.key("Ctrl+Y");
    await test.editor.sync.flush();
    expect(test.server.annotations()[0]?.shape).toEqual(filled);
  });

  it("fills all holes with a click on the mask, and by its command", () => {
    const test = frame().key("Shift+O").click(30, 30);
    expect(areaOf(test)).toBe(50 * 50);
    test.key("Ctrl+Z");
    expect(test.editor.run("fill-holes")).toBe(true);
    expect(areaOf(test)).toBe(50 * 50);
    test.editor.select([]);
    expect(test.editor.canRun("fill-holes")).toBe("Select one mask first.");
  });

  it("changes nothing where nothing is enclosed", () => {
    const test = frame();
    test.key("E").drag([
      [50, 50],
      [90, 50],
    ]);
    const before = test.snapshot();
    test.key("Shift+O").click(50, 50);
    expect(test.snapshot()).toBe(before);
  });
});
