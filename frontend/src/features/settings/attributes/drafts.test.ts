import { describe, expect, it } from "vitest";
import { definitionsToDrafts, draftsToDefinitions, NEW_ATTRIBUTE } from "./drafts";

describe("drafts of attributes", () => {
  it("come back as the definitions they were, with what a file said besides", () => {
    const definitions = [
      { name: "coat", type: "select", values: ["black", "white"], default: "black", mutable: true },
      { name: "age", type: "number", min: 0, max: 30, default: 2 },
      { name: "tame", type: "checkbox", default: false },
      { name: "note", type: "text" },
    ];
    expect(draftsToDefinitions(definitionsToDrafts(definitions))).toEqual(
      definitions.map((one) => expect.objectContaining(one) as unknown),
    );
  });

  it("drop what the type has no use for", () => {
    const draft = { ...NEW_ATTRIBUTE, key: 1, name: " x ", type: "text" as const, values: ["a"], min: 1 };
    expect(draftsToDefinitions([draft])).toEqual([{ name: "x", type: "text" }]);
  });
});
