/** Owns what a person's own keys mean beside the defaults: which keys an action has, and which others want them too. */

import { normaliseChord } from "./chord";

/** When an action can run; earlier ones are tried first. "app" is everywhere, also outside the editor. */
export const SCOPES = [
  "cursor",
  "skeleton",
  "smart",
  "outline",
  "drawing",
  "mode",
  "tool",
  "selection",
  "prediction",
  "image",
  "global",
  "app",
] as const;
export type Scope = (typeof SCOPES)[number];

/** Of two actions whose scopes hold at once, one would never get its key. */
const AT_ONCE: readonly (readonly Scope[])[] = [
  ["image", "global"],
  ["drawing", "skeleton"],
  ["drawing", "smart"],
  ["drawing", "outline"],
];

/** What has keys; they are its defaults. */
export interface Bindable {
  readonly id: string;
  readonly keys: readonly string[];
  readonly scope: Scope;
}

/** Only what differs from the defaults, by id. */
export type KeyBindings = Readonly<Record<string, readonly string[]>>;

export function boundKeys(action: Bindable, bindings: KeyBindings): readonly string[] {
  return (bindings[action.id] ?? action.keys).map(normaliseChord);
}

/** The bindings with these keys for the action; without a word about it where they are its defaults. */
export function rebind(bindings: KeyBindings, action: Bindable, keys: readonly string[]): KeyBindings {
  const wanted = [...new Set(keys.map(normaliseChord))];
  const others = Object.fromEntries(Object.entries(bindings).filter(([id]) => id !== action.id));
  return sameKeys(wanted, action.keys.map(normaliseChord)) ? others : { ...others, [action.id]: wanted };
}

/** The other actions that have this key at the same time. */
export function clashing<T extends Bindable>(
  actions: readonly T[],
  bindings: KeyBindings,
  action: Bindable,
  chord: string,
): readonly T[] {
  const wanted = normaliseChord(chord);
  return actions.filter(
    (other) =>
      other.id !== action.id && holdAtOnce(other.scope, action.scope) && boundKeys(other, bindings).includes(wanted),
  );
}

function holdAtOnce(a: Scope, b: Scope): boolean {
  return a === b || a === "app" || b === "app" || AT_ONCE.some((scopes) => scopes.includes(a) && scopes.includes(b));
}

function sameKeys(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((key) => b.includes(key));
}
