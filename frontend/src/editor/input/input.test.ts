import { describe, expect, it } from "vitest";

import { EDITOR_ACTIONS, toolAction } from "../actions";
import { COMMANDS } from "../commands";
import { TestEditor } from "../testing";
import { TOOLS } from "../tools";
import { boundKeys, clashing, rebind } from "./bindings";
import { chordOf, chordsOf, normaliseChord } from "./chord";
import { keyInput, pointerInput, wheelInput } from "./events";

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
    ["Russian", { key: "и", code: "KeyB" }, ["B"]],
    ["Russian", { key: "х", code: "BracketLeft" }, ["Х", "["]],
    ["Russian", { key: ",", code: "Slash", shiftKey: true }, [",", "?"]],
    ["Russian", { key: "?", code: "Digit7", shiftKey: true }, ["Shift+7", "?"]],
    ["Greek", { key: "ζ", code: "KeyZ", ctrlKey: true }, ["Ctrl+Z"]],
    ["Arabic", { key: "لا", code: "KeyB" }, ["B"]],
    ["Persian", { key: "۱", code: "Digit1" }, ["1"]],
    ["French", { key: "&", code: "Digit1" }, ["&", "1"]],
    ["French", { key: "1", code: "Digit1", shiftKey: true }, ["1"]],
    ["French", { key: "a", code: "KeyQ" }, ["A"]],
    ["German", { key: "z", code: "KeyY", ctrlKey: true }, ["Ctrl+Z"]],
    ["German", { key: "/", code: "Digit7", shiftKey: true }, ["Shift+7", "/"]],
    ["German", { key: "ü", code: "BracketLeft" }, ["Ü", "["]],
    ["Chinese, with an input method", { key: "Process", code: "KeyP" }, ["P"]],
    ["Apple's Option", { key: "¡", code: "Digit1", altKey: true }, ["Alt+1"]],
    ["numbers switched off", { key: "End", code: "Numpad1" }, ["End"]],
  ])("of a keyboard that is %s: %j may mean %j", (_, given, chords) => {
    expect(chordsOf(keyInput("down", { ...event, ...given }))).toEqual(chords);
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
    const mouse = { ...event, clientX: 30, clientY: 50, pointerId: 1, pointerType: "mouse", button: 2, pressure: 0.5 };
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
  const action = { run } as const;

  it("has every tool and command in the list of what has keys, once", () => {
    const ids = EDITOR_ACTIONS.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { id } of COMMANDS) expect(ids).toContain(id);
    for (const { id } of TOOLS) expect(ids).toContain(toolAction(id));
  });

  it("follows the person's own keys, also while the editor is open", () => {
    const test = new TestEditor();
    test.editor.keymap.setBindings({ undo: ["u", "b"], "tool-box": ["Y"] });
    expect(test.editor.keymap.keysOf("undo")).toEqual(["U", "B"]);
    test
      .key("Y")
      .expectPath("box.idle")
      .drag([
        [10, 10],
        [30, 30],
      ]);
    test.key("Ctrl+Z");
    expect(test.objects).toHaveLength(1);
    test.key("B").expectPath("box.idle");
    expect(test.objects).toHaveLength(0);
    test.editor.keymap.setBindings({});
    test.key("V").key("B").expectPath("box.idle");
  });

  it("knows whose key a key is: of all that can run at the same time", () => {
    const undo = EDITOR_ACTIONS.filter(({ id }) => id === "undo");
    const [action] = undo;
    if (!action) throw new Error("There is no undo.");
    const ids = (chord: string, bindings = {}): string[] =>
      clashing(EDITOR_ACTIONS, bindings, action, chord).map(({ id }) => id);
    expect(ids("b")).toEqual(["tool-box"]);
    expect(ids("b", { "tool-box": ["Y"] })).toEqual([]);
    // A class's key is asked before a tool's, so a tool would never get it.
    expect(ids("3")).toEqual(["class-key-3"]);
    // What is selected has its keys first and leaves them to others when nothing is.
    expect(ids("h")).toEqual([]);
  });

  it("keeps only what differs from the defaults", () => {
    const action = { id: "a", keys: ["Del", "Backspace"], scope: "image" } as const;
    expect(rebind({ b: ["X"] }, action, ["ctrl+u", "Ctrl+U"])).toEqual({ a: ["Ctrl+U"], b: ["X"] });
    expect(rebind({ a: ["X"], b: ["X"] }, action, ["Backspace", "Delete"])).toEqual({ b: ["X"] });
    expect(boundKeys(action, { a: [] })).toEqual([]);
  });

  it("binds what is done while something is drawn as everything else", () => {
    const test = new TestEditor();
    test.editor.keymap.setBindings({ finish: ["F2"], "remove-last": ["U"], cancel: ["F3"] });
    test.key("P").click(10, 10).click(50, 10).click(50, 50).click(90, 90).key("U").key("Enter");
    expect(test.objects).toHaveLength(0);
    test.key("F2");
    expect(test.only.shape).toMatchObject({ parts: [{ outer: { length: 3 } }] });
    test.click(10, 10).key("Esc").expectPath("polygon.drawing").key("F3").expectPath("polygon.idle");
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
    expect(test.editor.camera.state.get().zoom).toBe(0.75);
    test.editor.resize(432, 312, 1);
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
