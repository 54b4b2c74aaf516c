/** Owns the person's own keys: what differs from the defaults, kept in this browser for each person. */
import { useSyncExternalStore } from "react";
import type { KeyBindings } from "../../editor";

const NONE: KeyBindings = {};

let place: string | null = null;
let current: KeyBindings = NONE;
const listeners = new Set<() => void>();

const isBindings = (value: unknown): value is KeyBindings =>
  typeof value === "object" &&
  value !== null &&
  !Array.isArray(value) &&
  Object.values(value).every((keys) => Array.isArray(keys) && keys.every((key) => typeof key === "string"));

/** Null for what is no set of keys. */
export function parseBindings(text: string): KeyBindings | null {
  try {
    const value: unknown = JSON.parse(text);
    return isBindings(value) ? value : null;
  } catch {
    return null;
  }
}

function show(bindings: KeyBindings): void {
  current = bindings;
  for (const listener of listeners) listener();
}

function read(): void {
  show((place === null ? null : parseBindings(localStorage.getItem(place) ?? "{}")) ?? NONE);
}

/** The keys of this person from now on, also as they change them in another tab. */
export function followPerson(person: number): () => void {
  place = `key-bindings:${person}`;
  read();
  const changed = (event: StorageEvent) => {
    if (event.key === place || event.key === null) read();
  };
  window.addEventListener("storage", changed);
  return () => {
    window.removeEventListener("storage", changed);
    place = null;
    show(NONE);
  };
}

export function saveKeyBindings(bindings: KeyBindings): void {
  if (place !== null) localStorage.setItem(place, JSON.stringify(bindings));
  show(bindings);
}

export const keyBindings = {
  get: (): KeyBindings => current,
  subscribe: (listener: () => void): (() => void) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
};

export const useKeyBindings = (): KeyBindings => useSyncExternalStore(keyBindings.subscribe, keyBindings.get);
