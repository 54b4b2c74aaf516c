/**
 * Sentences that come as English from code which knows no catalogue: the editor core (titles of tools and commands, why
 * something cannot be done now) and the server. Each language has them under `english`, by the English sentence itself;
 * `{1}`, `{2}` stand for what differs, `{1*}` for what is itself such a sentence or word. What is not
 * there stays English.
 */
import i18next from "i18next";

interface Pattern {
  readonly test: RegExp;
  readonly numbers: readonly string[];
  readonly answer: string;
}

interface Words {
  readonly whole: Readonly<Record<string, string>>;
  readonly patterns: readonly Pattern[];
}

const PLACE = /\{\d\*?\}/g;
const NONE: Words = { whole: {}, patterns: [] };
const byLanguage = new Map<string, Words>();

export function localised(english: string): string {
  const { whole, patterns } = wordsOf(i18next.language);
  const known = Object.hasOwn(whole, english) ? whole[english] : undefined;
  if (known !== undefined) return known;
  for (const { test, numbers, answer } of patterns) {
    const match = test.exec(english);
    if (match === null) continue;
    return numbers.reduce((text, number, at) => {
      const found = match[at + 1] ?? "";
      return text.replace(number, () => (number.includes("*") ? localised(found) : found));
    }, answer);
  }
  return english;
}

function wordsOf(language: string): Words {
  const made = byLanguage.get(language);
  if (made !== undefined) return made;
  const whole = i18next.getResource(language, "translation", "english") as Record<string, string> | undefined;
  if (whole === undefined) return NONE;
  const words = { whole, patterns: Object.entries(whole).flatMap(([key, answer]) => patternOf(key, answer)) };
  byLanguage.set(language, words);
  return words;
}

function patternOf(key: string, answer: string): Pattern[] {
  const numbers = key.match(PLACE);
  if (numbers === null) return [];
  const parts = key.split(PLACE).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return [{ test: new RegExp(`^${parts.join("(.+?)")}$`, "s"), numbers, answer }];
}
