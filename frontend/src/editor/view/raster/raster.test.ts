import { describe, expect, it } from "vitest";

import { countsToString } from "../../geometry/rle";
import { maskShape } from "../../shapes/mask";
import { boxAnnotation, FakeRasterWorker, TestEditor } from "../../testing";

const MANY = 700;
const many = Array.from({ length: MANY }, (_, at) => boxAnnotation(`o${at}`, [(at * 7) % 180, (at * 3) % 80, 15, 12]));

function open(annotations = many) {
  const worker = new FakeRasterWorker();
  const test = new TestEditor({ annotations, openRasterPort: () => worker });
  test.clock.runFrames();
  worker.start();
  return { worker, test };
}

type Opened = ReturnType<typeof open>;

const inPage = ({ test }: Opened): number => test.offscreen.reduce((sum, surface) => sum + surface.count("rect"), 0);
const inWorker = ({ worker }: Opened): number => worker.sheets.at(-1)?.count("rect") ?? 0;

function forget({ test }: Opened): void {
  for (const surface of test.offscreen) surface.forget();
}

/** Everything is drawn anew. */
function redraw({ test }: Opened): void {
  test.editor.updateSettings({ opacity: 0.5 });
  test.clock.runFrames();
}

describe("many idle objects", () => {
  it("are drawn by the page while the worker starts, so that nobody waits for it", () => {
    const opened = open();
    expect(inPage(opened)).toBe(MANY);
    expect(opened.worker.drawings).toHaveLength(0);
  });

  it("are drawn by the worker from then on, and the page only lays down what comes", async () => {
    const opened = open();
    forget(opened);
    redraw(opened);
    await opened.worker.finish();
    opened.test.clock.runFrames();
    expect(inWorker(opened)).toBe(MANY);
    expect(inPage(opened)).toBe(0);
    expect(opened.test.surfaces.shapes.valuesOf("drawImage").at(-1)?.[0]).toBe(opened.worker.bitmaps[0]);
  });

  it("ask for no frame while the worker draws", () => {
    const opened = open();
    opened.test.editor.updateSettings({ opacity: 0.5 });
    expect(opened.test.clock.runFrames()).toBe(1);
  });

  it("reach the worker once, and then only what changed", async () => {
    const opened = open();
    redraw(opened);
    await opened.worker.finish();
    opened.test.editor.relabel(["o3"], 12);
    opened.test.editor.remove(["o4"]);
    opened.test.editor.updateSettings({ opacity: 0.6 });
    opened.test.clock.runFrames();
    const told = opened.worker.orders.filter((order) => order.kind === "objects");
    expect(told.map(({ objects }) => objects.ids.length)).toEqual([MANY, 1]);
    expect(told[1]).toMatchObject({ objects: { ids: ["o3"] }, deleted: ["o4"] });
    await opened.worker.finish();
    expect(inWorker(opened)).toBe(MANY - 1);
  });

  it("leave out what the overlay draws", async () => {
    const opened = open();
    opened.test.editor.select(["o1", "o2"]);
    redraw(opened);
    await opened.worker.finish();
    expect(inWorker(opened)).toBe(MANY - 2);
  });

  it("that changed while the worker drew are repaired when its picture arrives", async () => {
    const opened = open([...many, boxAnnotation("far", [198, 98, 1, 1])]);
    redraw(opened);
    opened.test.editor.remove(["far"]);
    opened.test.clock.runFrames();
    forget(opened);
    await opened.worker.finish();
    opened.test.clock.runFrames();
    expect(opened.test.offscreen.filter((surface) => surface.count("clip") === 1)).toHaveLength(1);
    expect(inPage(opened)).toBeLessThan(MANY / 2);
  });

  it("of an order that a newer one replaced are given up and never shown", async () => {
    const opened = open();
    redraw(opened);
    opened.test.editor.resize(190, 100, 1);
    opened.test.clock.runFrames();
    forget(opened);
    await opened.worker.finish();
    opened.test.clock.runFrames();
    const [first, second] = opened.worker.sheets;
    expect(first?.count("rect")).toBeLessThan(MANY);
    expect(second?.count("rect")).toBe(MANY);
    expect(opened.worker.bitmaps).toHaveLength(1);
  });

  it("of another image are never shown when they arrive late", async () => {
    const opened = open();
    redraw(opened);
    opened.test.server.rows.clear();
    opened.test.open({ image: { id: 6, name: "b.jpg", width: 200, height: 100, state: "unlabelled" } });
    opened.test.clock.runFrames();
    forget(opened);
    await opened.worker.finish();
    opened.test.clock.runFrames();
    expect(opened.worker.bitmaps).toHaveLength(1);
    expect(opened.test.surfaces.shapes.valuesOf("drawImage").at(-1)?.[0]).not.toBe(opened.worker.bitmaps[0]);
  });

  it("are drawn by the page again when the worker breaks", () => {
    const opened = open();
    redraw(opened);
    forget(opened);
    opened.worker.break();
    opened.test.clock.runFrames();
    expect(inPage(opened)).toBe(MANY);
    expect(opened.worker.isClosed).toBe(true);
  });

  it("end with the editor", () => {
    const opened = open();
    opened.test.editor.dispose();
    expect(opened.worker.isClosed).toBe(true);
  });
});

describe("masks", () => {
  it("weigh more than outlines: fewer of them are a worker's", async () => {
    const mask = maskShape.fromApi({ box: [0, 0, 4, 3], counts: countsToString([0, 12]) });
    const opened = open(Array.from({ length: 60 }, (_, at) => boxAnnotation(`m${at}`, [0, 0, 1, 1], { shape: mask })));
    redraw(opened);
    expect(opened.worker.drawings).toHaveLength(1);
    await opened.worker.finish();
  });
});

describe("few idle objects", () => {
  it("start no worker", () => {
    let started = 0;
    const test = new TestEditor({
      annotations: many.slice(0, 50),
      openRasterPort: () => {
        started += 1;
        return null;
      },
    });
    test.clock.runFrames();
    expect(started).toBe(0);
  });
});
