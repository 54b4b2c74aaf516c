import { expect, test } from "vitest";
import { first } from "./en/first";
import { screens } from "./en/screens";

/** What is shown without `loadScreenWords` having been waited for. */
const SOURCES = import.meta.glob<string>(
  [
    "../app/**/*.{ts,tsx}",
    "../ui/**/*.{ts,tsx}",
    "../parts/{keys,rules}/**/*.{ts,tsx}",
    "../features/{account,annotate,jobs}/**/*.{ts,tsx}",
    "../features/images/upload/**/*.{ts,tsx}",
    // A screen of its own, beside the editor's.
    "!../features/annotate/opinion/**",
  ],
  { eager: true, query: "?raw", import: "default" },
);

test("the editor and the window around it say nothing that comes later", () => {
  const late = Object.entries(SOURCES).flatMap(([path, source]) =>
    [...source.matchAll(/\bt\(\s*["`](\w+)\./g)].flatMap(([, area = ""]) =>
      area in screens ? [`${path}: ${area}`] : [],
    ),
  );
  expect(late).toEqual([]);
  expect(Object.values(SOURCES).join("")).toContain("t(`");
});

test("no area stands in both", () => {
  expect(Object.keys(first).filter((area) => area in screens)).toEqual([]);
});
