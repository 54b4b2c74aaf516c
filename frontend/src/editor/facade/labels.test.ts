import { describe, expect, it } from "vitest";

import { boxAnnotation, CLASSES, TestEditor } from "../testing";

const CAT = {
  ...CLASSES[0],
  id: 11,
  number: 1,
  name: "cat",
  color: "#e69f00",
  hotkey: "1",
  attributes: [
    { name: "coat", type: "select", values: ["black", "white"], default: "black" },
    { name: "age", type: "number" },
    { name: "tame", type: "checkbox", default: true },
  ],
};

function editor(): TestEditor {
  const test = new TestEditor({
    annotations: [
      boxAnnotation("a", [10, 10, 20, 20], { attributes: { coat: "white" } }),
      boxAnnotation("b", [50, 10, 20, 20], { group: 4 }),
      boxAnnotation("c", [90, 10, 20, 20]),
    ],
  });
  test.editor.setClasses([CAT]);
  return test;
}

const record = (test: TestEditor, id: string) => test.objects.find((one) => one.id === id);

describe("attributes", () => {
  it("have the class's defaults on new objects and tags", () => {
    const test = editor();
    test.key("B").drag([
      [20, 50],
      [60, 90],
    ]);
    test.editor.toggleTag(11);
    for (const made of test.objects.slice(3)) expect(made.attributes).toEqual({ coat: "black", tame: true });
  });

  it("are set for many at once, in one undo step, and leave the others alone", () => {
    const test = editor();
    test.editor.labels.setAttribute(["a", "b"], "age", 3);
    expect(record(test, "a")?.attributes).toEqual({ coat: "white", age: 3 });
    expect(record(test, "b")?.attributes).toEqual({ age: 3 });
    test.editor.labels.setAttribute(["a"], "coat", undefined);
    expect(record(test, "a")?.attributes).toEqual({ age: 3 });
    test.key("Ctrl+Z").key("Ctrl+Z");
    expect(record(test, "b")?.attributes).toEqual({});
    expect(test.editor.history.state.get().canUndo).toBe(false);
  });

  it("make no undo step when nothing changes", () => {
    const test = editor();
    test.editor.labels.setAttribute(["a"], "coat", "white");
    expect(test.editor.history.state.get().canUndo).toBe(false);
  });
});

describe("groups", () => {
  it("are made and dissolved by one key", () => {
    const test = editor();
    test.editor.select(["a", "c"]);
    test.key("G");
    expect([record(test, "a")?.group, record(test, "c")?.group]).toEqual([5, 5]);
    test.key("G");
    expect([record(test, "a")?.group, record(test, "c")?.group]).toEqual([null, null]);
  });

  it("take in what was in another one, and are selected whole", () => {
    const test = editor();
    test.editor.select(["a", "b"]);
    test.key("G");
    test.editor.select(["a"]);
    test.key("Shift+G");
    expect([...test.editor.selection.get()].sort()).toEqual(["a", "b"]);
    test.editor.select(["c"]);
    expect(test.editor.canRun("group")).toBe("Select two objects or more to group them.");
    expect(test.editor.canRun("select-group")).toBe("What is selected is in no group.");
  });
});

describe("pinned objects", () => {
  it("are not moved but reshaped, and nothing of it is sent", () => {
    const test = editor();
    test.click(20, 20).key("Shift+P");
    expect(record(test, "a")?.pinned).toBe(true);
    test.drag([
      [20, 20],
      [30, 40],
    ]);
    test.key("ArrowRight");
    expect(record(test, "a")?.shape).toEqual({ type: "box", box: [10, 10, 20, 20] });
    expect(test.editor.sync.hasUnsaved()).toBe(false);
    test.drag([
      [30, 30],
      [35, 40],
    ]);
    expect(record(test, "a")?.shape).toEqual({ type: "box", box: [10, 10, 25, 30] });
  });
});

describe("labels of the image", () => {
  it("are captions, changed in place and taken away by an empty text", () => {
    const test = editor();
    const id = test.editor.labels.addCaption("  Two cats. ") ?? "";
    expect(record(test, id)?.shape).toEqual({ type: "caption", text: "Two cats." });
    test.editor.labels.setCaption(id, "Three cats.");
    expect(record(test, id)?.shape).toEqual({ type: "caption", text: "Three cats." });
    test.editor.labels.setCaption(id, " ");
    expect(record(test, id)).toBeUndefined();
    expect(test.editor.labels.addCaption(" ")).toBeNull();
  });

  it("are tags, by Shift and the key of the class", () => {
    const test = editor();
    test.key("Shift+1");
    expect(test.objects.filter((one) => one.shape.type === "tag")).toHaveLength(1);
    test.key("Shift+1");
    expect(test.objects.filter((one) => one.shape.type === "tag")).toHaveLength(0);
    test.editor.setShapes(["box"]);
    test.key("Shift+1");
    expect(test.objects).toHaveLength(3);
  });
});
