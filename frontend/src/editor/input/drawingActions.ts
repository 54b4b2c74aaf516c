/** Owns the keys that act on what the tool in hand has unfinished; a state of the tool says which of them it knows. */

import type { Toolbox } from "../tools/Toolbox";
import type { Bindable } from "./bindings";
import type { KeyAction } from "./Keymap";

/** The picture moves while it is held; it is no press of its own. */
export const HOLD_TO_PAN = "hold-to-pan";

export const DRAWING_ACTIONS = [
  { id: "finish", keys: ["Enter", "Ctrl+Enter"], scope: "drawing" },
  { id: "cancel", keys: ["Esc"], scope: "drawing" },
  { id: "remove-last", keys: ["Backspace"], scope: "drawing" },
  { id: "skip-point", keys: ["X"], scope: "skeleton" },
  { id: "occlude-point", keys: ["Q"], scope: "skeleton" },
  { id: "flip-border", keys: ["X"], scope: "outline" },
  { id: "flip-sign", keys: ["X"], scope: "smart" },
  { id: "next-candidate", keys: ["Tab"], scope: "smart" },
  { id: HOLD_TO_PAN, keys: ["Space"], scope: "global" },
] as const satisfies readonly Bindable[];

/** What a state of a tool may be asked for by a key. */
export type DrawingAction = Exclude<(typeof DRAWING_ACTIONS)[number]["id"], "cancel" | typeof HOLD_TO_PAN>;

export function drawingActions(toolbox: Toolbox): readonly KeyAction[] {
  return DRAWING_ACTIONS.map((action): KeyAction => ({ ...action, run: () => act(toolbox, action.id) }));
}

/** False when the tool in hand has no use for it now. */
function act({ current }: Toolbox, id: (typeof DRAWING_ACTIONS)[number]["id"]): boolean {
  if (id === HOLD_TO_PAN) return false;
  if (id === "cancel") return current.cancel();
  if (current.state.onAction?.(id) === true) return true;
  if (id !== "finish" || !current.isBusy) return false;
  current.state.onComplete?.();
  return true;
}
