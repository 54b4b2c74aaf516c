import { describe, expect, it } from "vitest";

import { boxAnnotation, TestEditor } from "../testing";
import { COMMANDS } from ".";

const A = boxAnnotation("a", [10, 10, 20, 20]);
const B = boxAnnotation("b", [50, 10, 20, 20]);

const ghost = (uuid: string, score: number, x: number) => ({
  uuid,
  class: 12,
  shape: { type: "box", box: [x, 50, 20, 20] },
  score,
  state: "pending",
  batch: 1,
  source: "run:7",
});

const ids = (test: TestEditor): string[] => test.objects.map((record) => record.id);
const selected = (test: TestEditor): string[] => [...test.editor.selection.get()];

describe.each(COMMANDS)("the command $id", ({ id }) => {
  it("says why it cannot run, and does nothing then", () => {
    const test = new TestEditor({ empty: true });
    const reason = test.editor.canRun(id);
    expect(reason === true || reason.endsWith(".")).toBe(true);
    expect(test.editor.run(id)).toBe(reason === true);
    expect(test.editor.history.state.get().canUndo).toBe(false);
  });

  it("is undone in one step with the selection back", () => {
    const test = new TestEditor({ annotations: [A, B], predictions: [ghost("g", 0.9, 10)] });
    test.editor.select(["a"]);
    const before = test.snapshot();
    test.editor.run(id);
    if (!test.editor.history.state.get().canUndo) return;
    test.key("Ctrl+Z");
    expect(test.snapshot()).toBe(before);
    expect(selected(test)).toEqual(["a"]);
  });
});

describe("copy and paste", () => {
  it("put copies a little aside, selected, with identities of their own", () => {
    const test = new TestEditor({ annotations: [A, B] });
    test.editor.select(["a", "b"]);
    test.key("Ctrl+C").key("Ctrl+V");
    expect(test.objects.slice(2).map((record) => record.shape)).toEqual([
      { type: "box", box: [20, 20, 20, 20] },
      { type: "box", box: [60, 20, 20, 20] },
    ]);
    expect(selected(test)).toEqual(ids(test).slice(2));
    test.key("Ctrl+Z");
    expect(ids(test)).toEqual(["a", "b"]);
  });

  it("paste on another image at the same place, without what lies outside", () => {
    const test = new TestEditor({ annotations: [A, B] });
    test.editor.select(["a", "b"]);
    test.key("Ctrl+X");
    expect(ids(test)).toEqual([]);
    test.server.rows.clear();
    test.open({ image: { id: 6, name: "b.jpg", width: 45, height: 60, state: "unlabelled" } });
    test.key("Ctrl+V");
    expect(test.only.shape).toEqual(A.shape);
  });

  it("duplicate stays inside the picture", () => {
    const test = new TestEditor({ annotations: [boxAnnotation("a", [170, 70, 30, 30])] });
    test.editor.select(["a"]);
    test.key("Ctrl+D");
    expect(test.objects[1]?.shape).toEqual({ type: "box", box: [160, 60, 30, 30] });
  });
});

describe("flags and layers", () => {
  it("switch a mixed selection on, then off", () => {
    const test = new TestEditor({ annotations: [{ ...A, occluded: true }, B] });
    test.editor.select(["a", "b"]);
    test.key("Q");
    expect(test.objects.map((record) => record.occluded)).toEqual([true, true]);
    test.key("Q");
    expect(test.objects.map((record) => record.occluded)).toEqual([false, false]);
  });

  it("keep locked objects from being deleted or moved", () => {
    const test = new TestEditor({ annotations: [A] });
    test.editor.select(["a"]);
    test.key("Shift+L").key("Del").key("ArrowLeft");
    expect(test.only.shape).toEqual(A.shape);
    expect(test.editor.canRun("delete")).toBe("What is selected is locked; unlock it first.");
  });

  it("bring to the front and the back", () => {
    const test = new TestEditor({ annotations: [A, B] });
    test.editor.select(["a"]);
    test.key("+");
    expect(ids(test)).toEqual(["b", "a"]);
    test.key("-");
    expect(ids(test)).toEqual(["a", "b"]);
  });

  it("hide everything with one key, and nothing can be grabbed then", () => {
    const test = new TestEditor({ annotations: [A] });
    test.key("Shift+H").click(20, 20);
    expect(selected(test)).toEqual([]);
    test.key("Shift+H").click(20, 20);
    expect(selected(test)).toEqual(["a"]);
  });
});

describe("for a person who may look only", () => {
  it.each(COMMANDS)("$id changes nothing that is saved", ({ id }) => {
    const test = new TestEditor({ annotations: [A, B], predictions: [ghost("g", 0.9, 10)] });
    test.editor.setReadOnly(true);
    test.editor.select(["a"]);
    const isView = (key: string): boolean => ["hidden", "locked", "pinned"].includes(key);
    const saved = (): string =>
      JSON.stringify([test.objects, test.editor.image.get()], (key, value: unknown) => (isView(key) ? null : value));
    const before = saved();
    test.editor.run(id);
    expect(saved()).toBe(before);
  });

  it("the select tool moves and deletes nothing, and drawing tools say why", () => {
    const test = new TestEditor({ annotations: [A] });
    test.editor.setReadOnly(true);
    expect(test.editor.canUse("box")).toBe("Your role in this project lets you look, not draw.");
    test
      .drag([
        [15, 15],
        [40, 40],
      ])
      .key("Delete");
    expect(test.only.shape).toEqual({ type: "box", box: [10, 10, 20, 20] });
  });
});

describe("classes", () => {
  it("relabel what is selected with the select tool", () => {
    const test = new TestEditor({ annotations: [A, B] });
    test.key("Ctrl+A").key("2");
    expect(test.objects.map((record) => record.classId)).toEqual([12, 12]);
    test.key("Ctrl+Z");
    expect(test.objects.map((record) => record.classId)).toEqual([11, 11]);
  });

  it("set and clear the tag of an image in a project of tags, one at a time", () => {
    const test = new TestEditor();
    test.editor.setShapes(["tag"]);
    expect(test.editor.canUse("box")).toBe("This project's objects are of another kind: tag.");
    test.key("1").key("2");
    expect(test.only).toMatchObject({ classId: 12, shape: { type: "tag" } });
    test.key("2");
    expect(ids(test)).toEqual([]);
    test.editor.setTagMode("many");
    test.key("1").key("2");
    expect(test.objects.map((record) => record.classId)).toEqual([11, 12]);
    test.key("Ctrl+Z");
    expect(test.only.classId).toBe(11);
  });

  it("take a new hotkey with the project's classes", () => {
    const test = new TestEditor({ annotations: [A] });
    test.editor.setClasses([{ id: 12, number: 2, name: "dog", color: "#56b4e9", hotkey: "7" }]);
    test.editor.select(["a"]);
    test.key("7");
    expect(test.only.classId).toBe(12);
    expect(test.editor.session.get().activeClass).toBe(12);
  });
});

describe("next and previous object", () => {
  it("go round and bring the object into view", () => {
    const test = new TestEditor({ annotations: [A, B] });
    test.key("Tab");
    expect(selected(test)).toEqual(["a"]);
    test.key("Tab").key("Tab");
    expect(selected(test)).toEqual(["a"]);
    test.key("Shift+Tab");
    expect(selected(test)).toEqual(["b"]);
  });
});

describe("predictions", () => {
  function ghostEditor(): TestEditor {
    return new TestEditor({ predictions: [ghost("low", 0.1, 10), ghost("mid", 0.5, 50), ghost("high", 0.9, 100)] });
  }

  it("are shown best first, those under the threshold not at all", () => {
    const test = ghostEditor();
    expect(test.editor.predictions.get().map(({ uuid }) => uuid)).toEqual(["high", "mid"]);
    test.editor.updateSettings({ minScore: 0.05 });
    expect(test.editor.predictions.get()).toHaveLength(3);
  });

  it("are accepted and rejected one after the other with two keys", () => {
    const test = ghostEditor();
    test.click(110, 60).key("A");
    expect(test.only).toMatchObject({ id: "high", classId: 12, source: "run:7", score: 0.9 });
    expect(selected(test)).toEqual(["prediction:mid"]);
    test.key("X");
    expect(test.editor.predictions.get()).toEqual([]);
    test.key("Ctrl+Z").key("Ctrl+Z");
    expect(test.objects).toEqual([]);
    expect(test.editor.predictions.get()).toHaveLength(2);
  });

  it("under the pointer need no click", () => {
    const test = ghostEditor();
    test.pointerMove(60, 60).key("A");
    expect(test.only.id).toBe("mid");
  });

  it("are accepted all at once in one undo step", () => {
    const test = ghostEditor();
    test.key("Shift+A");
    expect(ids(test).sort()).toEqual(["high", "mid"]);
    test.key("Ctrl+Z");
    expect(ids(test)).toEqual([]);
  });

  it("are not moved by a drag", () => {
    const test = ghostEditor();
    test.click(110, 60);
    test.drag([
      [110, 60],
      [150, 60],
    ]);
    expect(test.editor.predictions.get()[0]?.shape).toEqual({ type: "box", box: [100, 50, 20, 20] });
  });
});

describe("tools by key", () => {
  it("takes the last drawing tool again with N", () => {
    const test = new TestEditor();
    test.key("P").key("V").expectPath("select.idle").key("N").expectPath("polygon.idle");
  });
});
