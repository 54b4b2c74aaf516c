import { describe, expect, it } from "vitest";

import { partsToRuns } from "../../geometry/rasterise";
import { runsArea, runsIntersect, runsUnion, type MaskRuns } from "../../geometry/runs";
import { FakePicture, FakeWireWorker, settle, TestEditor, type TestEditorOptions } from "../../testing";

const CENTRE = { x: 100, y: 50 };
const RADIUS = 30;
const isInside = (x: number, y: number): boolean => Math.hypot(x + 0.5 - CENTRE.x, y + 0.5 - CENTRE.y) <= RADIUS;
const disc = new FakePicture(200, 100, (x, y) => (isInside(x, y) ? 190 : 40));
const DISC: MaskRuns = {
  left: 0,
  columns: Array.from({ length: 200 }, (_, x) => {
    const rows = Array.from({ length: 100 }, (_, y) => y).filter((y) => isInside(x, y));
    return rows.length > 0 ? [rows[0] ?? 0, (rows.at(-1) ?? 0) + 1] : [];
  }),
};

function wireEditor(options: TestEditorOptions = {}): { test: TestEditor; worker: FakeWireWorker } {
  const worker = new FakeWireWorker();
  const test = new TestEditor({ picture: disc.picture, openWirePort: () => worker, ...options });
  test.editor.setTool("wire");
  return { test, worker };
}

/** Clicks `away` pixels outside the border. */
async function clickRound(test: TestEditor, count: number, away: number): Promise<void> {
  for (let at = 0; at < count; at += 1) {
    const angle = (2 * Math.PI * at) / count;
    const [x, y] = [CENTRE.x + (RADIUS + away) * Math.cos(angle), CENTRE.y + (RADIUS + away) * Math.sin(angle)];
    test.pointerMove(x, y);
    await settle();
    test.click(x, y);
    await settle();
  }
}

function iou(test: TestEditor): number {
  const { shape } = test.only;
  if (shape.type !== "polygon") throw new Error(`This is a ${shape.type}.`);
  const drawn = partsToRuns(shape.parts);
  return runsArea(runsIntersect(drawn, DISC)) / runsArea(runsUnion(drawn, DISC));
}

describe("the live wire", () => {
  it("outlines a disc with four clicks beside its border", async () => {
    const { test } = wireEditor();
    await clickRound(test, 4, 3);
    test.expectPath("wire.drawing").key("Enter").expectPath("wire.idle");
    expect(iou(test)).toBeGreaterThan(0.95);
    test.key("Ctrl+Z");
    expect(test.objects).toEqual([]);
  });

  it("closes by a click on the first anchor and by a double click", async () => {
    const { test } = wireEditor();
    await clickRound(test, 5, 0);
    test.click(CENTRE.x + RADIUS, CENTRE.y);
    expect(iou(test)).toBeGreaterThan(0.95);
    test.key("Ctrl+Z");
    await clickRound(test, 4, 0);
    test.doubleClick(CENTRE.x + RADIUS - 4, CENTRE.y - 15);
    await settle();
    expect(iou(test)).toBeGreaterThan(0.9);
  });

  it("finishes once the way back is known when Enter comes before it", async () => {
    const { test } = wireEditor();
    await clickRound(test, 3, 2);
    test.click(CENTRE.x, CENTRE.y - RADIUS - 2).key("Enter");
    expect(test.objects).toEqual([]);
    await settle();
    test.expectPath("wire.idle");
    expect(iou(test)).toBeGreaterThan(0.9);
  });

  it("takes anchors back one by one, by key, right button and undo, and is at rest without any", async () => {
    const { test } = wireEditor();
    await clickRound(test, 4, 2);
    test.key("Backspace").key("Ctrl+Z").pointerDown(10, 10, { button: 2 }).pointerUp(10, 10, { button: 2 });
    test.expectPath("wire.drawing").key("Backspace").expectPath("wire.idle");
    await settle();
    test.key("Enter");
    expect(test.objects).toEqual([]);
  });

  it("goes straight with Ctrl and without a pull", async () => {
    const { test } = wireEditor();
    const corners = [
      [60, 20],
      [140, 20],
      [140, 80],
    ] as const;
    for (const [x, y] of corners) {
      test.pointerMove(x, y, { ctrl: true });
      await settle();
      test.click(x, y, { ctrl: true });
      await settle();
    }
    test.key("Backspace");
    test.editor.drawing.setWire({ pull: 0 });
    test.click(140, 80);
    await settle();
    test.key("Enter");
    expect(test.only.shape).toMatchObject({ parts: [{ outer: corners }] });
  });

  it("keeps fewer points with a larger tolerance, also while it is drawn", async () => {
    const points = async (tolerance: number): Promise<number> => {
      const { test } = wireEditor();
      await clickRound(test, 4, 2);
      test.editor.drawing.setWire({ tolerance });
      test.key("Enter");
      const { shape } = test.only;
      return shape.type === "polygon" ? (shape.parts[0]?.outer.length ?? 0) : 0;
    };
    const [fine, coarse] = [await points(0.5), await points(4)];
    expect(coarse).toBeLessThan(fine / 2);
    expect(coarse).toBeGreaterThanOrEqual(4);
  });

  it("reads the picture once while the pointer stays nearby, and asks one question at a time", async () => {
    const { test, worker } = wireEditor();
    for (let x = 20; x < 180; x += 1) test.pointerMove(x, 50);
    expect(worker.orders.filter(({ kind }) => kind === "trace")).toHaveLength(1);
    await settle();
    expect(worker.orders.filter(({ kind }) => kind === "trace")).toHaveLength(2);
    expect(worker.windows).toBe(1);
    test.editor.setPicture(disc.picture);
    test.pointerMove(50, 50);
    await settle();
    expect(worker.windows).toBe(2);
  });

  it("drops what was asked before Esc, and ends its worker when it is put away", async () => {
    const { test, worker } = wireEditor();
    test.click(30, 30).click(60, 30).click(60, 60).key("Esc").expectPath("wire.idle");
    await settle();
    test.key("Enter");
    expect(test.objects).toEqual([]);
    expect(worker.isClosed).toBe(false);
    test.editor.setTool("select");
    expect(worker.isClosed).toBe(true);
  });

  it("goes straight where its worker broke, and where there is no picture", async () => {
    for (const options of [{}, { picture: undefined }] as unknown as TestEditorOptions[]) {
      const { test, worker } = wireEditor(options);
      test.click(20, 20);
      worker.break();
      await settle();
      test.click(80, 20).click(80, 60);
      await settle();
      test.key("Enter");
      expect(test.only.shape).toMatchObject({ type: "polygon", parts: [{ outer: { length: 3 } }] });
    }
  });

  it("sees a picture of 108 megapixels at the scale of the screen", async () => {
    const large = new FakePicture(12_000, 9000, (x, y) => (Math.hypot(x - 6000, y - 4500) < 3000 ? 190 : 40));
    const image = { id: 9, name: "large.jpg", width: 12_000, height: 9000, state: "unlabelled" };
    const { test, worker } = wireEditor({ picture: large.picture, image });
    test.editor.resize(1600, 900, 1);
    test.editor.camera.show([0, 0, 12_000, 9000], 0);
    for (const [x, y] of [
      [3000, 4500],
      [7500, 1902],
      [7500, 7098],
    ] as const) {
      test.click(x, y);
      await settle();
    }
    test.key("Enter");
    await settle();
    const { shape } = test.only;
    const area = shape.type === "polygon" ? runsArea(partsToRuns(shape.parts)) : 0;
    expect(area / (Math.PI * 3000 ** 2)).toBeCloseTo(1, 1);
    const sides = worker.orders.map((order) => (order.kind === "window" ? Math.max(order.width, order.height) : 0));
    expect(Math.max(...sides)).toBeLessThanOrEqual(1024);
  });
});
