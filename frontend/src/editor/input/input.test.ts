import { describe, expect, it } from "vitest";

import { COMMANDS } from "../commands";
import { TestEditor } from "../testing";
import { TOOLS } from "../tools";
import { chordOf, normaliseChord } from "./chord";
import { keyInput, pointerInput, wheelInput } from "./events";
import { Keymap } from "./Keymap";

const event = { shiftKey: false, ctrlKey: false, metaKey: false, altKey: false, repeat: false };

describe("key combinations", () => {
  it.each([
    [{ key: "z", code: "KeyZ", ctrlKey: true, shiftKey: true }, "Ctrl+Shift+Z"],
    [{ key: "z", code: "KeyZ", metaKey: true }, "Ctrl+Z"],
    [{ key: ")", code: "Digit0", shiftKey: true }, "Shift+0"],
    [{ key: "1", code: "Numpad1" }, "1"],
    [{ key: "+", code: "Equal", shiftKey: true }, "+"],
    [{ key: "?", code: "Slash", shiftKey: true }, "?"],
    [{ key: "[", code: "Digit8", ctrlKey: true, altKey: true }, "["],
    [{ key: "я", code: "KeyZ", ctrlKey: true }, "Ctrl+Z"],
    [{ key: " ", code: "Space" }, "Space"],
    [{ key: "Escape", code: "Escape" }, "Esc"],
    [{ key: "ArrowLeft", code: "ArrowLeft", shiftKey: true }, "Shift+ArrowLeft"],
    [{ key: "Shift", code: "ShiftLeft", shiftKey: true }, null],
  ])("%j is %s", (given, chord) => {
    expect(chordOf(keyInput("down", { ...event, ...given }))).toBe(chord);
  });

  it.each([
    ["shift+ctrl+z", "Ctrl+Shift+Z"],
    ["Cmd+y", "Ctrl+Y"],
    ["Ctrl++", "Ctrl++"],
    ["+", "+"],
    ["Shift+?", "?"],
    ["Delete", "Del"],
  ])("%s is written %s", (given, chord) => {
    expect(normaliseChord(given)).toBe(chord);
  });
});

describe("browser events", () => {
  it("become places on the canvas", () => {
    const mouse = { ...event, clientX: 30, clientY: 50, pointerId: 1, pointerType: "mouse", button: 2 };
    expect(pointerInput("down", mouse, { left: 10, top: 20 })).toMatchObject({
      screen: { x: 20, y: 30 },
      button: 2,
      pointerType: "mouse",
    });
    const wheel = { ...event, clientX: 30, clientY: 50, deltaX: 0, deltaY: 3, deltaMode: 1 };
    expect(wheelInput(wheel, { left: 10, top: 20 })).toMatchObject({ deltaY: 48, ctrl: false });
  });
});

describe("the keymap", () => {
  const run = (): void => undefined;
  const action = { title: "T", group: "G", run } as const;

  it("has no conflict as shipped, and every tool and command is in it once", () => {
    const { keymap } = new TestEditor().editor;
    expect(keymap.conflicts()).toEqual([]);
    const ids = keymap.rows().map((row) => row.id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { id } of COMMANDS) expect(ids).toContain(id);
    for (const { id } of TOOLS) expect(ids).toContain(`tool-${id}`);
  });

  it("is re-bound, warns of conflicts, and comes back", () => {
    const { keymap } = new TestEditor().editor;
    keymap.rebind("undo", ["u", "b"]);
    expect(keymap.keysOf("undo")).toEqual(["U", "B"]);
    expect(keymap.rows().find((row) => row.id === "undo")).toMatchObject({ conflicts: ["tool-box"], changed: true });
    expect(keymap.conflicts()).toEqual([{ key: "B", scope: "global", ids: ["tool-box", "undo"] }]);
    expect(new Keymap(keymap.overrides()).overrides()).toEqual({ undo: ["U", "B"] });
    keymap.reset();
    expect(keymap.conflicts()).toEqual([]);
  });

  it("tries the narrower scope first and passes on what cannot run", () => {
    const test = new TestEditor();
    const seen: string[] = [];
    const forget = test.editor.keymap.register([
      { ...action, id: "next-image", keys: ["ArrowRight", "F"], scope: "image", run: () => seen.push("next") },
    ]);
    test.key("ArrowRight");
    test.key("B").drag([
      [10, 10],
      [30, 30],
    ]);
    test.key("ArrowRight").key("V").key("ArrowRight");
    expect(seen).toEqual(["next", "next"]);
    expect(test.only.shape).toEqual({ type: "box", box: [11, 10, 20, 20] });
    forget();
    expect(test.editor.key(keyInput("down", { ...event, key: "f", code: "KeyF" }))).toBe(false);
  });

  it("refuses an id that is taken", () => {
    const { keymap } = new TestEditor().editor;
    const twice = { ...action, id: "undo", keys: [], scope: "global" } as const;
    expect(() => keymap.register([twice])).toThrow('There is a key action "undo" already.');
  });
});

describe("panning and zooming", () => {
  it("pan with the middle button and with Space, whatever the tool", () => {
    const test = new TestEditor();
    test.key("B");
    const { x } = test.editor.camera.state.get();
    test.pointerDown(50, 50, { button: 1 }).pointerMove(60, 50).pointerUp(60, 50, { button: 1 });
    expect(test.editor.camera.state.get().x).toBe(x + 10);
    test.keyDown("Space").pointerDown(50, 50).pointerMove(60, 50).pointerUp(60, 50).keyUp("Space");
    expect(test.editor.camera.state.get().x).toBe(x + 20);
    expect(test.objects).toEqual([]);
  });

  it("zoom keeps the point under the cursor", () => {
    const test = new TestEditor();
    const before = test.editor.camera.toScreen({ x: 150, y: 30 });
    test.wheel(150, 30, -300);
    const after = test.editor.camera.toScreen({ x: 150, y: 30 });
    expect(after.x).toBeCloseTo(before.x);
    expect(after.y).toBeCloseTo(before.y);
    expect(test.editor.camera.state.get().zoom).toBeCloseTo(1.25 ** 3);
  });

  it("fits, shows 1:1, and keeps fitting while the window changes until somebody zooms", () => {
    const test = new TestEditor();
    test.key("0");
    expect(test.editor.camera.state.get().zoom).toBeCloseTo(0.68);
    test.editor.resize(432, 232, 1);
    expect(test.editor.camera.state.get().zoom).toBe(2);
    test.key("Shift+0");
    expect(test.editor.camera.state.get().zoom).toBe(1);
    test.editor.resize(832, 432, 1);
    expect(test.editor.camera.state.get().zoom).toBe(1);
  });

  it("never loses the picture off the screen", () => {
    const test = new TestEditor();
    test.editor.camera.panBy(1e6, -1e6);
    const corner = test.editor.camera.toScreen({ x: 0, y: 100 });
    expect(corner.x).toBeLessThan(200);
    expect(corner.y).toBeGreaterThan(0);
  });
});
