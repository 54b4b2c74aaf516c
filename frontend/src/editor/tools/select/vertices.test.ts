import { describe, expect, it } from "vitest";

import { boxAnnotation, TestEditor } from "../../testing";
import type { ApiAnnotation } from "../../store/records";

type Place = readonly [number, number];

const SQUARE: readonly Place[] = [
  [20, 20],
  [80, 20],
  [80, 80],
  [20, 80],
];
const HOLE: readonly Place[] = [
  [40, 40],
  [40, 60],
  [60, 60],
];

function shaped(uuid: string, shape: ApiAnnotation["shape"]): ApiAnnotation {
  return boxAnnotation(uuid, [0, 0, 0, 0], { shape });
}

const A = shaped("a", { type: "polygon", parts: [{ outer: SQUARE, holes: [HOLE] }] });
/** To the right of the square, with its whole right side in common. */
const B = shaped("b", {
  type: "polygon",
  parts: [
    {
      outer: [
        [80, 20],
        [140, 20],
        [140, 80],
        [80, 80],
      ],
      holes: [],
    },
  ],
});
const LINE = shaped("l", {
  type: "polyline",
  points: [
    [150, 20],
    [170, 40],
    [150, 60],
  ],
});
const POINTS = shaped("s", {
  type: "skeleton",
  points: [
    [150, 70, 2],
    [0, 0, 0],
    [170, 80, 1],
    [180, 95, 2],
  ],
});

function editing(id: string, ...annotations: readonly ApiAnnotation[]): TestEditor {
  const test = new TestEditor({ annotations });
  test.editor.select([id]);
  return test;
}

function shapeOf(test: TestEditor, id: string) {
  return test.objects.find((one) => one.id === id)?.shape;
}

function rings(test: TestEditor, id: string): readonly (readonly Place[])[] {
  const shape = shapeOf(test, id);
  return shape?.type === "polygon" ? shape.parts.flatMap((part) => [part.outer, ...part.holes]) : [];
}

const chosen = (test: TestEditor): readonly string[] => [...test.editor.selectedVertices.get()];
const shift = { shift: true };

describe("several vertices", () => {
  it("are taken by Shift and clicks, one by one, and let go by a second one", () => {
    const test = editing("a", A);
    test.click(20, 20, shift).click(80, 20, shift).click(40, 40, shift);
    expect(chosen(test)).toEqual(["0/0/0", "0/0/1", "0/1/0"]);
    test.click(80, 20, shift);
    expect(chosen(test)).toEqual(["0/0/0", "0/1/0"]);
  });

  it("are taken by Shift and a rubber band inside the object, while a click there still lets the object go", () => {
    const test = editing("a", A);
    test.drag(
      [
        [30, 35],
        [50, 50],
        [50, 70],
      ],
      shift,
    );
    expect(chosen(test)).toEqual(["0/1/0", "0/1/1"]);
    test.click(30, 70, shift);
    expect([...test.editor.selection.get()]).toEqual([]);
    expect(chosen(test)).toEqual([]);
  });

  it("move together by a drag of one of them, over parts and holes, as one step", () => {
    const test = editing("a", A);
    test
      .click(20, 20, shift)
      .click(40, 40, shift)
      .drag([
        [20, 20],
        [25, 25],
        [30, 26],
      ]);
    expect(rings(test, "a")).toEqual([
      [[30, 26], ...SQUARE.slice(1)],
      [[50, 46], ...HOLE.slice(1)],
    ]);
    test.key("Ctrl+Z");
    expect(rings(test, "a")).toEqual([SQUARE, HOLE]);
    expect(chosen(test)).toEqual(["0/0/0", "0/1/0"]);
    test.key("Ctrl+Shift+Z");
    expect(rings(test, "a")[1]?.[0]).toEqual([50, 46]);
  });

  it("stay in the picture together", () => {
    const test = editing("a", A);
    test
      .click(20, 20, shift)
      .click(80, 20, shift)
      .drag([
        [80, 20],
        [90, -30],
        [90, -60],
      ]);
    expect(rings(test, "a")[0]?.slice(0, 2)).toEqual([
      [30, 0],
      [90, 0],
    ]);
  });

  it("are moved by arrow keys, by 1 and by 10, a held key in one step", () => {
    const test = editing("a", A);
    test.click(20, 20, shift).click(20, 80, shift);
    test.key("ArrowLeft").key("ArrowLeft", { repeat: true }).key("Shift+ArrowUp");
    expect([rings(test, "a")[0]?.[0], rings(test, "a")[0]?.[3]]).toEqual([
      [18, 10],
      [18, 70],
    ]);
    test.key("Ctrl+Z").key("Ctrl+Z");
    expect(rings(test, "a")[0]).toEqual(SQUARE);
  });

  it("are lined up", () => {
    const test = editing("l", LINE);
    test.click(150, 20, shift).click(170, 40, shift).click(150, 60, shift);
    expect(test.editor.run("align-right")).toBe(true);
    expect(shapeOf(test, "l")).toEqual({
      type: "polyline",
      points: [
        [170, 20],
        [170, 40],
        [170, 60],
      ],
    });
    test.key("Esc");
    expect(chosen(test)).toEqual([]);
    expect([...test.editor.selection.get()]).toEqual(["l"]);
    expect(test.editor.canRun("align-right")).toBe("Select 2 objects or more that are neither locked nor pinned.");
  });

  it("are deleted, a hole with its last three, and never more than the object can spare", () => {
    const test = editing("a", A);
    test.click(40, 40, shift).click(40, 60, shift).key("Del");
    expect(rings(test, "a")).toEqual([SQUARE]);
    test.key("Ctrl+Z");
    expect(rings(test, "a")).toEqual([SQUARE, HOLE]);
    expect(chosen(test)).toEqual([]);
    test.click(20, 20, shift).click(80, 20, shift).key("Del");
    expect(rings(test, "a")).toEqual([SQUARE, HOLE]);
  });

  it("are points of a skeleton too; those that are absent stay absent", () => {
    const test = editing("s", POINTS);
    test
      .click(150, 70, shift)
      .click(170, 80, shift)
      .drag([
        [150, 70],
        [155, 75],
        [160, 75],
      ]);
    expect(shapeOf(test, "s")).toEqual({
      type: "skeleton",
      points: [
        [160, 75, 2],
        [0, 0, 0],
        [180, 85, 1],
        [180, 95, 2],
      ],
    });
    test.key("Del");
    expect(shapeOf(test, "s")).toMatchObject({
      points: [
        [0, 0, 0],
        [0, 0, 0],
        [0, 0, 0],
        [180, 95, 2],
      ],
    });
  });

  it("are none of a box", () => {
    const test = editing("box", boxAnnotation("box", [20, 20, 60, 60]));
    test.click(20, 20, shift);
    expect(chosen(test)).toEqual([]);
  });
});

describe("a vertex that two objects have in common", () => {
  const drag = (test: TestEditor, held: { alt?: boolean } = {}) =>
    test.drag(
      [
        [80, 20],
        [90, 25],
        [95, 30],
      ],
      held,
    );

  it("is moved in one of them, and in both while Alt is held or the switch is on, as one step", () => {
    const test = editing("a", A, B);
    drag(test);
    expect([rings(test, "a")[0]?.[1], rings(test, "b")[0]?.[0]]).toEqual([
      [95, 30],
      [80, 20],
    ]);
    test.key("Ctrl+Z");
    drag(test, { alt: true });
    expect([rings(test, "a")[0]?.[1], rings(test, "b")[0]?.[0]]).toEqual([
      [95, 30],
      [95, 30],
    ]);
    test.key("Ctrl+Z");
    expect([rings(test, "a")[0], rings(test, "b")[0]?.[0]]).toEqual([SQUARE, [80, 20]]);
    test.key("U");
    drag(test);
    expect(rings(test, "b")[0]?.[0]).toEqual([95, 30]);
  });

  it("is put into both where an edge of both is dragged", () => {
    const test = editing("a", A, B);
    test.key("U").drag([
      [80, 50],
      [90, 50],
      [100, 55],
    ]);
    expect(rings(test, "a")[0]).toContainEqual([100, 55]);
    expect(rings(test, "b")[0]).toContainEqual([100, 55]);
    test.key("Ctrl+Z");
    expect([rings(test, "a")[0]?.length, rings(test, "b")[0]?.length]).toEqual([4, 4]);
  });

  it("goes along with the arrow keys, and stays where its other object is locked", () => {
    const test = editing("a", A, B);
    test.editor.patch(["b"], { locked: true }, "Lock");
    test.key("U").click(80, 20, shift).key("ArrowRight");
    expect([rings(test, "a")[0]?.[1], rings(test, "b")[0]?.[0]]).toEqual([
      [81, 20],
      [80, 20],
    ]);
    test.key("Ctrl+Z").key("Ctrl+Z").key("ArrowRight");
    expect(rings(test, "b")[0]?.[0]).toEqual([81, 20]);
  });

  it("is deleted in the one object by a click with Alt", () => {
    const test = editing("a", A, B);
    test.click(80, 20, { alt: true });
    expect([rings(test, "a")[0]?.length, rings(test, "b")[0]?.length]).toEqual([3, 4]);
  });
});
