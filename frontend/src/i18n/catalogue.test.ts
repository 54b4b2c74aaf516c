/** Every language says everything that English says, in its own words and plural forms. A failure names what is missing. */
import { describe, expect, test } from "vitest";
import { messages } from "./en";
import { type Language, LANGUAGES } from "./languages";
import { flatten, markTroubles, spaceTroubles, wantedKeys, wordsOf } from "./testing";

const english = flatten(messages);
/** Milliseconds; the files of a language are read in its first test. */
const PATIENCE = 60_000;
const others = LANGUAGES.filter(({ code }) => code !== "en");

async function load(language: Language) {
  const { messages: found, same } = await language.load();
  const texts = flatten(found);
  return { texts, same: new Set(same), wanted: wantedKeys(english, language) };
}

test("English itself is tidy, and its plurals have both forms", () => {
  const keys = [...english.keys()];
  expect([...english].flatMap(([key, text]) => spaceTroubles(key, text))).toEqual([]);
  expect(keys.filter((key) => key.endsWith("_one") && !english.has(key.replace(/_one$/, "_other")))).toEqual([]);
});

test("codes are folders, and each is listed once", () => {
  const codes = LANGUAGES.map(({ code }) => code);
  const folders = Object.keys(import.meta.glob("./*/index.ts")).map((path) => path.split("/")[1]);
  expect([...codes].sort()).toEqual(folders.sort());
  expect(codes.map((code) => new Intl.Locale(code).language)).toEqual(codes);
});

describe.each(others.map((language) => [language.code, language] as const))(
  "%s",
  { timeout: PATIENCE },
  (_, language) => {
    test("has every key of English in exactly its own plural forms", async () => {
      const { texts, wanted } = await load(language);
      const missing = [...wanted].filter(([key]) => !texts.has(key)).map(([key, text]) => `${key}: “${text}”`);
      const unknown = [...texts.keys()].filter((key) => !wanted.has(key));
      expect(missing, `${language.code} lacks:\n${missing.join("\n")}\n`).toEqual([]);
      expect(unknown, "English has no such keys").toEqual([]);
    });

    test("has the variables and tags of English", async () => {
      const { texts, wanted } = await load(language);
      // What is one may be named where several are counted.
      const said = (key: string) => [wanted.get(key), key.endsWith("_one") ? english.get(key) : undefined].join(" ");
      const troubles = [...texts].flatMap(([key, text]) => markTroubles(key, text, said(key)));
      expect(troubles).toEqual([]);
    });

    test("leaves nothing in English but names, units, and words that are the same", async () => {
      const { texts, wanted, same } = await load(language);
      const left = [...texts].filter(
        ([key, text]) => text === wanted.get(key) && !wordsOf(text).every((word) => same.has(word)),
      );
      expect(left.map(([key, text]) => `${key}: “${text}”`)).toEqual([]);
    });

    test("has no stray spaces", async () => {
      const { texts } = await load(language);
      expect([...texts].flatMap(([key, text]) => spaceTroubles(key, text))).toEqual([]);
    });
  },
);
