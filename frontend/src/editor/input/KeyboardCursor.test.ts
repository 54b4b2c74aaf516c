import { describe, expect, it } from "vitest";

import { boxAnnotation, TestEditor } from "../testing";

/** The picture of 200 x 100 pixels fills the window, so the cursor begins at 100, 50. */
function cursorEditor(test = new TestEditor()): TestEditor {
  test.key("C");
  expect(test.editor.keyboardCursor.get()).toEqual({ x: 100, y: 50 });
  return test;
}

const press = (test: TestEditor, chord: string, times: number): TestEditor => {
  for (let time = 0; time < times; time += 1) test.key(chord);
  return test;
};

describe("the cursor for the keyboard", () => {
  it("goes in steps, by 10 pixels and by one, and stays on the picture", () => {
    const test = cursorEditor();
    test.key("ArrowLeft").key("Shift+ArrowUp").key("Ctrl+ArrowRight").key("Alt+ArrowDown");
    expect(test.editor.keyboardCursor.get()).toEqual({ x: 61, y: 41 });
    press(test, "Shift+ArrowUp", 9);
    expect(test.editor.keyboardCursor.get()).toEqual({ x: 61, y: 0 });
    test.key("C");
    expect(test.editor.keyboardCursor.get()).toBeNull();
  });

  it("draws a box by two clicks", () => {
    const test = cursorEditor(new TestEditor().key("B"));
    test.key("Enter");
    press(test, "Shift+ArrowRight", 3);
    press(test, "Ctrl+ArrowDown", 12).key("Enter");
    expect(test.only.shape).toEqual({ type: "box", box: [100, 50, 30, 12] });
  });

  it("draws a polygon, which a second click at the same place finishes", () => {
    const test = cursorEditor(new TestEditor().key("P"));
    test.key("Enter").key("Shift+ArrowRight").key("Enter").key("Shift+ArrowDown").key("Enter").key("Enter");
    expect(test.only.shape).toMatchObject({
      parts: [
        {
          outer: [
            [100, 50],
            [110, 50],
            [110, 60],
          ],
        },
      ],
    });
  });

  it("sets points that lie close together, as quickly as a key repeats, each as its own", () => {
    const test = cursorEditor(new TestEditor().key("P"));
    test.key("Enter").key("Ctrl+ArrowRight").key("Enter").key("Ctrl+ArrowRight").key("Enter");
    test.expectPath("polygon.drawing");
  });

  it("paints while it is pressed", () => {
    const test = cursorEditor(new TestEditor().key("M"));
    test.key("Shift+Enter").expectPath("brush.painting").key("Shift+ArrowRight").key("Shift+ArrowRight");
    test.key("Shift+Enter").expectPath("brush.idle");
    expect(test.only.shape).toMatchObject({ type: "mask" });
    expect(test.key("Ctrl+Z").objects).toEqual([]);
  });

  it("selects and moves what is under it", () => {
    const test = new TestEditor({ annotations: [boxAnnotation("a", [90, 40, 20, 20])] });
    cursorEditor(test).key("Enter");
    expect([...test.editor.selection.get()]).toEqual(["a"]);
    test.key("Shift+Enter").key("Shift+ArrowRight").key("Shift+Enter");
    expect(test.only.shape).toEqual({ type: "box", box: [100, 40, 20, 20] });
    // Without it the arrows move what is selected.
    test.key("C").key("ArrowLeft");
    expect(test.only.shape).toEqual({ type: "box", box: [99, 40, 20, 20] });
  });

  it("goes when the mouse is moved, and gives up what it had begun", () => {
    const test = new TestEditor().key("B").pointerMove(10, 10);
    cursorEditor(test).key("Shift+Enter").key("Shift+ArrowRight").expectPath("box.dragging");
    test.pointerMove(10, 10);
    expect(test.editor.keyboardCursor.get()).not.toBeNull();
    test.pointerMove(40, 10).expectPath("box.idle");
    expect(test.editor.keyboardCursor.get()).toBeNull();
    expect(test.objects).toEqual([]);
  });
});
