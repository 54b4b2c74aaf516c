import { describe, expect, it } from "vitest";

import { boxAnnotation, TestEditor } from "../testing";
import type { ApiAnnotation } from "../store/records";

type Place = readonly [number, number];

function outline(uuid: string, outer: readonly Place[], more: Partial<ApiAnnotation> = {}): ApiAnnotation {
  return boxAnnotation(uuid, [0, 0, 0, 0], { shape: { type: "polygon", parts: [{ outer, holes: [] }] }, ...more });
}

/** A square whose right side has a vertex of its own in the middle. */
const NEIGHBOUR = outline("n", [
  [20, 20],
  [60, 20],
  [60, 50],
  [60, 80],
  [20, 80],
]);

function snapping(...annotations: readonly ApiAnnotation[]): TestEditor {
  const test = new TestEditor({ annotations: annotations.length > 0 ? annotations : [NEIGHBOUR] });
  test.key("Y");
  return test;
}

function drawn(test: TestEditor): readonly Place[] {
  const made = test.objects.find(({ id }) => id.startsWith("id-"));
  if (made?.shape.type !== "polygon") throw new Error("No polygon was drawn.");
  return made.shape.parts[0]?.outer ?? [];
}

function outer(test: TestEditor, id: string): readonly Place[] {
  const shape = test.objects.find((one) => one.id === id)?.shape;
  return shape?.type === "polygon" ? (shape.parts[0]?.outer ?? []) : [];
}

describe("snapping", () => {
  it("is off until it is asked for, and Y turns it on and off", () => {
    const test = new TestEditor({ annotations: [NEIGHBOUR] });
    test.key("P").click(63, 22).click(120, 30).click(120, 60).key("Enter");
    expect(drawn(test)[0]).toEqual([63, 22]);
    test.key("Y");
    expect(test.editor.session.get().snapping).toBe(true);
    test.key("Y");
    expect(test.editor.session.get().snapping).toBe(false);
  });

  it("goes to a vertex, else to the nearest place on a border, else to the edge of the picture", () => {
    const test = snapping();
    test.key("P").click(64, 23).click(63, 36).click(120, 4).click(120, 50).key("Enter");
    expect(drawn(test)).toEqual([
      [60, 20],
      [60, 36],
      [120, 0],
      [120, 50],
    ]);
  });

  it("takes the corner of the picture, and is as near on the screen at any zoom", () => {
    const test = snapping();
    test.key("P").click(196, 97).click(120, 50).click(150, 20);
    test.wheel(100, 50, -800);
    test.click(65, 70).key("Enter");
    expect(drawn(test)[0]).toEqual([200, 100]);
    expect(drawn(test).at(-1)).toEqual([65, 70]);
  });

  it("is suspended while Ctrl is held", () => {
    const test = snapping();
    test.key("P").click(64, 23, { ctrl: true }).click(120, 30).click(120, 60).key("Enter");
    expect(drawn(test)[0]).toEqual([64, 23]);
  });

  it("passes over what is hidden, and takes ghosts, boxes, lines and points", () => {
    const test = snapping(
      { ...NEIGHBOUR, uuid: "gone" },
      boxAnnotation("box", [100, 10, 20, 20]),
      boxAnnotation("line", [0, 0, 0, 0], {
        shape: {
          type: "polyline",
          points: [
            [140, 10],
            [180, 10],
          ],
        },
      }),
      boxAnnotation("points", [0, 0, 0, 0], { shape: { type: "skeleton", points: [[150, 70, 2]] } }),
    );
    test.editor.patch(["gone"], { hidden: true }, "Hide");
    test.key("P").click(63, 22).click(97, 20).click(160, 15).click(153, 72).key("Enter");
    expect(drawn(test)).toEqual([
      [63, 22],
      [100, 20],
      [160, 10],
      [150, 70],
    ]);
  });

  it("holds for boxes, lines and points, and for a dragged vertex", () => {
    const test = snapping();
    test.key("B").drag([
      [63, 22],
      [100, 60],
    ]);
    expect(test.objects.at(-1)?.shape).toEqual({ type: "box", box: [60, 20, 40, 40] });
    test.key("L").click(16, 83).click(18, 96).key("Enter");
    expect(test.objects.at(-1)?.shape).toEqual({
      type: "polyline",
      points: [
        [20, 80],
        [18, 100],
      ],
    });
    test.key("V").drag([
      [18, 100],
      [40, 90],
      [56, 83],
    ]);
    expect(test.objects.at(-1)?.shape).toMatchObject({
      points: [
        [20, 80],
        [60, 80],
      ],
    });
  });

  it("marks what it goes to, and no more once the pointer is elsewhere", () => {
    const test = snapping();
    const marks = () => {
      test.surfaces.overlay.forget();
      test.clock.runFrames();
      return test.surfaces.overlay.valuesOf("strokeStyle").filter(([style]) => style === "#ff4fd8").length;
    };
    test.key("P").pointerMove(63, 22);
    expect(marks()).toBe(1);
    test.pointerMove(120, 50);
    expect(marks()).toBe(0);
  });

  it("lets a freehand line go its own way, and ends it on the border", () => {
    const test = snapping();
    test.key("P").drag([
      [120, 50],
      [110, 45],
      [90, 30],
      [66, 35],
      [64, 40],
    ]);
    test.click(100, 80).key("Enter");
    expect(drawn(test)).toContainEqual([60, 40]);
    expect(drawn(test)).toContainEqual([66, 35]);
  });
});

describe("a border that both have in common", () => {
  const along = (test: TestEditor) => test.key("P").click(62, 30).pointerMove(62, 70);

  it("is followed between two clicks on it, with the vertices that the neighbour has", () => {
    const test = snapping();
    along(test).click(62, 70).click(120, 70).click(120, 30).key("Enter");
    expect(drawn(test)).toEqual([
      [60, 30],
      [60, 50],
      [60, 70],
      [120, 70],
      [120, 30],
    ]);
    expect(outer(test, "n")).toEqual([
      [20, 20],
      [60, 20],
      [60, 30],
      [60, 50],
      [60, 70],
      [60, 80],
      [20, 80],
    ]);
    test.key("Ctrl+Z");
    expect(test.objects).toHaveLength(1);
    expect(outer(test, "n")).toHaveLength(5);
  });

  it("is followed the other way round by X before the click, after it, and by a second click", () => {
    const round = [
      [60, 30],
      [60, 20],
      [20, 20],
      [20, 80],
      [60, 80],
      [60, 70],
      [120, 70],
      [120, 30],
    ];
    const ways: readonly ((test: TestEditor) => void)[] = [
      (test) => along(test).key("X").click(62, 70),
      (test) => along(test).click(62, 70).key("X"),
      (test) => along(test).click(62, 70).click(61, 70),
    ];
    for (const go of ways) {
      const test = snapping();
      go(test);
      test.click(120, 70).click(120, 30).key("Enter");
      expect(drawn(test)).toEqual(round);
    }
  });

  it("is left out on a third turn: straight across", () => {
    const test = snapping(
      outline("n", [
        [20, 20],
        [60, 20],
        [40, 50],
        [60, 80],
        [20, 80],
      ]),
    );
    test.key("P").click(60, 20).pointerMove(60, 80).key("X").key("X").click(60, 80).click(120, 50).key("Enter");
    expect(drawn(test)).toEqual([
      [60, 20],
      [60, 80],
      [120, 50],
    ]);
  });

  it("is followed by the closing leg, and one Backspace takes a whole leg back", () => {
    const test = snapping();
    test.key("P").click(62, 30).click(120, 30).click(120, 70).click(62, 70).click(60, 30);
    expect(drawn(test)).toEqual([
      [60, 30],
      [120, 30],
      [120, 70],
      [60, 70],
      [60, 50],
    ]);
    const back = snapping();
    along(back).click(62, 70).key("Backspace").click(120, 70).click(120, 30).key("Enter");
    expect(drawn(back)).toEqual([
      [60, 30],
      [120, 70],
      [120, 30],
    ]);
  });

  it("leaves a locked neighbour as it is", () => {
    const test = snapping();
    test.editor.patch(["n"], { locked: true }, "Lock");
    along(test).click(62, 70).click(120, 70).key("Enter");
    expect(drawn(test)).toHaveLength(4);
    expect(outer(test, "n")).toHaveLength(5);
  });
});
