/** Owns the names of key combinations: "Ctrl+Shift+Z", "Shift+0", "[", "ArrowLeft". */

import type { KeyInput } from "./events";

const NAMES: Readonly<Record<string, string>> = { " ": "Space", Escape: "Esc", Delete: "Del" };
const MODIFIER_KEYS = new Set(["Shift", "Control", "Alt", "Meta", "AltGraph", "CapsLock", "Dead", "Process"]);

/** Null for modifiers alone. */
export function chordOf(input: KeyInput): string | null {
  if (MODIFIER_KEYS.has(input.key)) return null;
  const key = keyName(input);
  const sign = isSign(key);
  // AltGr arrives as Ctrl+Alt; the sign it made is what was meant, as is the one that Shift made.
  const altGr = sign && input.ctrl && input.alt;
  const parts = [
    input.ctrl && !altGr ? "Ctrl" : "",
    input.alt && !altGr ? "Alt" : "",
    input.shift && !sign ? "Shift" : "",
    key,
  ];
  return parts.filter((part) => part !== "").join("+");
}

/** The same combination always has the same text, however it was written. */
export function normaliseChord(chord: string): string {
  const parts = chord.endsWith("++")
    ? [...chord.slice(0, -2).split("+"), "+"]
    : chord === "+"
      ? ["+"]
      : chord.split("+");
  const key = parts.at(-1) ?? "";
  const held = new Set(parts.slice(0, -1).map((part) => part.toLowerCase()));
  const has = (...names: string[]): boolean => names.some((name) => held.has(name));
  const name = key.length === 1 ? key.toUpperCase() : (NAMES[key] ?? key);
  return [
    has("ctrl", "cmd", "meta", "control") ? "Ctrl" : "",
    has("alt", "option") ? "Alt" : "",
    has("shift") && !isSign(name) ? "Shift" : "",
    name,
  ]
    .filter((part) => part !== "")
    .join("+");
}

function keyName(input: KeyInput): string {
  const digit = /^(?:Digit|Numpad)(\d)$/.exec(input.code)?.[1];
  // Shift+0 is ")" on one keyboard and "=" on another: the place of the key is what was meant.
  if (digit !== undefined && (input.shift || /^\d$/.test(input.key))) return digit;
  if (input.key.length === 1) {
    const letter = /^Key([A-Z])$/.exec(input.code)?.[1];
    // Cyrillic, Greek … layouts: the Latin letter on the same key.
    if (letter !== undefined && input.key.charCodeAt(0) > 127) return letter;
    return NAMES[input.key] ?? input.key.toUpperCase();
  }
  return NAMES[input.key] ?? input.key;
}

function isSign(key: string): boolean {
  return key.length === 1 && !/[A-Z0-9]/.test(key);
}
