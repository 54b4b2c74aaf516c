/** Owns the select tool's line in the list: click, multi-select, marquee, move, resize, vertices. */

import type { EditorContext } from "../../context";
import type { ToolDefinition } from "../Tool";
import { SelectTool } from "./SelectTool";

export const select: ToolDefinition = {
  id: "select",
  title: "Select",
  keys: ["V"],
  icon: "M5 3l13 8-6 1.500L9 19z",
  shapes: [],
  group: "View",
  create: (editor: EditorContext) => new SelectTool(editor),
};
