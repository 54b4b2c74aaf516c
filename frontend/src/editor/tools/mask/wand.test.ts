import { describe, expect, it } from "vitest";

import { growRegion, regionToRuns } from "../../geometry/likeness";
import { runsArea, runsHas } from "../../geometry/runs";
import { maskToRuns } from "../../shapes/mask";
import { FakePicture, TestEditor } from "../../testing";

const CENTRE = { x: 100, y: 50 };
const RADIUS = 30;
/** A speckled disc on a speckled ground. */
const disc = new FakePicture(200, 100, (x, y) => {
  const isInside = Math.hypot(x + 0.5 - CENTRE.x, y + 0.5 - CENTRE.y) <= RADIUS;
  return (isInside ? 180 : 60) + ((x * 7 + y * 13) % 11);
});
const DISC_AREA = Math.PI * RADIUS ** 2;

function wandEditor(): TestEditor {
  const test = new TestEditor({ picture: disc.picture });
  test.editor.setTool("wand");
  return test;
}

function areaOf(test: TestEditor): number {
  const { shape } = test.only;
  return shape.type === "mask" ? runsArea(maskToRuns(shape)) : 0;
}

describe("the wand", () => {
  it("takes the object under a short stroke and not its ground, as one step", () => {
    const test = wandEditor();
    test.drag([
      [95, 50],
      [100, 50],
      [105, 50],
    ]);
    expect(areaOf(test) / DISC_AREA).toBeGreaterThan(0.9);
    expect(areaOf(test) / DISC_AREA).toBeLessThan(1.1);
    test.key("Ctrl+Z");
    expect(test.objects).toEqual([]);
    expect(test.editor.history.state.get().canUndo).toBe(false);
  });

  it("adds to the selected mask, and takes away with Alt and with the right button", () => {
    for (const held of [{ alt: true }, { button: 2 }]) {
      const test = wandEditor();
      test.editor.masks.setBrush({ tolerance: 4 });
      test.click(100, 50);
      const whole = areaOf(test);
      expect(whole).toBeGreaterThan(2 * DISC_AREA);
      test.editor.masks.setBrush({ tolerance: 1 });
      test.click(100, 50, held);
      expect(whole - areaOf(test)).toBeGreaterThan(0.9 * DISC_AREA);
      const { shape } = test.only;
      expect(shape.type === "mask" && runsHas(maskToRuns(shape), CENTRE)).toBe(false);
    }
  });

  it("takes away nothing where no mask is selected, and looks at nothing outside the picture", () => {
    const test = wandEditor();
    test.click(100, 50, { alt: true });
    test.click(-30, 50);
    expect(test.objects).toEqual([]);
  });

  it("takes more with a larger tolerance, which Ctrl and the wheel set", () => {
    const test = wandEditor();
    const before = test.editor.session.get().brush;
    test.wheel(100, 50, -100, { ctrl: true });
    const { tolerance, size } = test.editor.session.get().brush;
    expect(tolerance).toBeGreaterThan(before.tolerance);
    expect(size).toBe(before.size);
    test.editor.masks.setBrush({ tolerance: Number.NaN });
    expect(test.editor.session.get().brush.tolerance).toBe(1);
  });

  it("sees less of the picture the nearer it is shown", () => {
    const test = wandEditor();
    test.editor.masks.setBrush({ tolerance: 4 });
    test.editor.camera.zoomAt({ x: 100, y: 50 }, 8);
    test.click(100, 50);
    expect(areaOf(test)).toBeLessThan(Math.PI * (74 / 8 + 1) ** 2);
  });
});

describe("the region that looks like a place", () => {
  const pixels = (width: number, height: number, rule: (x: number, y: number) => number) =>
    new FakePicture(width, height, rule).read([0, 0, width, height], width, height);

  it("stays on its side of a border, and within reach", () => {
    const halves = pixels(60, 40, (x) => (x < 30 ? 20 : 200));
    const region = growRegion(halves, { x: 10, y: 20 }, 0.5, 1000);
    const has = (x: number, y: number): number => region[y * 60 + x] ?? -1;
    expect([has(2, 2), has(20, 39), has(40, 20)]).toEqual([1, 1, 0]);
    const near = growRegion(halves, { x: 10, y: 20 }, 0.5, 5);
    expect(near.reduce((sum, value) => sum + value, 0)).toBeLessThan(Math.PI * 8 ** 2);
  });

  it("is not empty in a picture of one pixel", () => {
    expect([
      ...growRegion(
        pixels(1, 1, () => 9),
        { x: 0.5, y: 0.5 },
        1,
        10,
      ),
    ]).toEqual([1]);
  });

  it("becomes the image pixels whose middle it holds, at any scale", () => {
    const region = Uint8Array.from([0, 1, 1, 0, 1, 1, 0, 0, 0]);
    const runsAt = (size: number) => regionToRuns(region, { width: 3, height: 3 }, [6, 9, 3 * size, 3 * size]);
    expect(runsAt(1)).toEqual({ left: 6, columns: [[], [9, 11], [9, 11]] });
    expect(runsArea(runsAt(4))).toBe(4 * 16);
  });
});
