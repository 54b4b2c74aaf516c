import { describe, expect, it } from "vitest";

import { boxAnnotation, TestEditor } from "../../../editor/testing";
import { announcementsOf, type Moment } from "./announcement";

function momentOf({ editor }: TestEditor): Moment {
  return {
    image: editor.image.get(),
    objects: editor.objects.get(),
    selection: editor.selection.get(),
    tool: editor.session.get().tool,
    cursor: editor.keyboardCursor.get(),
  };
}

function told(test: TestEditor, act: () => void): unknown {
  const before = momentOf(test);
  act();
  return announcementsOf(before, momentOf(test));
}

describe("what a listener is told", () => {
  it("is what was made, selected, taken away and taken in hand", () => {
    const test = new TestEditor({ annotations: [boxAnnotation("a", [10, 10, 20, 20])] });
    expect(told(test, () => test.key("Tab"))).toMatchObject([
      {
        kind: "selected",
        object: { id: "a" },
        number: 1,
        total: 1,
      },
    ]);
    expect(told(test, () => test.key("Esc"))).toEqual([{ kind: "deselected" }]);
    expect(told(test, () => test.key("B"))).toEqual([{ kind: "tool", tool: "box" }]);
    const draw = () =>
      test.drag([
        [50, 50],
        [80, 80],
      ]);
    expect(told(test, draw)).toMatchObject([{ kind: "made", objects: [{ shape: { type: "box" } }] }]);
    expect(told(test, () => test.key("Ctrl+A"))).toEqual([{ kind: "selectedMany", count: 2 }]);
    expect(told(test, () => test.key("Del"))).toMatchObject([{ kind: "deleted", objects: [{}, {}] }]);
    expect(told(test, () => test.key("Ctrl+Z"))).toMatchObject([{ kind: "made", objects: [{}, {}] }]);
  });

  it("is where the cursor for the keyboard went, and which image is open", () => {
    const test = new TestEditor().key("C");
    expect(told(test, () => test.key("Ctrl+ArrowLeft"))).toEqual([{ kind: "cursor", x: 99, y: 50 }]);
    expect(told(test, () => test.key("B").key("Ctrl+ArrowLeft"))).toEqual([
      { kind: "tool", tool: "box" },
      { kind: "cursor", x: 98, y: 50 },
    ]);
    expect(told(test, () => test.key("C"))).toEqual([]);
    const other = { id: 9, name: "b.jpg", width: 20, height: 10, state: "unlabelled" };
    expect(told(test, () => test.open({ image: other }))).toMatchObject([{ kind: "image", name: "b.jpg" }]);
  });
});
