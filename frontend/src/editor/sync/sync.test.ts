import { describe, expect, it } from "vitest";
import { settle, TestEditor, type FakeServer } from "../testing";
import { A, B, GHOST, network, draw, statusOf, leftBy } from "../testing/saving";
import { MemoryJournal, type Journal, type JournalEntry } from "./journal";
import { TransportError } from "./transport";

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
    expect(statusOf(test)).not.toBe("saved");
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

  it("is not said to be kept here before it is in the journal", async () => {
    const kept = new MemoryJournal();
    const waiting: (() => void)[] = [];
    let isSlow = false;
    const journal: Journal = {
      put: (entry) =>
        isSlow ? new Promise((resolve) => waiting.push(() => resolve(kept.put(entry)))) : kept.put(entry),
      remove: (id) => kept.remove(id),
      take: () => Promise.resolve([]),
    };
    const test = new TestEditor({ journal });
    const told = () => [statusOf(test), kept.all()[0]?.changes.length];
    test.server.failures = Array.from({ length: 9 }, network);
    draw(test, 10);
    await test.clock.advance(2400);
    expect(told()).toEqual(["offline", 1]);
    isSlow = true;
    draw(test, 40);
    await test.clock.advance(1);
    expect(told()).toEqual(["dirty", 1]);
    isSlow = false;
    for (const write of waiting) write();
    await test.clock.advance(300);
    expect(told()).toEqual(["offline", 2]);
  });

  it("lets work on several images go out in its order, each batch once", async () => {
    const test = new TestEditor();
    test.server.failures = Array.from({ length: 40 }, network);
    for (const id of [5, 6, 7]) {
      test.open({ image: { id, name: `${id}.jpg`, width: 200, height: 100, state: "unlabelled" } });
      draw(test, 10);
      await test.clock.advance(20_000);
    }
    expect(test.editor.sync.status.get()).toMatchObject({ state: "offline", pending: 3, isKept: true });
    test.open({ image: { id: 6, name: "6.jpg", width: 200, height: 100, state: "unlabelled" } });
    expect(test.objects).toHaveLength(1);
    test.server.failures = [];
    const before = test.server.batches.length;
    test.editor.sync.retry();
    await settle();
    expect(test.server.batches.slice(before).map(({ imageId }) => imageId)).toEqual([5, 6, 7]);
    expect([5, 6, 7].map((id) => test.server.annotations(id).length)).toEqual([1, 1, 1]);
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

describe("an image of which the server takes nothing", () => {
  const barred = (): TransportError => new TransportError("barred", "a.jpg was deleted meanwhile.");

  it("is asked for once, its work is kept and shown with the sentence, and other images are saved", async () => {
    const journal = new MemoryJournal();
    const test = new TestEditor({ annotations: [A], journal });
    for (let step = 0; step < 4; step += 1) draw(test, 10 + 20 * step);
    test.server.failures = [barred()];
    await test.clock.advance(60_000);
    expect(test.server.batches).toHaveLength(1);
    expect(test.editor.sync.status.get()).toMatchObject({
      state: "refused",
      images: [{ imageId: 5, count: 4, barred: "a.jpg was deleted meanwhile." }],
    });
    expect(journal.all()).toMatchObject([{ imageId: 5, image: { name: "a.jpg" } }]);
    expect(test.editor.sync.unsaved()[0]?.changes).toHaveLength(4);
    test.open({ image: { id: 6, name: "b.jpg", width: 200, height: 100, state: "unlabelled" } });
    draw(test, 10);
    await test.clock.advance(2000);
    expect(test.server.annotations(6)).toHaveLength(1);
    expect(statusOf(test)).toBe("refused");
    test.editor.sync.retry();
    await settle();
    expect(statusOf(test)).toBe("saved");
    expect(test.server.annotations(5)).toHaveLength(5);
    expect(journal.all()).toEqual([]);
  });

  it("can be given up, and shows what the server has", async () => {
    const journal = new MemoryJournal();
    const test = new TestEditor({ annotations: [A], journal });
    draw(test, 60);
    test.editor.patch(["a"], { occluded: true }, "x");
    test.server.failures = [barred()];
    await test.clock.advance(2000);
    test.editor.sync.discard(5);
    await settle();
    expect(statusOf(test)).toBe("saved");
    expect(test.only).toMatchObject({ id: "a", occluded: false });
    expect(journal.all()).toEqual([]);
  });
});

describe("a page that goes away", () => {
  it("sends at once what was drawn, without waiting for the journal", async () => {
    const test = new TestEditor();
    draw(test, 10);
    expect(test.editor.sync.canLeave()).toBe(true);
    test.editor.sync.leave();
    expect(test.server.batches).toHaveLength(1);
    await settle();
    expect(statusOf(test)).toBe("saved");
  });

  it("sends again what is under way, and the server takes it once", async () => {
    const test = new TestEditor();
    let release = (): void => undefined;
    test.server.gate = new Promise((resolve) => (release = resolve));
    draw(test, 10);
    void test.editor.sync.flush();
    await settle();
    test.editor.sync.leave();
    draw(test, 40);
    release();
    await test.clock.advance(3000);
    const [first, again] = test.server.batches.map(({ batch }) => batch);
    expect(again).toEqual(first);
    expect(test.server.annotations()).toHaveLength(2);
    expect(statusOf(test)).toBe("saved");
  });

  it("leaves to the journal what is too large, and asks before it goes", async () => {
    const journal = new MemoryJournal();
    const test = new TestEditor({ journal });
    draw(test, 10);
    test.editor.patch([test.only.id], { attributes: { note: "x".repeat(70_000) } }, "x");
    expect(test.editor.sync.canLeave()).toBe(false);
    test.editor.sync.leave();
    expect(test.server.batches).toEqual([]);
    const again = new TestEditor({ server: test.server, journal: leftBy(journal), empty: true });
    await again.editor.sync.recover();
    expect(test.server.annotations()).toHaveLength(1);
  });

  it("is not left without asking while the server is away", async () => {
    const test = new TestEditor();
    test.server.failures = [network(), network()];
    draw(test, 10);
    await test.clock.advance(2000);
    expect(test.editor.sync.canLeave()).toBe(false);
  });
});

describe("another tab of the same person", () => {
  it("that died leaves its work to this one, also of the image that is open here", async () => {
    const left: JournalEntry[] = [];
    const journal = new MemoryJournal();
    const heir: Journal = {
      put: (entry) => journal.put(entry),
      remove: (id) => journal.remove(id),
      take: () => Promise.resolve(left.splice(0)),
    };
    const test = new TestEditor({ annotations: [A, B], journal: heir });
    await test.editor.sync.recover();
    const dead = new TestEditor({ server: test.server });
    dead.editor.patch(["a"], { occluded: true }, "x");
    left.push(...dead.editor.sync.unsaved());
    test.editor.patch(["b"], { truncated: true }, "x");
    await test.clock.advance(16_000);
    expect(statusOf(test)).toBe("saved");
    expect(test.server.rows.get("a")?.value?.occluded).toBe(true);
    expect(test.server.rows.get("b")?.value?.truncated).toBe(true);
    expect(journal.all()).toEqual([]);
  });
});

describe("the journal", () => {
  async function crash(
    prepare: (test: TestEditor) => Promise<void>,
  ): Promise<{ server: FakeServer; journal: MemoryJournal }> {
    const journal = new MemoryJournal();
    const test = new TestEditor({ annotations: [A], journal });
    await prepare(test);
    return { server: test.server, journal };
  }

  it("holds what the two seconds before a crash would lose, and a new page sends it", async () => {
    const { server, journal } = await crash(async (test) => {
      draw(test, 60);
      test.editor.patch(["a"], { occluded: true }, "x");
      await test.clock.advance(300);
    });
    expect(server.batches).toEqual([]);
    const left = leftBy(journal);
    const again = new TestEditor({ server, journal: left, empty: true });
    expect(await again.editor.sync.recover()).toEqual({ batches: 1 });
    expect(server.annotations()).toHaveLength(2);
    expect(server.rows.get("a")?.value?.occluded).toBe(true);
    expect(left.all()).toEqual([]);
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
    const again = new TestEditor({ server, journal: leftBy(journal), empty: true });
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
    const again = new TestEditor({ server, journal: leftBy(journal), empty: true });
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
      take: () => Promise.resolve([]),
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
