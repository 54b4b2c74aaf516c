/** What the tests ask of a language's messages, as one answer each: what is wrong, named by its key. */
import type { Language, Messages } from "./languages";

/** Keys joined by dots. */
export type Flat = ReadonlyMap<string, string>;

export function flatten(messages: Messages, prefix = ""): Flat {
  const found = new Map<string, string>();
  for (const [key, value] of Object.entries(messages as Record<string, unknown>)) {
    if (typeof value === "string") found.set(prefix + key, value);
    else if (prefix + key !== "english") {
      for (const [path, text] of flatten(value as Messages, `${prefix}${key}.`)) found.set(path, text);
    }
  }
  return found;
}

const PLURAL = /_(zero|one|two|few|many|other)$/;
/** In these forms the word may say how many. */
const COUNTED = /_(zero|one|two)$/;

const stemOf = (key: string): string => key.replace(PLURAL, "");

/** The keys that a language must have: where English has plural forms, those of the language. */
export function wantedKeys(english: Flat, { locale }: Language): ReadonlyMap<string, string> {
  const forms = new Intl.PluralRules(locale).resolvedOptions().pluralCategories;
  const wanted = new Map<string, string>();
  for (const [key, text] of english) {
    const stem = stemOf(key);
    if (stem !== key && english.has(`${stem}_other`)) {
      for (const form of forms) wanted.set(`${stem}_${form}`, english.get(`${stem}_other`) ?? text);
    } else wanted.set(key, text);
  }
  return wanted;
}

const marks = (text: string, mark: RegExp): string[] =>
  [...new Set(text.match(mark)?.map((one) => one.replace("- ", "")))].sort();
const VARIABLE = /\{\{(?:- )?\w+\}\}/g;
const TAG = /<\/?\w+\s*\/?>/g;

/** Variables and tags that the text has too few or too many of. */
export function markTroubles(key: string, text: string, english: string): string[] {
  const mayOmit = COUNTED.test(key) ? ["{{count}}", "{{value}}"] : [];
  const wanted = [...marks(english, VARIABLE), ...marks(english, TAG)];
  const found = [...marks(text, VARIABLE), ...marks(text, TAG)];
  return [
    ...wanted.filter((mark) => !found.includes(mark) && !mayOmit.includes(mark)).map((mark) => `${key}: lacks ${mark}`),
    ...found.filter((mark) => !wanted.includes(mark)).map((mark) => `${key}: has ${mark}, which English has not`),
  ];
}

/** Words that join others stand between spaces. */
const JOINS = "rules.join.";

export function spaceTroubles(key: string, text: string): string[] {
  const trimmed = key.startsWith(JOINS) || text === text.trim() ? [] : [`${key}: spaces around “${text}”`];
  const inner = / {2}|\t| [,.;:!?،؛。,](?:\s|$)/.test(text.replace(/ : /g, ":"))
    ? [`${key}: stray space in “${text}”`]
    : [];
  return [...trimmed, ...inner, ...(text === "" ? [`${key}: is empty`] : [])];
}

/** Names, units and examples that no language translates. */
const NAMES = /\b(?:Annotator|Top|AR|AP\d*|px|IoU|SHA|patient|video)\b/g;

/** The words that could be translated: none in variables, figures, names and units. */
export const wordsOf = (text: string): readonly string[] =>
  text
    .replace(VARIABLE, "")
    .replace(NAMES, "")
    .match(/\p{L}{2,}/gu) ?? [];
