/** Owns the list of tools that change masks. */

import type { ToolDefinition } from "../Tool";
import { brush } from "./brush";
import { eraser } from "./eraser";
import { fill } from "./fill";
import { outlineAdd, outlineCut } from "./outline";
import { wand } from "./wand";

export const MASK_TOOLS: readonly ToolDefinition[] = [brush, eraser, wand, outlineAdd, outlineCut, fill];
