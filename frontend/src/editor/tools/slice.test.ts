import { describe, expect, it } from "vitest";

import { partsToRuns } from "../geometry/rasterise";
import { shapeUtil, type Shape } from "../shapes";
import { runsToMask } from "../shapes/mask";
import { boxAnnotation, TestEditor } from "../testing";

type Corner = [number, number];

/** Open to the right: arms from y 10 to 30 and 60 to 80. */
const C: Corner[] = [
  [20, 10],
  [100, 10],
  [100, 30],
  [40, 30],
  [40, 60],
  [100, 60],
  [100, 80],
  [20, 80],
];
const SQUARE: Corner[] = [
  [120, 20],
  [180, 20],
  [180, 80],
  [120, 80],
];
const HOLE: Corner[] = [
  [140, 40],
  [160, 40],
  [160, 60],
  [140, 60],
];

const object = (uuid: string, shape: unknown) =>
  boxAnnotation(uuid, [0, 0, 0, 0], { class: 12, occluded: true, shape });
const polygon = (uuid: string, outer: Corner[], holes: Corner[][] = []) =>
  object(uuid, { type: "polygon", parts: [{ outer, holes }] });
const mask = (uuid: string, outer: Corner[], holes: Corner[][] = []) =>
  object(uuid, runsToMask(partsToRuns([{ outer, holes }])));

const area = (shape: Shape): number => Math.round(shapeUtil(shape).area(shape));
const areas = (test: TestEditor): number[] => test.objects.map(({ shape }) => area(shape)).sort((a, b) => b - a);

function knife(...annotations: ReturnType<typeof object>[]): TestEditor {
  const test = new TestEditor({ annotations });
  test.key("Shift+J").expectPath("slice.idle");
  return test;
}

describe.each([
  ["polygon", polygon],
  ["mask", mask],
])("slicing a %s", (type, make) => {
  it("makes two of it by a drag; both keep class and marks, the larger its identity", () => {
    const test = knife(make("a", SQUARE, [HOLE]));
    const before = test.snapshot();
    test.drag([
      [140, 5],
      [140, 95],
    ]);
    expect(areas(test)).toEqual([40 * 60 - 400, 20 * 60]);
    const [first, second] = test.objects;
    expect(first?.id).toBe("a");
    expect(second).toMatchObject({ classId: 12, occluded: true, shape: { type } });
    expect([...test.editor.selection.get()].sort()).toEqual(test.objects.map(({ id }) => id).sort());
    test.key("Ctrl+Z");
    expect(test.snapshot()).toBe(before);
  });

  it("cuts only where the line was drawn", () => {
    const test = knife(make("a", C));
    test.drag([
      [70, 5],
      [70, 45],
    ]);
    expect(areas(test)).toEqual([3200, 600]);
  });

  it("follows a drag around a corner", () => {
    const test = knife(make("a", SQUARE));
    test.drag([
      [110, 50],
      [150, 50],
      [150, 10],
    ]);
    expect(areas(test)).toEqual([3600 - 900, 900]);
  });

  it("follows clicks around a corner, to a double click", () => {
    const test = knife(make("a", SQUARE));
    test.click(110, 50).click(150, 50).click(150, 10).key("Enter");
    expect(areas(test)).toEqual([3600 - 900, 900]);
  });

  it("leaves alone what it does not go through to the other side", () => {
    const test = knife(make("a", SQUARE));
    const before = test.snapshot();
    test.drag([
      [110, 50],
      [150, 50],
    ]);
    test.drag([
      [10, 5],
      [10, 95],
    ]);
    expect(test.snapshot()).toBe(before);
    expect(test.editor.history.state.get().canUndo).toBe(false);
  });
});

describe("the knife", () => {
  it("cuts only what is selected, and without a selection all that it goes through", () => {
    const test = knife(polygon("c", C), mask("m", SQUARE));
    test.editor.select(["m"]);
    const stroke: Corner[] = [
      [5, 20],
      [195, 25],
    ];
    test.drag(stroke);
    expect(test.objects).toHaveLength(3);
    test.key("Ctrl+Z");
    test.editor.select([]);
    test.drag(stroke);
    expect(test.objects).toHaveLength(4);
    test.key("Ctrl+Z");
    expect(test.objects).toHaveLength(2);
  });

  it("passes over locked objects and is cancelled by Esc", () => {
    const test = knife(polygon("a", SQUARE));
    test.editor.select(["a"]);
    test.key("Shift+L");
    const before = test.snapshot();
    test.drag([
      [150, 5],
      [150, 95],
    ]);
    test.click(110, 50).key("Esc").expectPath("slice.idle");
    expect(test.snapshot()).toBe(before);
  });
});
