/** Owns whether the keys are shown, or shown to be changed; any screen may open them. */
import { useSyncExternalStore } from "react";

export type KeysView = "help" | "change" | null;

let view: KeysView = null;
/** Where the keyboard was before. */
let opener: Element | null = null;
const listeners = new Set<() => void>();

export function showKeys(next: KeysView): void {
  if (view === null) opener = document.activeElement;
  view = next;
  for (const listener of listeners) listener();
}

/** The dialog is gone: it may have come with its code, too late to know by itself where the keyboard was. */
export function returnFocus(): void {
  if (opener instanceof HTMLElement) opener.focus({ preventScroll: true });
}

export const openHelp = (): void => showKeys("help");

const subscribe = (listener: () => void): (() => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

export const useKeysView = (): KeysView => useSyncExternalStore(subscribe, () => view);
