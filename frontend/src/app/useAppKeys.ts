/** The keys that hold on every screen: they are heard before the screen's own, with the person's own keys. */
import { useEffect } from "react";
import { boundKeys, chordsOf, keyInput } from "../editor/keys";
import { APP_ACTIONS, type AppActionId } from "../parts/keys/screenActions";
import { keyBindings } from "../parts/keys/store";

/** A bare key is text in a field and belongs to an open dialog; with Ctrl or Alt, or as F1 to F12, it is a command. */
function isFree(event: KeyboardEvent): boolean {
  const { target } = event;
  // There every key is one to be bound.
  if (target instanceof Element && target.closest("[data-recording]") !== null) return false;
  if (event.ctrlKey || event.metaKey || event.altKey || /^F\d+$/.test(event.key)) return true;
  if (!(target instanceof Element)) return true;
  return target.closest("input, textarea, select, [contenteditable=true], [role=dialog], [role=listbox]") === null;
}

/** `run` has to be stable between renders. */
export function useAppKeys(run: (action: AppActionId) => void): void {
  useEffect(() => {
    const down = (event: KeyboardEvent) => {
      if (event.isComposing || !isFree(event)) return;
      const pressed = chordsOf(keyInput("down", event));
      const bindings = keyBindings.get();
      const action = APP_ACTIONS.find((one) => boundKeys(one, bindings).some((key) => pressed.includes(key)));
      if (action === undefined) return;
      event.preventDefault();
      event.stopPropagation();
      run(action.id);
    };
    // Before the canvas and Mantine's own listeners.
    window.addEventListener("keydown", down, { capture: true });
    return () => window.removeEventListener("keydown", down, { capture: true });
  }, [run]);
}
