import { describe, expect, it } from "vitest";

import { settle, TestEditor } from "../../testing";

const METHOD = {
  key: "wand",
  prompts: { points: true, negative_points: true, box: true },
  outputs: ["mask", "polygon", "box"],
  parameters: [{ key: "tolerance", default: 12 }],
};

function smartEditor(): TestEditor {
  const test = new TestEditor();
  test.editor.setSmartMethod(METHOD);
  test.editor.setSmartOutput("box");
  test.key("S").expectPath("smart.idle");
  return test;
}

describe("the smart tool", () => {
  it("asks with a click, shows the answer, and makes an object of it with Enter", async () => {
    const test = smartEditor();
    test.click(30, 40).expectPath("smart.prompting");
    expect(test.editor.smart.get().busy).toBe(true);
    expect(test.smart.requests).toEqual([
      { imageId: 5, method: "wand", prompt: { points: [[30, 40, 1]] }, parameters: { tolerance: 12 }, output: "box" },
    ]);
    await settle();
    expect(test.editor.smart.get()).toMatchObject({
      busy: false,
      candidates: 1,
      score: 0.9,
      seconds: 0.1,
      error: null,
    });
    expect(test.objects).toEqual([]);
    test.key("Enter").expectPath("smart.idle");
    expect(test.only).toMatchObject({
      shape: { type: "box", box: [10, 10, 20, 20] },
      source: "method:wand",
      score: 0.9,
    });
    expect(test.editor.smart.get().points).toEqual([]);
  });

  it("refines with the right button and with X, and takes the last point back", async () => {
    const test = smartEditor();
    test.click(30, 40).click(50, 40, { button: 2 }).key("X").click(60, 40).key("X").click(70, 40);
    await settle();
    expect(test.smart.requests.at(-1)?.prompt.points).toEqual([
      [30, 40, 1],
      [50, 40, -1],
      [60, 40, -1],
      [70, 40, 1],
    ]);
    test.key("Ctrl+Z");
    expect(test.smart.requests.at(-1)?.prompt.points).toHaveLength(3);
    test.key("Backspace").key("Backspace").key("Backspace").expectPath("smart.idle");
  });

  it("sends a box that was dragged", async () => {
    const test = smartEditor();
    test
      .pointerDown(20, 20)
      .pointerMove(60, 50)
      .expectPath("smart.boxing")
      .pointerUp(60, 50)
      .expectPath("smart.prompting");
    await settle();
    expect(test.smart.requests.at(-1)?.prompt).toEqual({ points: [], box: [20, 20, 40, 30] });
  });

  it("queues clicks while Ctrl is held and sends them once", async () => {
    const test = smartEditor();
    const held = { ctrl: true };
    test
      .click(30, 40, held)
      .click(50, 40, held)
      .click(60, 40, { ...held, button: 2 });
    expect(test.smart.requests).toEqual([]);
    expect(test.editor.smart.get().queued).toBe(3);
    test.editor.key({
      kind: "up",
      key: "Control",
      code: "ControlLeft",
      repeat: false,
      shift: false,
      ctrl: false,
      alt: false,
    });
    await settle();
    expect(test.smart.requests).toHaveLength(1);
    expect(test.smart.requests[0]?.prompt.points).toHaveLength(3);
  });

  it("accepts the answer on arrival when Enter came first", async () => {
    const test = smartEditor();
    test.click(30, 40).key("Enter");
    expect(test.objects).toEqual([]);
    await settle();
    expect(test.objects).toHaveLength(1);
  });

  it("drops an answer that comes after Esc", async () => {
    const test = smartEditor();
    test.click(30, 40).key("Esc").expectPath("smart.idle");
    await settle();
    expect(test.editor.smart.get()).toMatchObject({ busy: false, candidates: 0 });
    test.key("Enter");
    expect(test.objects).toEqual([]);
  });

  it("shows why there is no answer, and goes on", async () => {
    const test = smartEditor();
    test.smart.failure = new Error("The weights are being fetched.");
    test.click(30, 40);
    await settle();
    expect(test.editor.smart.get()).toMatchObject({ busy: false, error: "The weights are being fetched." });
    test.smart.failure = null;
    test.smart.answer = { shapes: [] };
    test.click(30, 45);
    await settle();
    expect(test.editor.smart.get().error).toBe("The method found nothing here.");
    test.smart.answer = { shapes: [{ shape: { type: "blob" }, score: 1 }] };
    test.click(30, 50);
    await settle();
    expect(test.editor.smart.get().error).toContain('this one has "blob"');
  });

  it("asks again with the same prompt when a parameter, the output or the method changes", async () => {
    const test = smartEditor();
    test.click(30, 40);
    await settle();
    // when: each of the three is changed
    test.editor.setSmartParameters({ tolerance: 30 });
    test.editor.setSmartOutput("mask");
    test.editor.setSmartMethod({ ...METHOD, key: "cut" });
    await settle();
    // then
    expect(test.smart.requests.map(({ method, parameters, output }) => [method, parameters.tolerance, output])).toEqual(
      [
        ["wand", 12, "box"],
        ["wand", 30, "box"],
        ["wand", 30, "mask"],
        ["cut", 12, "mask"],
      ],
    );
    expect(test.smart.requests.every(({ prompt }) => prompt.points.length === 1)).toBe(true);
    test.expectPath("smart.prompting");
    // when: a method is taken that has no use for clicks
    test.editor.setSmartMethod({
      ...METHOD,
      key: "snake",
      prompts: { points: false, negative_points: false, box: true },
    });
    // then
    test.expectPath("smart.idle");
    expect(test.smart.requests).toHaveLength(4);
    expect(test.editor.smart.get().points).toEqual([]);
  });

  it("asks nothing again before there is a prompt, nor with another tool in hand", async () => {
    const test = smartEditor();
    test.editor.setSmartParameters({ tolerance: 30 });
    test.click(30, 40);
    await settle();
    test.key("V");
    test.editor.setSmartParameters({ tolerance: 40 });
    await settle();
    expect(test.smart.requests).toHaveLength(1);
  });

  it("goes through several answers with Tab", async () => {
    const test = smartEditor();
    test.smart.answer = {
      shapes: [
        { shape: { type: "box", box: [1, 1, 5, 5] }, score: 0.9 },
        { shape: { type: "box", box: [1, 1, 50, 50] }, score: 0.5 },
      ],
    };
    test.click(3, 3);
    await settle();
    test.key("Tab").key("Enter");
    expect(test.only.score).toBe(0.5);
  });

  it("says what a method cannot do", () => {
    const test = smartEditor();
    test.editor.setSmartMethod({ ...METHOD, prompts: { points: true, negative_points: false, box: false } });
    test.click(30, 40, { button: 2 });
    expect(test.editor.smart.get().error).toBe("This method takes no negative points.");
    test.drag([
      [20, 20],
      [60, 50],
    ]);
    expect(test.editor.smart.get().error).toBe("This method takes no box; click on the object.");
    expect(test.smart.requests).toEqual([]);
  });

  it("says that a method must be chosen", async () => {
    const test = new TestEditor();
    test.key("S").click(30, 40);
    await settle();
    expect(test.editor.smart.get().error).toBe("Choose a method first.");
  });

  it("shows what a click would give, once answers on this image are quick", async () => {
    const test = smartEditor();
    test.pointerMove(40, 40);
    expect(test.smart.requests).toEqual([]);
    test.click(30, 40);
    await settle();
    test.key("Enter");
    test.clock.skip(500);
    test.pointerMove(60, 40).pointerMove(61, 40).pointerMove(90, 40);
    await settle();
    expect(test.smart.requests).toHaveLength(2);
    expect(test.smart.requests[1]?.prompt.points).toEqual([[60, 40, 1]]);
    test.clock.skip(500);
    test.pointerMove(61, 41);
    test.editor.setSmartHover(false);
    test.pointerMove(120, 41);
    expect(test.smart.requests).toHaveLength(2);
    expect(test.objects).toHaveLength(1);
  });

  it("says what a person should know of the answer, until the next one says nothing", async () => {
    const test = smartEditor();
    test.smart.answer = { ...test.smart.answer, note: "It runs on the processor." };
    test.click(30, 40);
    await settle();
    expect(test.editor.smart.get().note).toBe("It runs on the processor.");
    test.smart.answer = { ...test.smart.answer, note: "" };
    test.click(32, 40);
    await settle();
    expect(test.editor.smart.get().note).toBe("");
  });

  it("does not ask by hovering where answers are slow", async () => {
    const test = smartEditor();
    test.smart.answer = { ...test.smart.answer, seconds: 2 };
    test.click(30, 40);
    await settle();
    test.key("Enter").pointerMove(60, 40);
    expect(test.smart.requests).toHaveLength(1);
  });

  it("turns the first number of the method with Ctrl and the wheel, and asks again", async () => {
    const test = smartEditor();
    const tolerance = { key: "tolerance", default: 12, min: 0, max: 14, step: 2 };
    test.editor.setSmartMethod({ ...METHOD, parameters: [{ key: "mode", default: "a" }, tolerance] });
    test.click(30, 40);
    await settle();
    test.wheel(30, 40, -100, { ctrl: true }).wheel(30, 40, -100, { ctrl: true });
    await settle();
    expect(test.smart.requests.at(-1)?.parameters).toEqual({ mode: "a", tolerance: 14 });
    expect(test.editor.camera.state.get().zoom).toBe(1);
  });
});
