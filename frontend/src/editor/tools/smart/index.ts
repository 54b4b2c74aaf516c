/** Owns the smart tool's line in the list. */

import type { EditorContext } from "../../context";
import type { ToolDefinition } from "../Tool";
import { SmartTool } from "./SmartTool";

export const smart: ToolDefinition = {
  id: "smart",
  title: "Smart",
  keys: ["S"],
  icon: "M11 3l1.800 5.200L18 10l-5.200 1.800L11 17l-1.800-5.200L4 10l5.200-1.800zM18 15l.900 2.100L21 18l-2.100.900L18 21l-.900-2.100L15 18l2.100-.900z",
  shapes: ["mask", "polygon", "box"],
  group: "Smart",
  create: (editor: EditorContext) => new SmartTool(editor),
};
