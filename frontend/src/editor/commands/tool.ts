/** Owns what acts on the tool in hand: take the last one again, brush size. */

import type { EditorContext } from "../context";
import { scaleBrush } from "../tools/strokes";
import { always, type CommandDefinition } from "./Command";

export const repeatTool: CommandDefinition = {
  id: "repeat-tool",
  title: "Take the last drawing tool again",
  group: "Tool",
  keys: ["N"],
  scope: "global",
  isEnabled: always,
  run: (editor) => editor.setTool(editor.previousTool()),
};

export const brushSmaller: CommandDefinition = {
  id: "brush-smaller",
  title: "Smaller brush",
  group: "Tool",
  keys: ["["],
  scope: "global",
  isEnabled: always,
  run: (editor) => scale(editor, 1 / 1.2),
};

export const brushLarger: CommandDefinition = {
  id: "brush-larger",
  title: "Larger brush",
  group: "Tool",
  keys: ["]"],
  scope: "global",
  isEnabled: always,
  run: (editor) => scale(editor, 1.2),
};

function scale(editor: EditorContext, factor: number): void {
  editor.session.update((session) => ({ ...session, brushSize: scaleBrush(session.brushSize, factor) }));
  editor.requestOverlay();
}
