import { describe, expect, it } from "vitest";
import { boxAnnotation, settle, TestEditor } from "../testing";
import { A, B, network, draw, statusOf, leftBy } from "../testing/saving";
import { MemoryJournal } from "./journal";

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

  it("can stand beside ours, which becomes a new object", async () => {
    const test = await conflictEditor({ ...A, class: 12 });
    test.editor.sync.resolve("a", "both");
    await settle();
    expect(statusOf(test)).toBe("saved");
    expect(test.server.rows.get("a")?.value).toMatchObject({ class: 12, occluded: false });
    expect(test.server.annotations().map((one) => [one.class, one.occluded])).toEqual([
      [12, false],
      [11, true],
      [11, true],
    ]);
    expect(test.objects).toHaveLength(3);
  });

  it("that is the same as ours is no conflict", async () => {
    const test = await conflictEditor({ ...A, occluded: true });
    expect(statusOf(test)).toBe("saved");
  });

  it("waits for a decision over a crash: nothing of theirs is written over unasked", async () => {
    const journal = new MemoryJournal();
    const test = new TestEditor({ annotations: [A], journal });
    test.server.edit("a", { ...A, class: 12 });
    test.editor.patch(["a"], { occluded: true }, "x");
    await test.clock.advance(2000);
    const again = new TestEditor({ server: test.server, journal: leftBy(journal), empty: true });
    await again.editor.sync.recover();
    expect(statusOf(again)).toBe("conflict");
    expect(again.server.rows.get("a")?.value).toMatchObject({ class: 12, occluded: false });
    again.editor.sync.resolve("a", "mine");
    await settle();
    expect(again.server.rows.get("a")?.value).toMatchObject({ class: 11, occluded: true });
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
