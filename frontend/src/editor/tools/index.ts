/** Owns the list of tools: a new tool is its file and its line here. Toolbar, help and keymap read this list. */

import { box } from "./box";
import { ellipse } from "./ellipse";
import { MASK_TOOLS } from "./mask";
import { pan } from "./pan";
import { polygon } from "./polygon";
import { polyline } from "./polyline";
import { rotatedBox } from "./rotatedBox";
import { select } from "./select";
import { simplify } from "./simplify";
import { skeleton } from "./skeleton";
import { slice } from "./slice";
import { smart } from "./smart";
import { wire } from "./wire/WireTool";
import type { ToolDefinition } from "./Tool";

export const TOOLS: readonly ToolDefinition[] = [
  select,
  pan,
  box,
  rotatedBox,
  polygon,
  ellipse,
  polyline,
  skeleton,
  slice,
  simplify,
  ...MASK_TOOLS,
  smart,
  wire,
];
