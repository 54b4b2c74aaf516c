/** Owns the names of key combinations: "Ctrl+Shift+Z", "Shift+0", "[", "ArrowLeft"; on every keyboard layout. */

import type { KeyInput } from "./events";

const NAMES: Readonly<Record<string, string>> = { " ": "Space", Escape: "Esc", Delete: "Del" };
const MODIFIER_KEYS = new Set(["Shift", "Control", "Alt", "Meta", "AltGraph", "CapsLock"]);
/** What says nothing of the key: dead keys, and every key while an input method is switched on. */
const NAMELESS_KEYS = new Set(["Dead", "Process", "Unidentified"]);
/** The signs on a Latin keyboard's keys: alone, with Shift. */
const SIGNS: Readonly<Record<string, readonly [string, string]>> = {
  BracketLeft: ["[", "{"],
  BracketRight: ["]", "}"],
  Slash: ["/", "?"],
  Backslash: ["\\", "|"],
  Minus: ["-", "_"],
  Equal: ["=", "+"],
  Comma: [",", "<"],
  Period: [".", ">"],
  Semicolon: [";", ":"],
  Quote: ["'", '"'],
  Backquote: ["`", "~"],
};

/** Null for modifiers alone. */
export function chordOf(input: KeyInput): string | null {
  return chordsOf(input)[0] ?? null;
}

/**
 * What a press may mean, the likeliest first: the sign that it made, then the one that a Latin keyboard has at that
 * place. So "[" is found on a Russian keyboard, where its key makes "х", and so are digits on a French one.
 */
export function chordsOf(input: KeyInput): readonly string[] {
  if (MODIFIER_KEYS.has(input.key)) return [];
  const names = [keyName(input), placeName(input)].filter((name) => name !== null);
  return [...new Set(names.map((name) => chordWith(name, input)))];
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
  return joined(NAMES[key] ?? upper(key), {
    ctrl: has("ctrl", "cmd", "meta", "control"),
    alt: has("alt", "option"),
    shift: has("shift"),
  });
}

interface Held {
  readonly ctrl: boolean;
  readonly alt: boolean;
  readonly shift: boolean;
}

function chordWith(name: string, input: KeyInput): string {
  // AltGr arrives as Ctrl+Alt; the sign it made is what was meant.
  const altGr = isSign(name) && name === input.key && input.ctrl && input.alt;
  // A digit that needs Shift, as on French keyboards, is that digit.
  const madeByShift = /^\d$/.test(name) && name === input.key;
  return joined(name, {
    ctrl: input.ctrl && !altGr,
    alt: input.alt && !altGr,
    shift: input.shift && !madeByShift,
  });
}

/** Shift is part of the sign that it made. */
function joined(name: string, { ctrl, alt, shift }: Held): string {
  const parts = [ctrl ? "Ctrl" : "", alt ? "Alt" : "", shift && !isSign(name) ? "Shift" : "", name];
  return parts.filter((part) => part !== "").join("+");
}

function keyName(input: KeyInput): string | null {
  const { key, code } = input;
  if (NAMELESS_KEYS.has(key)) return null;
  // Shift+0 is ")" on one keyboard and "=" on another: the place of the key is what was meant.
  if (input.shift && key.length === 1 && !/^\d$/.test(key) && digitAt(code) !== null) return digitAt(code);
  // Cyrillic, Greek, Arabic …: the Latin letter or digit at the same place. One key may make two letters.
  if (key.charCodeAt(0) > 127) return letterAt(code) ?? digitAt(code) ?? upper(key);
  return NAMES[key] ?? upper(key);
}

function placeName({ key, code, shift }: KeyInput): string | null {
  // Enter, ArrowLeft …: and a Latin letter is where its layout has it, so no other one's Y is a German keyboard's Z.
  if (!NAMELESS_KEYS.has(key) && /^(?:[\w]{2,}|[a-z])$/i.test(key)) return null;
  // The sign that Shift and a digit's key made comes after the digit: "?" is there on Russian keyboards, "/" on German.
  if (shift && key.length === 1 && digitAt(code) !== null) return key;
  const sign = SIGNS[code]?.[shift ? 1 : 0];
  return letterAt(code) ?? digitAt(code) ?? sign ?? null;
}

const letterAt = (code: string): string | null => /^Key([A-Z])$/.exec(code)?.[1] ?? null;
const digitAt = (code: string): string | null => /^(?:Digit|Numpad)(\d)$/.exec(code)?.[1] ?? null;

/** One letter stays one letter: "ß" is not "SS". */
function upper(key: string): string {
  const large = key.toUpperCase();
  return key.length === 1 && large.length === 1 ? large : key;
}

function isSign(name: string): boolean {
  return name.length === 1 && !/[\p{Lu}\p{Lo}ß0-9]/u.test(name);
}
