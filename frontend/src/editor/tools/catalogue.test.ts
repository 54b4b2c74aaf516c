/** Every tool of the catalogue by pointer: taken, used, cancelled, undone, redone, saved, and read again by another editor. */

import { describe, expect, it } from "vitest";

import { partsToRuns } from "../geometry/rasterise";
import { runsToMask, type MaskShape } from "../shapes/mask";
import type { ApiAnnotation } from "../store/records";
import { boxAnnotation, FakePicture, settle, TestEditor } from "../testing";
import { TOOLS } from ".";

type Place = readonly [number, number];

const FRAME: readonly Place[] = [
  [20, 20],
  [80, 20],
  [80, 80],
  [20, 80],
];
const WINDOW: readonly Place[] = [
  [40, 40],
  [40, 60],
  [60, 60],
  [60, 40],
];
const STAIRS: readonly Place[] = Array.from({ length: 24 }, (_, at): Place => [
  50 + 30 * Math.cos((at * Math.PI) / 12),
  50 + 30 * Math.sin((at * Math.PI) / 12),
]);

function shaped(shape: ApiAnnotation["shape"]): ApiAnnotation {
  return boxAnnotation("there", [0, 0, 0, 0], { shape });
}

function maskOf(outer: readonly Place[], hole: readonly Place[]): MaskShape {
  const mask = runsToMask(partsToRuns([{ outer, holes: [hole] }]));
  if (mask === null) throw new Error("The outline holds no pixel.");
  return mask;
}

const POLYGON = shaped({ type: "polygon", parts: [{ outer: STAIRS, holes: [] }] });
const MASK = shaped(maskOf(FRAME, WINDOW));
const METHOD = {
  key: "wand",
  prompts: { points: true, negative_points: true, box: true },
  outputs: ["box"],
  parameters: [],
};

interface Way {
  /** What is there already, and selected. */
  readonly there?: ApiAnnotation;
  readonly use: (test: TestEditor) => unknown;
  /** Leaves something unfinished. */
  readonly begin: (test: TestEditor) => unknown;
  /** Shape types afterwards. */
  readonly makes: readonly string[];
}

/** Dark on the left, bright on the right. */
const HALVES = new FakePicture(200, 100, (x) => (x < 130 ? 30 : 200));

const drag = (test: TestEditor): TestEditor =>
  test.drag([
    [100, 20],
    [120, 30],
    [150, 60],
  ]);
const press = (test: TestEditor): TestEditor => test.pointerDown(100, 20).pointerMove(120, 30).pointerMove(150, 60);
const triangle = (test: TestEditor): TestEditor => test.click(30, 50).click(70, 50).click(50, 75);

const WAYS: Readonly<Record<string, Way>> = {
  box: { use: drag, begin: press, makes: ["box"] },
  "rotated-box": { use: (test) => drag(test).click(120, 80), begin: drag, makes: ["rotated_box"] },
  polygon: { use: (test) => triangle(test).key("Enter"), begin: triangle, makes: ["polygon"] },
  ellipse: { use: drag, begin: press, makes: ["ellipse"] },
  polyline: { use: (test) => triangle(test).key("Enter"), begin: triangle, makes: ["polyline"] },
  skeleton: { use: (test) => triangle(test).key("Enter"), begin: triangle, makes: ["skeleton"] },
  slice: {
    there: POLYGON,
    use: (test) =>
      test.drag([
        [50, 5],
        [50, 50],
        [50, 95],
      ]),
    begin: (test) => test.pointerDown(50, 5).pointerMove(50, 50),
    makes: ["polygon", "polygon"],
  },
  simplify: {
    there: POLYGON,
    use: (test) => {
      test.editor.outlines.setTolerance(5);
      test.key("Enter");
    },
    begin: (test) => test.pointerMove(50, 50),
    makes: ["polygon"],
  },
  wand: {
    use: (test) => {
      test.editor.setPicture(HALVES.picture);
      drag(test);
    },
    begin: press,
    makes: ["mask"],
  },
  brush: { use: drag, begin: press, makes: ["mask"] },
  eraser: {
    there: MASK,
    use: (test) =>
      test.drag([
        [10, 30],
        [50, 30],
      ]),
    begin: (test) => test.pointerDown(10, 30).pointerMove(50, 30),
    makes: ["mask"],
  },
  "mask-add": { use: (test) => triangle(test).key("Enter"), begin: triangle, makes: ["mask"] },
  "mask-cut": { there: MASK, use: (test) => triangle(test).key("Enter"), begin: triangle, makes: ["mask"] },
  fill: { there: MASK, use: (test) => test.click(50, 50), begin: (test) => test.pointerMove(50, 50), makes: ["mask"] },
  smart: {
    use: async (test) => {
      test.click(50, 50);
      await settle();
      test.key("Enter");
    },
    begin: (test) => test.click(50, 50),
    makes: ["box"],
  },
  wire: { use: (test) => triangle(test).key("Enter"), begin: triangle, makes: ["polygon"] },
  select: {
    there: POLYGON,
    use: (test) =>
      test.drag([
        [50, 50],
        [60, 55],
        [70, 60],
      ]),
    begin: (test) => test.pointerDown(50, 50).pointerMove(60, 55).pointerMove(70, 60),
    makes: ["polygon"],
  },
};

function started(id: string): TestEditor {
  const there = WAYS[id]?.there;
  const test = new TestEditor({ annotations: there ? [there] : [] });
  test.editor.setSmartMethod(METHOD);
  if (there) test.editor.select(["there"]);
  test.editor.setTool(id);
  return test;
}

const shapesOf = (test: TestEditor): string => JSON.stringify(test.objects.map(({ id, shape }) => [id, shape]));

it("every tool but the one that only pans has its way here", () => {
  expect(Object.keys(WAYS).sort()).toEqual(
    TOOLS.map(({ id }) => id)
      .filter((id) => id !== "pan")
      .sort(),
  );
});

describe.each(Object.entries(WAYS))("the tool %s", (id, way) => {
  it("does its work in one step, which is undone and redone", async () => {
    const test = started(id);
    const before = shapesOf(test);
    await way.use(test);
    const after = shapesOf(test);
    expect(test.objects.map(({ shape }) => shape.type)).toEqual(way.makes);
    expect(after).not.toBe(before);
    test.key("Ctrl+Z");
    expect(shapesOf(test)).toBe(before);
    expect(test.editor.history.state.get().canUndo).toBe(false);
    test.key("Ctrl+Shift+Z");
    expect(shapesOf(test)).toBe(after);
  });

  it("leaves everything as it was when it is cancelled half-way", () => {
    const test = started(id);
    const before = test.snapshot();
    way.begin(test);
    test.key("Esc").expectPath(`${id}.idle`);
    expect(test.snapshot()).toBe(before);
    expect(test.editor.sync.hasUnsaved()).toBe(false);
  });

  it("is saved, and read again as it was drawn", async () => {
    const test = started(id);
    await way.use(test);
    await test.clock.advance(20_000);
    expect(test.editor.sync.hasUnsaved()).toBe(false);
    const again = new TestEditor({ server: test.server });
    const sorted = (one: TestEditor): string[] => one.objects.map(({ shape }) => JSON.stringify(shape)).sort();
    expect(sorted(again)).toEqual(sorted(test));
    expect(again.objects.map(({ shape }) => shape.type)).toEqual(way.makes);
  });
});
