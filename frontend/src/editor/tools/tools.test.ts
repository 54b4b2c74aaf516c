import { describe, expect, it } from "vitest";

import { apiToShape, shapeUtil } from "../shapes";
import { settle, TestEditor, boxAnnotation } from "../testing";
import { TOOLS } from ".";

const METHOD = {
  key: "wand",
  prompts: { points: true, negative_points: true, box: true },
  outputs: ["mask", "polygon", "box"],
  parameters: [],
};

function testEditor(tool: string): TestEditor {
  const test = new TestEditor({ annotations: [boxAnnotation("a", [120, 20, 40, 40])] });
  test.editor.setSmartMethod(METHOD);
  test.editor.setTool(tool);
  return test;
}

/** Whatever the tool: a drag, a click, a click elsewhere, a third. */
function begin(test: TestEditor): void {
  test.drag([
    [10, 10],
    [20, 15],
    [50, 20],
  ]);
  test.click(60, 60);
  test.click(20, 70);
}

describe.each(TOOLS)("the tool $id", ({ id, shapes, keys }) => {
  it("is taken by its key and starts at rest", () => {
    const test = new TestEditor();
    test.editor.setTool(id === "select" ? "box" : "select");
    test.key(keys[0] ?? "").expectPath(`${id}.idle`);
  });

  it("leaves the records alone when it is entered, moved about with and left", () => {
    const test = testEditor(id);
    const before = test.snapshot();
    test.pointerMove(30, 30).pointerMove(130, 30);
    test.editor.setTool(id === "pan" ? "select" : "pan");
    expect(test.snapshot()).toBe(before);
    expect(test.editor.history.state.get().canUndo).toBe(false);
  });

  it("leaves the records alone when a press is cancelled, by Esc, by the browser or by another tool", () => {
    for (const cancel of [
      (test: TestEditor) => test.key("Esc"),
      (test: TestEditor) => test.pointerCancel(140, 40),
      (test: TestEditor) => test.key(id === "pan" ? "V" : "W"),
    ]) {
      const test = testEditor(id);
      const before = test.snapshot();
      test.pointerDown(130, 30).pointerMove(140, 40).pointerMove(150, 50);
      cancel(test);
      expect(test.editor.toolPath.get()).toMatch(/\.idle$/);
      test.pointerUp(150, 50);
      expect(test.snapshot()).toBe(before);
      expect(test.editor.history.state.get().canUndo).toBe(false);
    }
  });

  it("undoes and redoes what it made, and its shapes survive the wire", async () => {
    const test = testEditor(id);
    const before = test.snapshot();
    begin(test);
    await settle();
    test.key("Enter");
    const after = test.snapshot();
    // What changes masks or outlines has none to change here.
    expect(after !== before).toBe(
      shapes.length > 0 && !["eraser", "mask-cut", "fill", "wand", "slice", "simplify"].includes(id),
    );
    while (test.editor.history.state.get().canUndo) test.key("Ctrl+Z");
    expect(test.snapshot()).toBe(before);
    while (test.editor.history.state.get().canRedo) test.key("Ctrl+Shift+Z");
    expect(test.snapshot()).toBe(after);
    for (const { shape } of test.objects) {
      const wire: unknown = JSON.parse(JSON.stringify(shapeUtil(shape).toApi(shape)));
      expect(apiToShape(wire)).toEqual(shape);
    }
  });

  it("has made what the server keeps and the next opening shows", async () => {
    const test = testEditor(id);
    begin(test);
    await settle();
    test.key("Enter");
    await test.editor.sync.flush();
    await settle();
    const again = new TestEditor({ server: test.server });
    expect(again.objects.map(({ id: uuid, shape }) => [uuid, shape])).toEqual(
      test.objects.map(({ id: uuid, shape }) => [uuid, shape]),
    );
  });

  it("stays in hand after an object and makes only shapes that it names", async () => {
    const test = testEditor(id);
    begin(test);
    await settle();
    test.key("Enter");
    expect(test.editor.session.get().tool).toBe(id);
    const made = test.objects.filter((record) => record.id !== "a").map((record) => record.shape.type);
    expect(made.filter((type) => !shapes.includes(type))).toEqual([]);
  });

  it("keeps everything inside the picture", async () => {
    const test = testEditor(id);
    test.drag([
      [130, 30],
      [300, 30],
      [300, 300],
      [-50, 300],
    ]);
    test.drag([
      [-20, -20],
      [250, 150],
    ]);
    test.click(100, -30);
    await settle();
    test.key("Enter");
    for (const { shape } of test.objects) {
      expect(shapeUtil(shape).clamp(shape, { width: 200, height: 100 })).toEqual(shape);
    }
  });
});
