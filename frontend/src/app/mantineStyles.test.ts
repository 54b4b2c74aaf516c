import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { expect, test } from "vitest";

const SOURCE = resolve(__dirname, "..");
const MANTINE = resolve(SOURCE, "../node_modules/@mantine/core");
const LISTED = /@mantine\/core\/styles\/(\w[\w-]*)\.css/g;

const read = (path: string): string => readFileSync(path, "utf8");
const filesBelow = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));

/** Names that the product imports from Mantine's components, and what the packages built upon them import. */
function imported(): Set<string> {
  const sources = filesBelow(SOURCE).filter((path) => /\.tsx?$/.test(path) && !path.includes(".test."));
  const others = ["notifications", "spotlight"].flatMap((name) =>
    filesBelow(resolve(MANTINE, `../${name}/esm`)).filter((path) => path.endsWith(".mjs")),
  );
  const names = [...sources, ...others].flatMap((path) =>
    [...read(path).matchAll(/import\s*\{([^}]*)\}\s*from\s*"@mantine\/core"/g)].flatMap(([, list = ""]) =>
      list.split(",").map((name) => name.trim().split(" as ")[0] ?? ""),
    ),
  );
  return new Set(names);
}

/** Names of the style files that the modules of these components need, with the modules that they import. */
function needed(names: Set<string>): Set<string> {
  const index = join(MANTINE, "esm/index.mjs");
  const modules = new Set(filesBelow(join(MANTINE, "esm")).filter((path) => path.endsWith(".mjs") && path !== index));
  const waiting = [...modules].filter((path) => names.has(/\/(\w+)\.mjs$/.exec(path)?.[1] ?? "none"));
  const seen = new Set(waiting);
  for (const path of waiting) {
    for (const [, target = ""] of read(path).matchAll(/from "(\.[^"]+)"/g)) {
      const found = resolve(dirname(path), target);
      if (modules.has(found) && !seen.has(found)) {
        seen.add(found);
        waiting.push(found);
      }
    }
  }
  return new Set([...seen].flatMap((path) => /\/(\w+)\.module\.mjs$/.exec(path)?.[1] ?? []));
}

const listed = [...read(join(__dirname, "mantineStyles.ts")).matchAll(LISTED)].map(([, name = ""]) => name);
const components = listed.filter((name) => /^[A-Z]/.test(name));

test("the styles of every component that is used are listed, and no others", () => {
  expect([...components].sort()).toEqual([...needed(imported())].sort());
});

test("they stand in the order of Mantine's own sheet, in which later ones win", () => {
  const sheet = read(join(MANTINE, "styles.css"));
  const places = listed.map((name) => sheet.indexOf(read(join(MANTINE, "styles", `${name}.css`)).slice(0, 200)));
  expect(places).toEqual([...places].sort((one, other) => one - other));
  expect(places[0]).toBeGreaterThanOrEqual(0);
});
