/** Owns the skeleton tool's line in the list: a dragged template, or point by point. */

import type { EditorContext } from "../../context";
import type { ToolDefinition } from "../Tool";
import { SkeletonTool } from "./SkeletonTool";

export const skeleton: ToolDefinition = {
  id: "skeleton",
  title: "Points and skeleton",
  keys: ["K"],
  icon: "M12 6v7M12 13l-5 6M12 13l5 6M5 9l7-1l7 1M10 4a2 2 0 1 0 4 0a2 2 0 1 0-4 0z",
  shapes: ["skeleton"],
  group: "Draw",
  create: (editor: EditorContext) => new SkeletonTool(editor),
};
