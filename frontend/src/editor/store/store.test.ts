import { describe, expect, it } from "vitest";

import { TestEditor, boxAnnotation } from "../testing";
import { diffCompose, diffInvert, type Diff } from "./diff";
import { History } from "./History";
import { apiToAnnotation, annotationToApi, type AnnotationRecord } from "./records";
import { Selection } from "./Selection";
import { Store } from "./Store";

const record = (id: string, x = 0): AnnotationRecord => apiToAnnotation(boxAnnotation(id, [x, 0, 5, 5]), 1);

function parts(): { store: Store; selection: Selection; history: History; put: (one: AnnotationRecord) => void } {
  const store = new Store();
  const selection = new Selection();
  const put = (one: AnnotationRecord): void => {
    store.change((transaction) => transaction.put(one), { origin: "local", history: "record" });
  };
  return { store, selection, history: new History(store, selection), put };
}

describe("diffs", () => {
  const [one, two] = [record("a", 1), record("a", 2)];
  const created: Diff = new Map([["a", { before: null, after: one }]]);
  const moved: Diff = new Map([["a", { before: one, after: two }]]);
  const removed: Diff = new Map([["a", { before: two, after: null }]]);

  it("compose to what happened in all", () => {
    expect(diffCompose(created, moved)).toEqual(new Map([["a", { before: null, after: two }]]));
    expect(diffCompose(diffCompose(created, moved), removed).size).toBe(0);
  });

  it("compose with their inverse to nothing", () => {
    expect(diffCompose(moved, diffInvert(moved)).size).toBe(0);
  });
});

describe("the store", () => {
  it("tells one diff for all that a transaction did, and nothing for nothing", () => {
    const { store } = parts();
    const sizes: number[] = [];
    store.listen(({ diff }) => sizes.push(diff.size));
    const options = { origin: "local", history: "ignore" } as const;
    store.change((transaction) => ["a", "b", "c"].forEach((id) => transaction.put(record(id))), options);
    store.change((transaction) => {
      transaction.put(record("d"));
      transaction.delete("d");
    }, options);
    expect(sizes).toEqual([3]);
  });

  it("keeps its lists sorted by layer and stable between changes", () => {
    const { store, put } = parts();
    put({ ...record("a"), order: 2 });
    put({ ...record("b"), order: 1 });
    put({ ...record("c"), order: 3, zOrder: -1 });
    expect(store.annotations.get().map(({ id }) => id)).toEqual(["c", "b", "a"]);
    expect(store.annotations.get()).toBe(store.annotations.get());
  });
});

describe("history", () => {
  it("takes back everything since a mark", () => {
    const { store, history, put } = parts();
    put(record("a", 1));
    const mark = history.mark("Drag");
    put(record("a", 2));
    put(record("a", 3));
    history.bail(mark);
    expect(store.findAnnotation("a")?.shape).toEqual(record("a", 1).shape);
    expect(history.state.get()).toMatchObject({ canUndo: true, canRedo: false });
  });

  it("makes one step of everything since a mark, marks within included", () => {
    const { store, history, put } = parts();
    const outer = history.mark("Outer");
    put(record("a", 1));
    history.run("Inner", () => put(record("b", 1)));
    put(record("a", 2));
    history.squash(outer);
    expect(history.state.get().undoName).toBe("Outer");
    history.undo();
    expect(store.annotations.get()).toEqual([]);
    history.redo();
    expect(store.annotations.get()).toHaveLength(2);
    expect(history.redo()).toBe(false);
  });

  it("forgets redo after a new change, and has no step for nothing", () => {
    const { history, put } = parts();
    put(record("a", 1));
    history.undo();
    history.run("Nothing", () => undefined);
    expect(history.state.get().canRedo).toBe(true);
    put(record("b", 1));
    expect(history.state.get().canRedo).toBe(false);
  });

  it("puts everything back when a change throws halfway", () => {
    const { store, history, put } = parts();
    const broken = (): void => {
      put(record("a"));
      throw new Error("halfway");
    };
    expect(() => history.run("Broken", broken)).toThrow("halfway");
    expect(store.annotations.get()).toEqual([]);
    expect(history.state.get().canUndo).toBe(false);
  });

  it("goes back through a thousand steps", () => {
    const { store, history, put } = parts();
    for (let step = 0; step < 1000; step += 1) put(record("a", step));
    for (let step = 0; step < 1000; step += 1) history.undo();
    expect(store.annotations.get()).toEqual([]);
    expect(history.state.get().canUndo).toBe(false);
  });
});

describe("annotations on the wire", () => {
  it("keep all that the server keeps", () => {
    const api = boxAnnotation("a", [1, 2, 3, 4], {
      attributes: { colour: "red" },
      occluded: true,
      z_order: 3,
      group: 2,
      score: 0.5,
    });
    const { created_by, created_in, ...rest } = api;
    expect(annotationToApi(apiToAnnotation(api, 1))).toEqual(rest);
    expect([created_by, created_in]).toEqual([1, 1]);
  });
});

describe("opening an image", () => {
  it("leaves unreadable objects out with a sentence, and never deletes them", async () => {
    const test = new TestEditor({ annotations: [boxAnnotation("a", [1, 1, 5, 5])] });
    const bad = { ...boxAnnotation("b", [1, 1, 5, 5]), shape: { type: "cuboid" } };
    const opened = test.editor.open({
      image: { id: 6, name: "b.jpg", width: 50, height: 50, state: "unlabelled" },
      revision: 3,
      annotations: [boxAnnotation("c", [1, 1, 5, 5]), bad],
    });
    expect(opened.problems).toMatchObject([{ uuid: "b", detail: expect.stringContaining('"cuboid"') as string }]);
    expect(test.objects.map(({ id }) => id)).toEqual(["c"]);
    await test.clock.advance(20_000);
    expect(test.server.batches).toEqual([]);
  });

  it("begins with no history, no selection, the same tool and the same class", () => {
    const test = new TestEditor();
    test
      .key("B")
      .key("2")
      .drag([
        [10, 10],
        [30, 30],
      ]);
    test.open({ image: { id: 6, name: "b.jpg", width: 50, height: 50, state: "unlabelled" } });
    expect(test.editor.history.state.get().canUndo).toBe(false);
    expect(test.editor.selection.get().size).toBe(0);
    expect(test.editor.session.get()).toMatchObject({ tool: "box", activeClass: 12 });
  });
});

describe("an act outside the open image", () => {
  it("is undone in its turn, once", () => {
    const test = new TestEditor({ annotations: [boxAnnotation("a", [10, 10, 20, 20])] });
    const done: string[] = [];
    test.editor.past.note("Copy", { undo: () => done.push("taken back") });
    test.editor.remove(["a"]);
    test.key("Ctrl+Z");
    expect([test.objects.length, done]).toEqual([1, []]);
    test.key("Ctrl+Z").key("Ctrl+Z");
    expect(done).toEqual(["taken back"]);
    expect(test.editor.history.state.get()).toMatchObject({ canUndo: false, canRedo: true, redoName: "Delete" });
  });

  it("belongs to the image on which it was noted", () => {
    const test = new TestEditor();
    const done: string[] = [];
    test.editor.past.note("Copy", { undo: () => done.push("taken back") });
    test.open({ image: { id: 6, name: "b.jpg", width: 50, height: 50, state: "unlabelled" } });
    test.key("Ctrl+Z");
    expect(done).toEqual([]);
  });
});
