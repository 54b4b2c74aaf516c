import i18next from "i18next";
import { beforeAll, describe, expect, test } from "vitest";
import { SHAPES } from "../editor/shapes";
import { type Language, LANGUAGES } from "./languages";
import { localised } from "./localised";

const others = LANGUAGES.filter(({ code }) => code !== "en");
const sentences = async (language: Language) =>
  ((await language.load()).messages as { readonly english: Readonly<Record<string, string>> }).english;

beforeAll(async () => {
  await i18next.init({ lng: "de", resources: {} });
  for (const language of others) {
    i18next.addResourceBundle(language.code, "translation", (await language.load()).messages);
  }
}, 60_000);

test("a sentence is found as a whole or by what differs in it, and stays English where it is not there", () => {
  expect(localised("Rotated box")).toBe("Gedrehte Box");
  expect(localised("Train cells 2")).toBe("Training von cells 2");
  expect(localised("This needs the role Owner; yours in this project is Viewer.")).toBe(
    "Dafür ist die Rolle Eigentümer nötig; die eigene in diesem Projekt ist Betrachter.",
  );
  expect(localised("constructor")).toBe("constructor");
});

test("names with signs of patterns are put in as they are", () => {
  expect(localised("Train $& (a+b)")).toBe("Training von $& (a+b)");
});

describe.each(others.map((language) => [language.code, language] as const))(
  "%s",
  { timeout: 60_000 },
  (_, language) => {
    test("has the sentences that the other languages have, with the same places for what differs", async () => {
      const [own, first] = [await sentences(language), await sentences(others[0] ?? language)];
      expect(Object.keys(own)).toEqual(Object.keys(first));
      const places = (text: string) => (text.match(/\{\d\*?\}/g) ?? []).sort();
      expect(Object.entries(own).filter(([key, text]) => places(key).join() !== places(text).join())).toEqual([]);
    });

    test("has what the editor core calls its shapes", async () => {
      const own = Object.keys(await sentences(language));
      expect(SHAPES.map(({ title }) => title).filter((title) => !own.includes(title))).toEqual([]);
    });
  },
);
