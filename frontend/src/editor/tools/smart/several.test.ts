import { describe, expect, it } from "vitest";

import { settle, TestEditor } from "../../testing";

const STROKES = { points: true, negative_points: true, box: true, strokes: true };
const CUT = { key: "cut", prompts: STROKES, outputs: ["mask", "polygon", "box"], parameters: [] };
const PAINTED = {
  ...CUT,
  key: "forest",
  several: true,
  prompts: { points: false, negative_points: false, box: false, strokes: true },
};
const LIKE = { ...PAINTED, key: "like", prompts: { ...PAINTED.prompts, box: true, strokes: false } };
const TWO = {
  shapes: [
    { shape: { type: "box", box: [10, 10, 20, 20] }, score: 0.9, label: 12 },
    { shape: { type: "box", box: [60, 10, 20, 20] }, score: 0.8, label: 11 },
  ],
};

function smartEditor(method: Parameters<TestEditor["editor"]["setSmartMethod"]>[0]): TestEditor {
  const test = new TestEditor();
  test.editor.setSmartMethod(method);
  test.editor.setSmartOutput("box");
  return test.key("S");
}

describe("strokes of the smart tool", () => {
  it("are what a drag paints once the options say so, and with Alt the other way round", async () => {
    const test = smartEditor(CUT);
    test.editor.setSmartDrag({ drag: "stroke", strokeWidth: 6 });
    test.pointerDown(20, 20).pointerMove(40, 20).expectPath("smart.stroking").pointerUp(60, 20);
    await settle();
    expect(test.smart.requests.at(-1)?.prompt.strokes).toEqual([
      { points: [[20, 20], [40, 20], [60, 20]], width: 6, sign: 1, label: 0 },
    ]); // prettier-ignore
    // when: the other button, then Alt
    test.pointerDown(20, 50, { button: 2 }).pointerMove(40, 50).pointerUp(40, 50);
    test.pointerDown(10, 10, { alt: true }).pointerMove(70, 60, { alt: true }).expectPath("smart.boxing");
    test.pointerUp(70, 60, { alt: true });
    await settle();
    const prompt = test.smart.requests.at(-1)?.prompt;
    expect(prompt?.strokes?.map(({ sign }) => sign)).toEqual([1, -1]);
    expect(prompt?.box).toEqual([10, 10, 60, 50]);
  });

  it("are taken back one by one, before points that came earlier", async () => {
    const test = smartEditor(CUT);
    test.editor.setSmartDrag({ drag: "stroke" });
    test.click(30, 30).drag([
      [20, 20],
      [60, 20],
    ]);
    await settle();
    test.key("Ctrl+Z");
    expect(test.smart.requests.at(-1)?.prompt).toEqual({ points: [[30, 30, 1]] });
    test.key("Ctrl+Z").expectPath("smart.idle");
  });

  it("are not painted with a method that takes none", () => {
    const test = smartEditor({ ...CUT, prompts: { ...STROKES, strokes: false } });
    test.editor.setSmartDrag({ drag: "stroke" });
    test.pointerDown(20, 20).pointerMove(60, 50).expectPath("smart.boxing");
  });
});

describe("a method that finds several objects", () => {
  it("learns from strokes of classes and keeps all it found as one step", async () => {
    const test = smartEditor(PAINTED);
    test.smart.answer = TWO;
    test.editor.setClass(12);
    test.drag([
      [20, 20],
      [60, 20],
    ]);
    await settle();
    expect(test.smart.requests.at(-1)?.prompt.strokes?.[0]?.label).toBe(12);
    expect(test.editor.smart.get().candidates).toBe(2);
    test.key("Enter");
    expect(test.objects.map(({ classId, source }) => [classId, source])).toEqual([
      [12, "method:forest"],
      [11, "method:forest"],
    ]);
    test.key("Ctrl+Z");
    expect(test.objects).toEqual([]);
  });

  it("leaves out what was clicked, and what is an object already", async () => {
    const test = smartEditor(LIKE);
    const [first, second] = TWO.shapes;
    const third = { shape: { type: "box", box: [120, 10, 20, 20] }, score: 0.7 };
    test.smart.answer = { shapes: [first, second, third].filter((one) => one !== undefined) };
    test.drag([
      [5, 5],
      [35, 35],
    ]);
    await settle();
    test.click(70, 20).click(130, 20).click(130, 20);
    expect(test.editor.smart.get().candidates).toBe(2);
    expect(test.smart.requests).toHaveLength(1);
    test.key("Enter");
    expect(test.objects).toHaveLength(2);
    // when: the same is asked again
    test.key("S").drag([
      [5, 5],
      [35, 35],
    ]);
    await settle();
    expect(test.editor.smart.get().candidates).toBe(1);
  });

  it("takes the box of the selected object as its example", async () => {
    const test = smartEditor(LIKE);
    test.drag([
      [5, 5],
      [35, 35],
    ]);
    await settle();
    test.key("Enter");
    expect(test.editor.promptSelected()).toBe(true);
    await settle();
    expect(test.smart.requests.at(-1)?.prompt.box).toEqual([10, 10, 20, 20]);
    test.key("Esc").key("V");
    expect(test.editor.promptSelected()).toBe(false);
  });
});
