import { describe, expect, it } from "vitest";

import { partsArea } from "../geometry/polygon";
import { partsToRuns } from "../geometry/rasterise";
import { runsArea } from "../geometry/runs";
import { shapeUtil } from "../shapes";
import { shapeToRuns } from "../shapes/conversion";
import { maskToRuns, runsToMask } from "../shapes/mask";
import type { ApiAnnotation } from "../store/records";
import { boxAnnotation, TestEditor } from "../testing";

const SIZE = { width: 200, height: 100 };

const square = (x: number, y: number, side: number): [number, number][] => [
  [x, y],
  [x + side, y],
  [x + side, y + side],
  [x, y + side],
];

/** 40 x 40 with a hole of 10 x 10, and a second part of 10 x 10. */
const HOLED = boxAnnotation("holed", [0, 0, 0, 0], {
  class: 12,
  attributes: { colour: "red" },
  shape: {
    type: "polygon",
    parts: [
      { outer: square(10, 10, 40), holes: [square(20, 20, 10)] },
      { outer: square(150, 60, 10), holes: [] },
    ],
  },
});
const MASK = boxAnnotation("mask", [0, 0, 0, 0], {
  shape: runsToMask(partsToRuns([{ outer: square(40, 40, 20), holes: [square(45, 45, 4)] }])),
});
const BOX = boxAnnotation("box", [30, 10, 40, 40]);

function editorWith(annotations: readonly ApiAnnotation[], selected = annotations.map(({ uuid }) => uuid)): TestEditor {
  const test = new TestEditor({ annotations });
  test.editor.select(selected);
  return test;
}

const shapeOf = (test: TestEditor, id: string) => {
  const record = test.objects.find((one) => one.id === id);
  if (!record) throw new Error(`There is no ${id}.`);
  return record.shape;
};

function expectUndo(test: TestEditor, before: string): void {
  const after = test.snapshot();
  test.key("Ctrl+Z");
  expect(test.snapshot()).toBe(before);
  test.key("Ctrl+Shift+Z");
  expect(test.snapshot()).toBe(after);
}

describe("joining", () => {
  it("keeps holes, parts, class and attributes of the first one, in one undo step", () => {
    const test = editorWith([HOLED, BOX]);
    const before = test.snapshot();
    test.key("J");
    expect(test.only).toMatchObject({ id: "holed", classId: 12, attributes: { colour: "red" } });
    const { shape } = test.only;
    if (shape.type !== "polygon") throw new Error("It is no polygon.");
    expect(shape.parts.map(({ holes }) => holes.length).sort()).toEqual([0, 1]);
    expect(partsArea(shape.parts)).toBeCloseTo(40 * 60 - 100 + 100, 6);
    expectUndo(test, before);
  });

  it("joins what does not touch into one object of two parts", () => {
    const test = editorWith([boxAnnotation("a", [0, 0, 10, 10]), boxAnnotation("b", [50, 50, 10, 10])]);
    test.key("J");
    expect(test.only.shape).toMatchObject({ type: "polygon", parts: { length: 2 } });
  });

  it("goes by pixels where a mask is among them", () => {
    const test = editorWith([HOLED, MASK]);
    const before = test.snapshot();
    test.key("J");
    expect(test.only.shape.type).toBe("mask");
    expect(shapeUtil(test.only.shape).area(test.only.shape)).toBe(1600 - 100 + 100 + 400 - 100);
    expectUndo(test, before);
  });

  it("says why it cannot be done", () => {
    const line = boxAnnotation("line", [0, 0, 0, 0], {
      shape: {
        type: "polyline",
        points: [
          [1, 1],
          [9, 9],
        ],
      },
    });
    expect(editorWith([BOX]).editor.canRun("join")).toBe("Select two objects or more; the first one selected stays.");
    expect(editorWith([BOX, line]).editor.canRun("join")).toBe("A line has no inside that could be combined.");
    const locked = editorWith([BOX, HOLED]);
    locked.key("Shift+L");
    expect(locked.editor.canRun("join")).toBe("One of the objects is locked; unlock it first.");
  });
});

describe("subtracting and intersecting", () => {
  it("takes the others from the first and leaves them", () => {
    const test = editorWith([HOLED, BOX]);
    const before = test.snapshot();
    test.editor.run("subtract");
    expect(test.objects).toHaveLength(2);
    expect(shapeUtil(shapeOf(test, "holed")).area(shapeOf(test, "holed"))).toBeCloseTo(1600 - 100 + 100 - 800, 6);
    expect(shapeOf(test, "box")).toEqual(BOX.shape);
    expectUndo(test, before);
  });

  it("goes by who was selected first", () => {
    const test = editorWith([HOLED, BOX], ["box", "holed"]);
    test.editor.run("subtract");
    expect(shapeUtil(shapeOf(test, "box")).area(shapeOf(test, "box"))).toBeCloseTo(800, 6);
  });

  it("keeps what all have in common, and nothing changes where that is nothing", () => {
    const test = editorWith([HOLED, BOX]);
    test.editor.run("intersect");
    expect(test.only.id).toBe("holed");
    expect(shapeUtil(test.only.shape).area(test.only.shape)).toBeCloseTo(800, 6);
    const apart = editorWith([HOLED, boxAnnotation("hollow", [21, 21, 8, 8])]);
    const before = apart.snapshot();
    apart.editor.run("intersect");
    expect(apart.snapshot()).toBe(before);
    const far = editorWith([BOX, boxAnnotation("far", [150, 10, 5, 5])]);
    expect(far.editor.canRun("intersect")).toBe("The first object and the others do not overlap.");
  });

  it("cuts a rotated box that reaches beyond the picture at its edge, not squeezed", () => {
    const rotated = { type: "rotated_box", center: [5, 50], size: [40, 10], angle: 0 };
    const test = editorWith([BOX, boxAnnotation("turned", [0, 0, 0, 0], { shape: rotated })]);
    test.key("J");
    expect(shapeUtil(test.only.shape).bounds(test.only.shape)).toEqual([0, 10, 70, 45]);
  });
});

describe("converting", () => {
  it("turns a polygon into the server's pixels and back without losing holes or parts", () => {
    const test = editorWith([HOLED]);
    const before = test.snapshot();
    test.editor.run("convert-mask");
    const mask = test.only.shape;
    expect(mask.type === "mask" && runsArea(maskToRuns(mask))).toBe(1600 - 100 + 100);
    test.editor.run("convert-polygon");
    const polygon = test.only.shape;
    if (polygon.type !== "polygon") throw new Error("It is no polygon.");
    expect(polygon.parts.map(({ holes }) => holes.length).sort()).toEqual([0, 1]);
    test.editor.run("convert-mask");
    expect(test.only.shape).toEqual(mask);
    expect(test.only).toMatchObject({ id: "holed", classId: 12, attributes: { colour: "red" } });
    test.key("Ctrl+Z").key("Ctrl+Z").key("Ctrl+Z");
    expect(test.snapshot()).toBe(before);
  });

  it("makes the box around, and the smallest rotated box", () => {
    const slanted: [number, number][] = [
      [50, 20],
      [90, 50],
      [84, 58],
      [44, 28],
    ];
    const test = editorWith([
      boxAnnotation("p", [0, 0, 0, 0], { shape: { type: "polygon", parts: [{ outer: slanted, holes: [] }] } }),
    ]);
    test.editor.run("convert-rotated-box");
    const { shape } = test.only;
    if (shape.type !== "rotated_box") throw new Error("It is no rotated box.");
    expect(shape.angle).toBe(36.87);
    expect(shape.center).toEqual([67, 39]);
    expect(shape.size[0] * shape.size[1]).toBeCloseTo(500, 0);
    test.editor.run("convert-box");
    expect(test.only.shape).toEqual({ type: "box", box: [44, 20, 46, 38] });
  });

  it("converts all that can be of a mixed selection, in one step", () => {
    const test = editorWith([HOLED, MASK, BOX]);
    const before = test.snapshot();
    test.editor.run("convert-polygon");
    expect(test.objects.map(({ shape }) => shape.type)).toEqual(["polygon", "polygon", "polygon"]);
    expect(shapeToRuns(shapeOf(test, "mask"), SIZE)).toEqual(maskToRuns(MASK.shape as never));
    expectUndo(test, before);
  });
});
