/** Owns the list of tools: a new tool is its file and its line here. Toolbar, help and keymap read this list. */

import { box } from "./box";
import { brush } from "./brush";
import { eraser } from "./eraser";
import { pan } from "./pan";
import { polygon } from "./polygon";
import { select } from "./select";
import { smart } from "./smart";
import type { ToolDefinition } from "./Tool";

export const TOOLS: readonly ToolDefinition[] = [select, pan, box, polygon, brush, eraser, smart];
