/** Owns what acts on the tool in hand: take the last one again. */

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
