import { describe, expect, it } from "vitest";

import { partsArea } from "../geometry/polygon";
import { partsToRuns } from "../geometry/rasterise";
import { runsToMask } from "../shapes/mask";
import { boxAnnotation, TestEditor } from "../testing";

const circle = (x: number, y: number, radius: number): [number, number][] =>
  Array.from({ length: 72 }, (_, index) => [
    x + radius * Math.cos((index * Math.PI) / 36),
    y + radius * Math.sin((index * Math.PI) / 36),
  ]);

const RING = boxAnnotation("ring", [0, 0, 0, 0], {
  shape: { type: "polygon", parts: [{ outer: circle(60, 50, 40), holes: [circle(60, 50, 2)] }] },
});

function simplifyEditor(): TestEditor {
  const test = new TestEditor({ annotations: [RING] });
  test.key("Shift+S").expectPath("simplify.idle").click(80, 50);
  return test;
}

describe("simplifying", () => {
  it("shows fewer points with a larger tolerance before anything changes", () => {
    const test = simplifyEditor();
    const before = test.snapshot();
    const counts = [0.1, 1, 4].map((tolerance) => {
      test.editor.outlines.setTolerance(tolerance);
      return test.editor.outlines.countVertices().after;
    });
    expect(test.editor.outlines.countVertices().before).toBe(144);
    expect(counts[0]).toBeGreaterThan(counts[1] ?? 0);
    expect(counts[1]).toBeGreaterThan(counts[2] ?? 0);
    expect(counts[2]).toBeGreaterThanOrEqual(6);
    expect(test.snapshot()).toBe(before);
  });

  it("keeps on Enter what was shown, with its hole, in one undo step", () => {
    const test = simplifyEditor();
    const before = test.snapshot();
    test.editor.outlines.setTolerance(1);
    const { after } = test.editor.outlines.countVertices();
    test.key("Enter");
    const { shape } = test.only;
    if (shape.type !== "polygon") throw new Error("It is no polygon.");
    expect(test.editor.outlines.countVertices().before).toBe(after);
    expect(shape.parts[0]?.holes).toHaveLength(1);
    expect(partsArea(shape.parts) / (Math.PI * (1600 - 4))).toBeGreaterThan(0.96);
    test.key("Ctrl+Z");
    expect(test.snapshot()).toBe(before);
  });

  it("goes by Ctrl and the wheel too, and leaves locked objects alone", () => {
    const test = simplifyEditor();
    const { simplifyTolerance } = test.editor.session.get();
    test.wheel(80, 50, -120, { ctrl: true });
    expect(test.editor.session.get().simplifyTolerance).toBeGreaterThan(simplifyTolerance);
    test.key("Shift+L");
    const before = test.snapshot();
    test.key("Enter");
    expect(test.snapshot()).toBe(before);
  });
});

describe("a mask", () => {
  const DISC = runsToMask(partsToRuns([{ outer: circle(60, 50, 30), holes: [circle(60, 50, 8)] }]));
  const MASK = boxAnnotation("mask", [0, 0, 0, 0], { shape: DISC });

  it("becomes a polygon by tolerance and smoothing, with its hole, after it was shown", () => {
    const test = new TestEditor({ annotations: [MASK] });
    test.key("Shift+S").click(60, 25);
    const before = test.snapshot();
    const exact = test.editor.outlines.countVertices().before;
    const [stairs, smooth] = [0, 3].map((pixels) => {
      test.editor.outlines.setSmoothing(pixels);
      test.editor.outlines.setTolerance(0.4);
      return test.editor.outlines.countVertices().after;
    });
    expect(stairs).toBeLessThanOrEqual(exact);
    expect(smooth).toBeLessThan((stairs ?? 0) / 2);
    expect(test.snapshot()).toBe(before);
    test.key("Enter");
    const { shape } = test.only;
    if (shape.type !== "polygon") throw new Error("It is no polygon.");
    expect(shape.parts.map(({ holes }) => holes.length)).toEqual([1]);
    expect(partsArea(shape.parts) / (Math.PI * (30 ** 2 - 8 ** 2))).toBeCloseTo(1, 1);
    test.key("Ctrl+Z");
    expect(test.snapshot()).toBe(before);
  });

  it("stays one where the project has no polygons", () => {
    const test = new TestEditor({ annotations: [MASK] });
    test.editor.setShapes(["mask"]);
    test.key("Shift+S").click(60, 25).key("Enter");
    expect(test.only.shape.type).toBe("mask");
  });
});
