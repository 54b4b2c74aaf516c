import { describe, expect, it } from "vitest";

import { boxAnnotation, settle, TestEditor, type FakeServer } from "../testing";
import { MemoryJournal, type Journal } from "./journal";
import { TransportError } from "./transport";

const A = boxAnnotation("a", [10, 10, 20, 20]);
const B = boxAnnotation("b", [50, 10, 20, 20]);
const GHOST = {
  uuid: "g",
  class: 12,
  shape: { type: "box", box: [100, 10, 20, 20] },
  score: 0.8,
  state: "pending",
  batch: 1,
  run: 7,
};

const network = (): TransportError => new TransportError("network", "No answer.");

function draw(test: TestEditor, x: number): void {
  test.editor.setTool("box");
  test.drag([
    [x, 60],
    [x + 10, 80],
  ]);
}

const statusOf = (test: TestEditor): string => test.editor.sync.status.get().state;

describe("autosave", () => {
  it("saves 2 s after the last change, in one batch, and the badge is true all the way", async () => {
    const test = new TestEditor();
    expect(statusOf(test)).toBe("saved");
    draw(test, 10);
    expect(statusOf(test)).toBe("dirty");
    await test.clock.advance(1900);
    draw(test, 40);
    await test.clock.advance(1900);
    expect(test.server.batches).toEqual([]);
    let release = (): void => undefined;
    test.server.gate = new Promise((resolve) => (release = resolve));
    await test.clock.advance(100);
    expect(statusOf(test)).toBe("saving");
    release();
    await settle();
    expect(statusOf(test)).toBe("saved");
    expect(test.editor.sync.status.get()).toMatchObject({ pending: 0, savedAt: expect.any(Number) as number });
    expect(test.server.batches).toHaveLength(1);
    expect(test.server.batches[0]?.batch).toMatchObject({
      base_revision: 1,
      create: [{ class: 11 }, { class: 11 }],
      update: [],
      delete: [],
    });
    expect(test.editor.image.get()?.state).toBe("in_progress");
  });

  it("saves in the midst of work without a pause after 10 s", async () => {
    const test = new TestEditor();
    for (let step = 0; step < 11; step += 1) {
      draw(test, 10 + step);
      await test.clock.advance(1000);
    }
    expect(test.server.batches).toHaveLength(1);
  });

  it("sends what is left in the end, and only the fields that changed", async () => {
    const test = new TestEditor({ annotations: [A, B] });
    test.editor.patch(["a"], { occluded: true }, "x");
    test.editor.patch(["a"], { occluded: false }, "x");
    draw(test, 100);
    test.key("Ctrl+Z");
    await test.clock.advance(2000);
    expect(test.server.batches).toEqual([]);
    test.editor.patch(["a"], { truncated: true }, "x");
    test.editor.patch(["b"], { hidden: true, locked: true }, "x");
    test.editor.setImageState("annotated");
    expect(await test.editor.sync.flush()).toBe(true);
    expect(test.server.batches.map(({ batch }) => batch)).toEqual([
      {
        base_revision: 1,
        batch_id: expect.any(String) as string,
        create: [],
        update: [{ uuid: "a", truncated: true }],
        delete: [],
        state: "annotated",
      },
    ]);
  });

  it("sends nothing for an object that was moved there and back", async () => {
    const test = new TestEditor({ annotations: [A] });
    test.editor.select(["a"]);
    test.key("ArrowRight").key("ArrowLeft");
    expect(await test.editor.sync.flush()).toBe(true);
    expect(test.server.batches).toEqual([]);
    expect(statusOf(test)).toBe("saved");
  });

  it("waits for the end of a drag", async () => {
    const test = new TestEditor({ annotations: [A] });
    test.pointerDown(20, 20).pointerMove(40, 40);
    await test.clock.advance(5000);
    expect(test.server.batches).toEqual([]);
    test.pointerUp(50, 40);
    await test.clock.advance(2000);
    expect(test.server.batches[0]?.batch.update).toEqual([
      { uuid: "a", shape: { type: "box", box: [40, 30, 20, 20] } },
    ]);
  });

  it("goes out when the image is left, and what comes after a save in flight is not lost", async () => {
    const test = new TestEditor({ annotations: [A] });
    let release = (): void => undefined;
    test.server.gate = new Promise((resolve) => (release = resolve));
    test.editor.patch(["a"], { occluded: true }, "x");
    void test.editor.sync.flush();
    await settle();
    test.editor.patch(["a"], { occluded: false, truncated: true }, "x");
    test.editor.close();
    expect(test.editor.sync.hasUnsaved()).toBe(true);
    test.server.gate = null;
    release();
    await test.clock.advance(3000);
    expect(test.server.batches.map(({ batch }) => batch.update)).toEqual([
      [{ uuid: "a", occluded: true }],
      [{ uuid: "a", occluded: false, truncated: true }],
    ]);
    expect(statusOf(test)).toBe("saved");
  });
});

describe("a lost connection", () => {
  it("is tried again with the same batch, so that nothing is doubled", async () => {
    const test = new TestEditor();
    test.server.loseAnswer = true;
    draw(test, 10);
    await test.clock.advance(2000);
    expect(test.editor.sync.status.get()).toMatchObject({ state: "offline", reason: "network", pending: 1 });
    draw(test, 40);
    expect(statusOf(test)).toBe("offline");
    await test.clock.advance(1000);
    const [first, second, third] = test.server.batches.map(({ batch }) => batch);
    expect(second).toEqual(first);
    expect(third?.batch_id).not.toBe(first?.batch_id);
    expect(third?.create).toHaveLength(1);
    expect(test.server.annotations()).toHaveLength(2);
    expect(statusOf(test)).toBe("saved");
  });

  it("is tried at growing intervals", async () => {
    const test = new TestEditor();
    test.server.failures = Array.from({ length: 5 }, network);
    draw(test, 10);
    await test.clock.advance(2000 + 1000 + 2000 + 4000 + 8000);
    expect(test.server.batches).toHaveLength(5);
    await test.clock.advance(15_000);
    expect(statusOf(test)).toBe("offline");
    await test.clock.advance(1000);
    expect(statusOf(test)).toBe("saved");
  });

  it("waits for a login and goes on after it", async () => {
    const test = new TestEditor();
    test.server.failures = [new TransportError("unauthenticated", "Log in again.")];
    draw(test, 10);
    await test.clock.advance(60_000);
    expect(test.server.batches).toHaveLength(1);
    expect(test.editor.sync.status.get()).toMatchObject({
      state: "offline",
      reason: "unauthenticated",
      detail: "Log in again.",
    });
    test.editor.sync.retry();
    await settle();
    expect(statusOf(test)).toBe("saved");
  });
});

describe("an object that the server refuses", () => {
  it("is set aside with its sentence, all else is saved, and an edit tries again", async () => {
    const test = new TestEditor({ annotations: [A, B] });
    for (let step = 0; step < 6; step += 1) draw(test, 10 + 20 * step);
    const bad = test.objects[4]?.id ?? "";
    test.server.poison.add(bad);
    test.editor.patch(["a"], { occluded: true }, "x");
    await test.clock.advance(2000);
    expect(test.editor.sync.status.get()).toMatchObject({
      state: "refused",
      pending: 1,
      refusals: [{ imageId: 5, uuid: bad, detail: `Object ${bad} is not well formed.` }],
    });
    expect(test.server.annotations()).toHaveLength(7);
    test.server.poison.clear();
    test.editor.patch([bad], { occluded: true }, "x");
    await test.clock.advance(2000);
    expect(statusOf(test)).toBe("saved");
    expect(test.server.annotations()).toHaveLength(8);
  });
});

describe("somebody else's change", () => {
  async function conflictEditor(theirs: typeof A | null): Promise<TestEditor> {
    const test = new TestEditor({ annotations: [A, B] });
    test.server.edit("a", theirs);
    test.editor.patch(["a", "b"], { occluded: true }, "x");
    await test.clock.advance(2000);
    return test;
  }

  it("of the same object is a conflict that shows both sides; the rest is saved", async () => {
    const test = await conflictEditor({ ...A, class: 12 });
    expect(test.editor.sync.status.get()).toMatchObject({
      state: "conflict",
      pending: 1,
      conflicts: [
        { imageId: 5, uuid: "a", mine: { class: 11, occluded: true }, theirs: { class: 12, occluded: false } },
      ],
    });
    expect(test.server.rows.get("b")?.value?.occluded).toBe(true);
  });

  it("can be taken over, and undo does not bring ours back", async () => {
    const test = await conflictEditor({ ...A, class: 12 });
    test.editor.sync.resolve("a", "theirs");
    expect(test.objects.find((record) => record.id === "a")).toMatchObject({ classId: 12, occluded: false });
    expect(statusOf(test)).toBe("saved");
    test.key("Ctrl+Z");
    expect(test.objects.find((record) => record.id === "a")).toMatchObject({ classId: 12, occluded: false });
  });

  it("can be written over", async () => {
    const test = await conflictEditor({ ...A, class: 12 });
    test.editor.sync.resolve("a", "mine");
    await settle();
    expect(statusOf(test)).toBe("saved");
    expect(test.server.rows.get("a")?.value).toMatchObject({ class: 11, occluded: true });
  });

  it("that deleted the object can be taken over or undone by ours", async () => {
    const gone = await conflictEditor(null);
    gone.editor.sync.resolve("a", "theirs");
    expect(gone.objects.map((record) => record.id)).toEqual(["b"]);
    const kept = await conflictEditor(null);
    kept.editor.sync.resolve("a", "mine");
    await settle();
    expect(kept.server.batches.at(-1)?.batch.create).toMatchObject([{ uuid: "a", occluded: true }]);
    expect(statusOf(kept)).toBe("saved");
  });

  it("between two of our saves is noticed, though our own save was later", async () => {
    const test = new TestEditor({ annotations: [A, B] });
    test.server.tellsRemote = false;
    test.server.edit("b", { ...B, class: 12 });
    test.editor.patch(["a"], { occluded: true }, "x");
    await test.editor.sync.flush();
    test.editor.patch(["a", "b"], { truncated: true }, "x");
    await test.editor.sync.flush();
    expect(test.editor.sync.status.get().conflicts.map(({ uuid }) => uuid)).toEqual(["b"]);
    expect(test.server.rows.get("a")?.value).toMatchObject({ occluded: true, truncated: true });
  });

  it("comes in with the answer to a save, and undo leaves it alone", async () => {
    const C = boxAnnotation("c", [90, 10, 20, 20]);
    const test = new TestEditor({ annotations: [A, B] });
    test.editor.patch(["b"], { truncated: true }, "x");
    await test.editor.sync.flush();
    test.editor.patch(["a"], { occluded: true }, "x");
    test.server.edit("b", { ...B, class: 12 });
    test.server.edit("c", C);
    await test.editor.sync.flush();
    expect(test.objects).toMatchObject([{ id: "a", occluded: true }, { id: "b", classId: 12 }, { id: "c" }]);
    test.server.edit("c", null);
    test.editor.patch(["b"], { occluded: true }, "x");
    await test.editor.sync.flush();
    expect(test.objects.map(({ id }) => id)).toEqual(["a", "b"]);
    test.key("Ctrl+Z").key("Ctrl+Z").key("Ctrl+Z");
    expect(test.objects).toMatchObject([
      { id: "a", occluded: false },
      { id: "b", classId: 12, truncated: false, occluded: false },
    ]);
    expect(await test.editor.sync.flush()).toBe(true);
  });

  it("of an object that is being changed here does not come in, but is a conflict", async () => {
    const test = new TestEditor({ annotations: [A, B] });
    let release = (): void => undefined;
    test.server.gate = new Promise((resolve) => (release = resolve));
    test.server.edit("b", { ...B, class: 12 });
    test.editor.patch(["a"], { occluded: true }, "x");
    const saving = test.editor.sync.flush();
    await settle();
    test.editor.patch(["b"], { truncated: true }, "x");
    release();
    await saving;
    await test.editor.sync.flush();
    expect(test.objects.find((record) => record.id === "b")).toMatchObject({ classId: 11, truncated: true });
    expect(test.editor.sync.status.get().conflicts).toMatchObject([
      { uuid: "b", mine: { class: 11, truncated: true }, theirs: { class: 12 } },
    ]);
  });

  it("comes in with a refresh, and what is unsaved here stays", () => {
    const test = new TestEditor({ annotations: [A, B] });
    test.editor.patch(["a"], { occluded: true }, "x");
    test.editor.patch(["b"], { truncated: true }, "x");
    test.editor.patch(["b"], { truncated: false }, "x");
    test.server.edit("a", { ...A, class: 12 });
    test.server.edit("b", { ...B, class: 12 });
    test.editor.refresh({ revision: test.server.revision, state: "annotated", annotations: test.server.annotations() });
    expect(test.objects).toMatchObject([
      { id: "a", classId: 11, occluded: true },
      { id: "b", classId: 12 },
    ]);
    expect(test.editor.image.get()?.state).toBe("annotated");
    test.key("Ctrl+Z").key("Ctrl+Z");
    expect(test.objects.find((record) => record.id === "b")).toMatchObject({ classId: 12, truncated: false });
  });
});

describe("coming back to an image", () => {
  it("shows what is unsaved of it, although the server does not know it yet", async () => {
    const test = new TestEditor({ annotations: [A] });
    test.server.failures = Array.from({ length: 3 }, network);
    test.editor.patch(["a"], { occluded: true }, "x");
    draw(test, 100);
    test.editor.close();
    await settle();
    test.open();
    expect(test.objects).toMatchObject([{ id: "a", occluded: true }, { shape: { type: "box" } }]);
    await test.clock.advance(30_000);
    expect(statusOf(test)).toBe("saved");
    expect(test.server.annotations()).toHaveLength(2);
  });

  it("is not misled by a reading that is older than the last save", async () => {
    const test = new TestEditor({ annotations: [A] });
    const reading = { revision: test.server.revision, annotations: test.server.annotations() };
    test.editor.patch(["a"], { occluded: true }, "x");
    test.editor.close();
    await settle();
    test.editor.open({ image: { id: 5, name: "a.jpg", width: 200, height: 100, state: "unlabelled" }, ...reading });
    expect(test.objects).toMatchObject([{ id: "a", occluded: true }]);
    test.editor.patch(["a"], { truncated: true }, "x");
    await test.editor.sync.flush();
    expect(statusOf(test)).toBe("saved");
    expect(test.server.rows.get("a")?.value).toMatchObject({ occluded: true, truncated: true });
  });
});

describe("the journal", () => {
  async function crash(
    prepare: (test: TestEditor) => Promise<void>,
  ): Promise<{ server: FakeServer; journal: Journal }> {
    const test = new TestEditor({ annotations: [A], journal: new MemoryJournal() });
    await prepare(test);
    return { server: test.server, journal: test.journal };
  }

  it("holds what the two seconds before a crash would lose, and a new page sends it", async () => {
    const { server, journal } = await crash(async (test) => {
      draw(test, 60);
      test.editor.patch(["a"], { occluded: true }, "x");
      await test.clock.advance(300);
    });
    expect(server.batches).toEqual([]);
    const again = new TestEditor({ server, journal: await structuredEntries(journal), empty: true });
    expect(await again.editor.sync.recover()).toEqual({ batches: 1 });
    expect(server.annotations()).toHaveLength(2);
    expect(server.rows.get("a")?.value?.occluded).toBe(true);
    expect(await again.journal.all()).toEqual([]);
    again.open();
    expect(again.objects).toHaveLength(2);
  });

  it("sends a batch again that may have arrived, under its own id", async () => {
    const { server, journal } = await crash(async (test) => {
      test.server.loseAnswer = true;
      draw(test, 60);
      await test.clock.advance(2000);
      draw(test, 100);
      await test.clock.advance(300);
    });
    const again = new TestEditor({ server, journal: await structuredEntries(journal), empty: true });
    await again.editor.sync.recover();
    const ids = server.batches.map(({ batch }) => batch.batch_id);
    expect(ids[0]).toBe(ids[1]);
    expect(server.annotations()).toHaveLength(3);
  });

  it("shows what it holds even while the server cannot be reached", async () => {
    const { server, journal } = await crash(async (test) => {
      test.editor.patch(["a"], { occluded: true }, "x");
      await test.clock.advance(300);
    });
    server.failures = [network(), network()];
    const again = new TestEditor({ server, journal: await structuredEntries(journal), empty: true });
    await again.editor.sync.recover();
    again.open();
    expect(again.only.occluded).toBe(true);
    await settle();
    expect(again.editor.sync.status.get()).toMatchObject({ state: "offline", pending: 1 });
  });

  it("that fails keeps nobody from saving", async () => {
    const broken: Journal = {
      put: () => Promise.reject(new Error("The disk is full.")),
      remove: () => Promise.reject(new Error("The disk is full.")),
      all: () => Promise.resolve([]),
    };
    const test = new TestEditor({ journal: broken });
    draw(test, 10);
    await test.clock.advance(2000);
    expect(statusOf(test)).toBe("saved");
  });
});

describe("predictions", () => {
  it("are decided before anything is said of their annotations", async () => {
    const test = new TestEditor({ predictions: [GHOST] });
    test.editor.accept(["prediction:g"]);
    test.editor.patch(["g"], { occluded: true }, "x");
    expect(test.editor.sync.status.get().pending).toBe(1);
    await test.clock.advance(2000);
    expect(test.server.decisions).toMatchObject([{ accept: ["g"], reject: [] }]);
    expect(test.server.batches.map(({ batch }) => batch)).toMatchObject([
      { create: [], update: [{ uuid: "g", occluded: true }] },
    ]);
    expect(statusOf(test)).toBe("saved");
  });

  it("accepted and undone before the save are never sent", async () => {
    const test = new TestEditor({ predictions: [GHOST] });
    test.editor.accept(["prediction:g"]);
    test.key("Ctrl+Z");
    expect(test.editor.predictions.get()).toHaveLength(1);
    expect(statusOf(test)).toBe("saved");
    await test.clock.advance(2000);
    expect(test.server.decisions).toEqual([]);
  });

  it("accepted and undone after the save are deleted, and redo creates them again", async () => {
    const test = new TestEditor({ predictions: [GHOST] });
    test.editor.accept(["prediction:g"]);
    await test.clock.advance(2000);
    test.key("Ctrl+Z");
    await test.clock.advance(2000);
    expect(test.server.batches.at(-1)?.batch.delete).toEqual(["g"]);
    test.key("Ctrl+Y");
    await test.clock.advance(2000);
    expect(test.server.batches.at(-1)?.batch.create).toMatchObject([{ uuid: "g", source: "run:7", score: 0.8 }]);
    expect(test.server.decisions).toHaveLength(1);
    expect(statusOf(test)).toBe("saved");
  });

  it("of which the server made no annotation are created as any other", async () => {
    const test = new TestEditor({ predictions: [GHOST] });
    test.server.skipped = 1;
    test.editor.accept(["prediction:g"]);
    await test.clock.advance(2000);
    expect(test.server.batches.at(-1)?.batch.create).toMatchObject([{ uuid: "g", source: "run:7" }]);
    expect(statusOf(test)).toBe("saved");
  });

  it("decided here are not shown again by an older reading", async () => {
    const test = new TestEditor({ predictions: [GHOST] });
    test.editor.reject(["prediction:g"]);
    test.editor.close();
    await settle();
    test.open({ predictions: [GHOST] });
    expect(test.editor.predictions.get()).toEqual([]);
  });

  it("that are gone on the server become annotations all the same", async () => {
    const test = new TestEditor({ predictions: [GHOST] });
    test.server.failures = [new TransportError("refused", "There is no such prediction.")];
    test.editor.accept(["prediction:g"]);
    await test.clock.advance(2000);
    expect(test.server.batches.at(-1)?.batch.create).toMatchObject([{ uuid: "g", source: "run:7" }]);
    expect(statusOf(test)).toBe("saved");
  });
});

/** As a real journal would: through JSON. */
async function structuredEntries(journal: Journal): Promise<Journal> {
  const copy = new MemoryJournal();
  for (const entry of await journal.all()) await copy.put(JSON.parse(JSON.stringify(entry)) as typeof entry);
  return copy;
}
