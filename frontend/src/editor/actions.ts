/** Owns the list of everything in the editor that has a key: drawing, tools, commands and the classes by their digits. */

import { COMMANDS } from "./commands";
import { classBindables } from "./commands/classes";
import type { Bindable } from "./input/bindings";
import { CURSOR_ACTIONS } from "./input/KeyboardCursor";
import { DRAWING_ACTIONS } from "./input/drawingActions";
import { TOOLS } from "./tools";

/** With the name it has in English, where it is not in the message catalogue. */
export interface EditorAction extends Bindable {
  readonly title: string;
  readonly group: string;
}

const DIGITS = ["1", "2", "3", "4", "5", "6", "7", "8", "9"] as const;

export const EDITOR_ACTIONS: readonly EditorAction[] = [
  ...TOOLS.map(({ id, title, keys }) => ({ id: toolAction(id), title, group: "Tool", keys, scope: "global" as const })),
  ...DRAWING_ACTIONS.map((action) => ({ ...action, title: action.id, group: "Draw" })),
  ...CURSOR_ACTIONS.map((action) => ({ ...action, title: action.id, group: "Cursor" })),
  ...COMMANDS.map(({ id, title, group, keys, scope }) => ({ id, title, group, keys, scope })),
  ...DIGITS.flatMap((digit) =>
    classBindables(digit).map((action) => ({ ...action, title: action.id, group: "Class" })),
  ),
];

/** The id under which taking a tool has its key. */
export function toolAction(tool: string): string {
  return `tool-${tool}`;
}
