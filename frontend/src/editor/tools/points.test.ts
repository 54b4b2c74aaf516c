import { describe, expect, it } from "vitest";

import { shapeUtil } from "../shapes";
import { CLASSES, settle, TestEditor } from "../testing";

const POSE = {
  ...CLASSES[0],
  id: 11,
  number: 1,
  name: "person",
  color: "#e69f00",
  skeleton: {
    points: ["head", "left_hand", "right_hand"],
    edges: [
      [0, 1],
      [0, 2],
    ],
    places: [
      [0.5, 0],
      [0, 1],
      [1, 1],
    ],
  },
};

function withTool(key: string): TestEditor {
  return new TestEditor().key(key);
}

/** What a fresh editor reads from the server after everything was saved. */
async function reloaded(test: TestEditor): Promise<readonly unknown[]> {
  await test.editor.sync.flush();
  await settle();
  return new TestEditor({ server: test.server }).objects.map((record) => record.shape);
}

describe("the rotated box tool", () => {
  it("takes a dragged side and then the height, and is saved with its angle", async () => {
    const test = withTool("R");
    test.drag([
      [40, 40],
      [60, 40],
      [80, 80],
    ]);
    test.expectPath("rotated-box.stretching").pointerMove(30, 60).click(20, 50).expectPath("rotated-box.idle");
    expect(test.only.shape).toEqual({ type: "rotated_box", center: [52.5, 67.5], size: [56.569, 21.213], angle: 45 });
    expect(await reloaded(test)).toEqual([test.only.shape]);
  });

  it("goes by three clicks, and takes them back one by one with the right button and Backspace", () => {
    const test = withTool("R");
    test.click(40, 40).click(80, 40).pointerDown(90, 90, { button: 2 }).pointerUp(90, 90, { button: 2 });
    test.click(100, 40).key("Backspace").click(60, 40).click(50, 60);
    expect(test.only.shape).toEqual({ type: "rotated_box", center: [50, 50], size: [20, 20], angle: 0 });
  });

  it("keeps the angle while it is resized and turns by steps with Shift", () => {
    const test = withTool("R");
    test.click(60, 20).click(100, 60).click(90, 90);
    expect(test.only.shape).toMatchObject({ type: "rotated_box", angle: 45 });
    test.key("V").drag([
      [60, 20],
      [50, 10],
    ]);
    expect(test.only.shape).toMatchObject({ angle: 45 });
    expect(test.editor.history.state.get().undoName).toBe("Reshape");
    const { shape } = test.only;
    const turn = shapeUtil(shape)
      .handles(shape)
      .find(({ id }) => id === "turn")?.point ?? { x: 0, y: 0 };
    const [x, y] = shape.type === "rotated_box" ? shape.center : [0, 0];
    test
      .pointerDown(turn.x, turn.y)
      .pointerMove(x + 50, y + 4, { shift: true })
      .pointerUp(x + 50, y + 4, { shift: true });
    expect(test.only.shape).toEqual({ ...shape, angle: 90 });
  });
});

describe("the ellipse tool", () => {
  it("draws into a box, by dragging and by clicking", async () => {
    const test = withTool("O");
    test.drag([
      [20, 10],
      [60, 30],
    ]);
    test.click(100, 10).click(120, 50);
    expect(test.objects.map((record) => record.shape)).toEqual([
      { type: "ellipse", center: [40, 20], radii: [20, 10], angle: 0 },
      { type: "ellipse", center: [110, 30], radii: [10, 20], angle: 0 },
    ]);
    expect(await reloaded(test)).toEqual(test.objects.map((record) => record.shape));
  });
});

describe("the line tool", () => {
  it("is drawn freehand by a drag, with no more points than it needs", () => {
    const test = withTool("L");
    test.drag([
      [20, 20],
      [35, 20],
      [50, 20],
      [50, 40],
      [50, 60],
      [90, 60],
    ]);
    test.expectPath("polyline.stretching").key("Enter");
    expect(test.only.shape).toEqual({
      type: "polyline",
      points: [
        [20, 20],
        [50, 20],
        [50, 60],
        [90, 60],
      ],
    });
  });

  it("sets points until Enter or a double click", async () => {
    const test = withTool("L");
    test.click(10, 10).click(50, 20).click(90, 80).key("Backspace").click(60, 60).key("Enter");
    test.click(120, 10).click(150, 20).doubleClick(180, 80).expectPath("polyline.idle");
    expect(test.objects.map((record) => record.shape)).toEqual([
      {
        type: "polyline",
        points: [
          [10, 10],
          [50, 20],
          [60, 60],
        ],
      },
      {
        type: "polyline",
        points: [
          [120, 10],
          [150, 20],
          [180, 80],
        ],
      },
    ]);
    expect(await reloaded(test)).toEqual(test.objects.map((record) => record.shape));
  });

  it("is edited by its vertices, and never closes", () => {
    const test = withTool("L");
    test.click(10, 10).click(90, 10).click(90, 80).key("Enter").key("V");
    test.drag([
      [50, 10],
      [50, 40],
    ]);
    test.click(10, 10, { alt: true });
    expect(test.only.shape).toEqual({
      type: "polyline",
      points: [
        [50, 40],
        [90, 10],
        [90, 80],
      ],
    });
  });
});

describe("boxes by their four outermost points", () => {
  it("need no corner", () => {
    const test = withTool("B");
    test.editor.drawing.setBoxBy("extremes");
    test.click(50, 10).click(20, 40).click(60, 80).expectPath("box.stretching").click(90, 30).expectPath("box.idle");
    expect(test.only.shape).toEqual({ type: "box", box: [20, 10, 70, 70] });
  });
});

describe("the skeleton tool", () => {
  function withPose(): TestEditor {
    const test = new TestEditor();
    test.editor.setClasses([POSE]);
    return test.key("K");
  }

  it("places the class's template in a dragged box, has it adjusted, and saves it", async () => {
    const test = withPose();
    test.drag([
      [20, 10],
      [60, 50],
      [100, 90],
    ]);
    test.expectPath("skeleton.adjusting");
    test.drag([
      [60, 10],
      [70, 20],
    ]);
    test.pointerMove(20, 90).key("Q").pointerMove(100, 90).key("X").key("Enter").expectPath("skeleton.idle");
    expect(test.only.shape).toEqual({
      type: "skeleton",
      points: [
        [70, 20, 2],
        [20, 90, 1],
        [0, 0, 0],
      ],
    });
    expect(await reloaded(test)).toEqual([test.only.shape]);
  });

  it("goes point by point, with occluded and absent ones, and ends with the last", () => {
    const test = withPose();
    test.click(60, 10).expectPath("skeleton.placing").key("X").click(90, 80, { shift: true });
    test.expectPath("skeleton.idle");
    expect(test.only.shape).toEqual({
      type: "skeleton",
      points: [
        [60, 10, 2],
        [0, 0, 0],
        [90, 80, 1],
      ],
    });
  });

  it("leaves out the points that Enter came before, and takes back what was clicked", () => {
    const test = withPose();
    test.click(60, 10).click(20, 80).key("Backspace").key("Enter");
    expect(test.only.shape).toMatchObject({
      points: [
        [60, 10, 2],
        [0, 0, 0],
        [0, 0, 0],
      ],
    });
    test.click(60, 10).key("Backspace").expectPath("skeleton.idle");
    expect(test.objects).toHaveLength(1);
  });

  it("sets plain points for a class without a template", () => {
    const test = withTool("K");
    test.click(20, 20).click(40, 20).key("Enter");
    expect(test.only.shape).toEqual({
      type: "skeleton",
      points: [
        [20, 20, 2],
        [40, 20, 2],
      ],
    });
  });

  it("marks the point under the pointer with Q afterwards, and the object where there is none", () => {
    const test = withPose();
    test.click(60, 10).click(20, 80).click(90, 80).key("V");
    test.pointerMove(20, 80).key("Q");
    expect(test.only.shape).toMatchObject({
      points: [
        [60, 10, 2],
        [20, 80, 1],
        [90, 80, 2],
      ],
    });
    expect(test.only.occluded).toBe(false);
    test.pointerMove(150, 50).key("Q");
    expect(test.only.occluded).toBe(true);
  });

  it("is taken by its edges", () => {
    const test = withPose();
    test.click(60, 10).click(20, 90).click(100, 90).key("Esc").key("V").click(180, 50);
    expect(test.editor.selection.get().size).toBe(0);
    test.click(40, 50);
    expect([...test.editor.selection.get()]).toEqual([test.only.id]);
    test.click(60, 60);
    expect(test.editor.selection.get().size).toBe(0);
  });
});
