import { describe, expect, it } from "vitest";

import { boxAnnotation, TestEditor } from "../testing";

const many = (count: number) =>
  Array.from({ length: count }, (_, at) => boxAnnotation(`o${at}`, [(at * 7) % 180, (at * 3) % 80, 15, 12]));

function frames(test: TestEditor): void {
  test.clock.runFrames();
}

/** What the offscreen rasters were asked to draw. */
const rects = (test: TestEditor): number => test.offscreen.reduce((sum, surface) => sum + surface.count("rect"), 0);

function forget(test: TestEditor): void {
  for (const surface of [...test.offscreen, ...Object.values(test.surfaces)]) surface.forget();
}

describe("idle objects", () => {
  it("of one style share paths: many outlines, few fills and strokes", () => {
    const test = new TestEditor({ annotations: many(200) });
    frames(test);
    const strokes = test.offscreen.reduce((sum, surface) => sum + surface.count("stroke"), 0);
    expect(rects(test)).toBe(200);
    expect(strokes).toBe(7);
  });

  it("are not drawn again while the picture is panned: only the raster moves", async () => {
    const test = new TestEditor({ annotations: many(200) });
    frames(test);
    forget(test);
    test.editor.camera.panBy(10, 5);
    frames(test);
    expect(rects(test)).toBe(0);
    expect(test.surfaces.shapes.count("drawImage")).toBe(1);
    await test.clock.advance(200);
    frames(test);
    expect(rects(test)).toBe(0);
  });

  it("are drawn again, sharp, when a zoom has come to rest", async () => {
    const test = new TestEditor({ annotations: many(50) });
    frames(test);
    forget(test);
    test.editor.camera.zoomBy(1.1);
    frames(test);
    expect(rects(test)).toBe(0);
    await test.clock.advance(100);
    frames(test);
    expect(rects(test)).toBeGreaterThan(0);
  });

  it("outside the raster are left out", async () => {
    const test = new TestEditor({ annotations: many(200) });
    test.editor.camera.show([0, 0, 20, 10], 0);
    await test.clock.advance(100);
    frames(test);
    forget(test);
    test.editor.updateSettings({ opacity: 0.5 });
    frames(test);
    expect(rects(test)).toBeGreaterThan(0);
    expect(rects(test)).toBeLessThan(40);
  });

  it("are repaired where one was taken up, not drawn anew", () => {
    const test = new TestEditor({ annotations: many(20).concat(boxAnnotation("far", [190, 90, 8, 8])) });
    frames(test);
    forget(test);
    test.editor.select(["far"]);
    frames(test);
    const clipped = test.offscreen.filter((surface) => surface.count("clip") === 1);
    expect(clipped).toHaveLength(1);
    expect(rects(test)).toBe(1);
    expect(test.surfaces.overlay.valuesOf("rect")).toContainEqual([190, 90, 8, 8]);
  });

  it("smaller than a few screen pixels become dots", async () => {
    const ring = Array.from({ length: 30 }, (_, at) => [100 + Math.cos(at / 4.8), 50 + Math.sin(at / 4.8)]);
    const polygon = boxAnnotation("p", [0, 0, 0, 0], {
      shape: { type: "polygon", parts: [{ outer: ring, holes: [] }] },
    });
    const test = new TestEditor({ annotations: [polygon] });
    frames(test);
    expect(rects(test)).toBe(1);
    forget(test);
    test.editor.camera.zoomBy(8);
    await test.clock.advance(100);
    frames(test);
    expect(test.offscreen.reduce((sum, surface) => sum + surface.count("lineTo"), 0)).toBeGreaterThan(10);
  });

  it("are drawn in slices when there are many, and the frame in between shows the old picture", () => {
    const test = new TestEditor({ annotations: many(3000) });
    frames(test);
    forget(test);
    const now = test.clock.now.bind(test.clock);
    test.clock.now = () => {
      test.clock.skip(50);
      return now();
    };
    test.editor.updateSettings({ opacity: 0.5 });
    test.clock.runFrames(1);
    expect(rects(test)).toBeLessThan(600);
    expect(test.surfaces.shapes.count("drawImage")).toBe(1);
    expect(test.clock.runFrames()).toBeGreaterThan(20);
    expect(rects(test)).toBe(3000);
  });

  it("follow a drag of hundreds at once to its end", () => {
    const test = new TestEditor({ annotations: many(700) });
    frames(test);
    test.key("Ctrl+A");
    frames(test);
    test.pointerDown(10, 6).pointerMove(12, 8).pointerMove(13, 9);
    frames(test);
    forget(test);
    test.pointerUp(14, 9);
    frames(test);
    expect(rects(test)).toBeGreaterThanOrEqual(700);
  });

  it("of another image are never shown", () => {
    const test = new TestEditor({ annotations: many(20) });
    frames(test);
    test.server.rows.clear();
    test.open({ image: { id: 6, name: "b.jpg", width: 200, height: 100, state: "unlabelled" } });
    forget(test);
    test.editor.updateSettings({ opacity: 0.5 });
    frames(test);
    expect(rects(test)).toBe(0);
  });
});

describe("predictions", () => {
  it("are drawn dashed, and hidden under the threshold", () => {
    const ghost = { uuid: "g", class: 12, shape: { type: "box", box: [10, 10, 60, 60] }, score: 0.5, state: "pending" };
    const test = new TestEditor({ predictions: [ghost] });
    frames(test);
    expect(test.offscreen.flatMap((surface) => surface.valuesOf("setLineDash"))).toContainEqual([[5, 4]]);
    forget(test);
    test.editor.updateSettings({ minScore: 0.6 });
    frames(test);
    expect(rects(test)).toBe(0);
  });
});

describe("the overlay", () => {
  it("shows handles of one selected object, in the hand of the select tool only", () => {
    const test = new TestEditor({ annotations: [boxAnnotation("a", [20, 20, 60, 60])] });
    test.editor.select(["a"]);
    forget(test);
    frames(test);
    const handles = test.surfaces.overlay.valuesOf("rect").filter(([, , width]) => width === 8);
    expect(handles).toHaveLength(8);
    test.key("B");
    forget(test);
    frames(test);
    expect(test.surfaces.overlay.valuesOf("rect").filter(([, , width]) => width === 8)).toEqual([]);
  });

  it("writes the names of classes unless labels are off", () => {
    const test = new TestEditor({ annotations: [boxAnnotation("a", [20, 20, 60, 60])] });
    forget(test);
    test.editor.updateSettings({ labels: true, opacity: 0.3 });
    frames(test);
    expect(test.surfaces.overlay.valuesOf("fillText").map(([text]) => text)).toEqual(["cat"]);
    forget(test);
    test.key("Shift+V");
    frames(test);
    expect(test.surfaces.overlay.count("fillText")).toBe(0);
  });

  it("draws a crosshair through the pointer when asked", () => {
    const test = new TestEditor();
    test.editor.updateSettings({ crosshair: true });
    forget(test);
    test.pointerMove(30, 40);
    frames(test);
    expect(test.surfaces.overlay.valuesOf("moveTo")).toEqual([
      [0, 40],
      [30, 0],
    ]);
  });

  it("paints a stroke while it goes on, and only what is new of it", () => {
    const test = new TestEditor();
    test.key("M").pointerDown(50, 50);
    frames(test);
    forget(test);
    test.pointerMove(54, 50);
    frames(test);
    const pictures = test.offscreen.flatMap((surface) => surface.valuesOf("putImageData"));
    expect(pictures).toHaveLength(1);
    const [picture] = pictures[0] ?? [];
    expect((picture as { width: number }).width).toBeLessThan(30);
  });
});

describe("the picture", () => {
  it("is drawn square by square from 3:1 on, with a grid from 12:1 on", () => {
    const test = new TestEditor();
    test.editor.setPicture({} as ImageBitmap);
    test.editor.camera.zoomBy(13);
    frames(test);
    expect(test.surfaces.image.valuesOf("imageSmoothingEnabled").at(-1)).toEqual([false]);
    expect(test.surfaces.image.count("lineTo")).toBeGreaterThan(5);
    forget(test);
    test.editor.updateSettings({ pixelGrid: false });
    frames(test);
    expect(test.surfaces.image.count("lineTo")).toBe(0);
  });

  it("is drawn at the resolution of the screen", () => {
    const test = new TestEditor();
    test.editor.resize(200, 100, 2);
    frames(test);
    expect(test.surfaces.image.width).toBe(400);
  });
});
