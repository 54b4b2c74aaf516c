/** Commands that the screen in view offers to the palette; the palette shows whatever is registered. */
import { useEffect, useSyncExternalStore } from "react";

export interface Command {
  readonly id: string;
  readonly title: string;
  readonly group: string;
  readonly keys?: readonly string[];
  readonly run: () => void;
}

let registered: readonly (readonly Command[])[] = [];
let flat: readonly Command[] = [];
const listeners = new Set<() => void>();

function change(next: readonly (readonly Command[])[]): void {
  registered = next;
  flat = next.flat();
  for (const listener of listeners) listener();
}

export function registerCommands(commands: readonly Command[]): () => void {
  change([...registered, commands]);
  return () => change(registered.filter((entry) => entry !== commands));
}

/** `commands` has to be stable between renders (useMemo). */
export function useCommands(commands: readonly Command[]): void {
  useEffect(() => registerCommands(commands), [commands]);
}

const subscribe = (listener: () => void): (() => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

export const useRegisteredCommands = (): readonly Command[] => useSyncExternalStore(subscribe, () => flat);
