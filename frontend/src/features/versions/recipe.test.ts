import { describe, expect, it } from "vitest";
import type { RecipeOperation, RecipeParameter } from "../../api/types";
import { chipLines, chipParts } from "./chips";
import {
  addStep,
  classesAt,
  EMPTY,
  faultyStep,
  moveStep,
  removeStep,
  setParameter,
  stepsOf,
  toDraft,
  toRecipe,
} from "./recipe";

const parameter = (key: string, fact: Partial<RecipeParameter>): RecipeParameter => ({
  key,
  title: key,
  help: "",
  type: "integer",
  min: 0,
  max: 9999,
  step: 1,
  default: 0,
  choices: [],
  ...fact,
});

const operation = (
  key: string,
  stage: RecipeOperation["stage"],
  parameters: readonly RecipeParameter[] = [],
): RecipeOperation => ({
  key,
  title: key,
  description: "",
  stage,
  moves_pixels: true,
  cuts: false,
  mixes: false,
  parameters,
});

const RESIZE = operation("resize", "preprocessing", [
  parameter("mode", { type: "choice", default: "long_side", choices: ["long_side", "pad"] }),
  parameter("width", { default: 640 }),
  parameter("height", { default: 640 }),
  parameter("fill", { default: 114 }),
]);
const GREY = operation("grey", "preprocessing");
const FLIP = operation("flip", "augmentation", [
  parameter("Sideways", { type: "number", max: 1, default: 0.5 }),
  parameter("upside", { type: "number", max: 1 }),
]);
const REMAP = operation("remap", "preprocessing", [parameter("names", { type: "class_map", default: {} })]);
const CATALOG = new Map([RESIZE, GREY, FLIP, REMAP].map((item) => [item.key, item]));

const ops = (draft: typeof EMPTY) => draft.steps.map((step) => step.op);

describe("the draft of a recipe", () => {
  it("keeps preprocessing before augmentation, whatever is added last", () => {
    const draft = [FLIP, RESIZE, GREY].reduce(addStep, EMPTY);
    expect(ops(draft)).toEqual(["resize", "grey", "flip"]);
    expect(stepsOf(draft, "augmentation")).toHaveLength(1);
  });

  it("asks for copies with the first augmentation, and leaves a number that was set", () => {
    expect(addStep(EMPTY, RESIZE).copies).toBe(0);
    expect(addStep(EMPTY, FLIP).copies).toBe(2);
    expect(addStep({ ...EMPTY, copies: 5 }, FLIP).copies).toBe(5);
    const without = { ...addStep(EMPTY, FLIP), copies: 0 };
    expect(addStep(without, FLIP).copies).toBe(0);
  });

  it("moves a step among those of its stage alone", () => {
    const draft = [RESIZE, GREY, FLIP].reduce(addStep, EMPTY);
    const [resize, grey, flip] = draft.steps.map((step) => step.key);
    expect(ops(moveStep(draft, grey ?? 0, -1))).toEqual(["grey", "resize", "flip"]);
    expect(moveStep(draft, grey ?? 0, 1)).toBe(draft);
    expect(moveStep(draft, resize ?? 0, -1)).toBe(draft);
    expect(moveStep(draft, flip ?? 0, 1)).toBe(draft);
    expect(moveStep(draft, 99, 1)).toBe(draft);
  });

  it("sends no copies once nothing varies", () => {
    const draft = addStep(EMPTY, FLIP);
    expect(toRecipe(draft).copies).toBe(2);
    expect(toRecipe(removeStep(draft, draft.steps[0]?.key ?? 0))).toEqual({ operations: [], copies: 0, seed: 0 });
  });

  it("comes back from a kept recipe as it was, without operations that there are no more", () => {
    const draft = setParameter([RESIZE, FLIP].reduce(addStep, EMPTY), 1, "width", 96);
    const kept = toRecipe({ ...draft, seed: 7 });
    expect(toRecipe(toDraft(kept, CATALOG))).toEqual(kept);
    expect(ops(toDraft({ operations: [{ op: "gone" }, { op: "grey" }] }, CATALOG))).toEqual(["grey"]);
    expect(toDraft({}, CATALOG)).toEqual(EMPTY);
  });

  it("finds the step that was refused", () => {
    expect(faultyStep({ "recipe.operations.2.parameters.width": "…" })).toBe(2);
    expect(faultyStep({ "recipe.copies": "…" })).toBeNull();
  });
});

describe("chips", () => {
  it("tell a size as one word and leave out what is as usual", () => {
    expect(chipParts(RESIZE, {})).toEqual(["long side", "640 × 640"]);
    expect(chipParts(RESIZE, { mode: "pad", width: 96, fill: 0 })).toEqual(["pad", "96 × 640"]);
    expect(chipParts(RESIZE, { fill: 20 })).toEqual(["long side", "640 × 640", "fill 20"]);
  });

  it("tell shares in percent and leave out what does not happen", () => {
    expect(chipParts(FLIP, {})).toEqual(["sideways 50%"]);
    expect(chipParts(FLIP, { upside: 0.25 })).toEqual(["sideways 50%", "upside 25%"]);
  });

  it("tell what classes become", () => {
    expect(chipParts(REMAP, {})).toEqual([]);
    expect(chipParts(REMAP, { names: { car: "vehicle", bus: "vehicle" } })).toEqual(["car → vehicle, bus → vehicle"]);
  });

  it("have a line for each parameter", () => {
    expect(chipLines(FLIP, { upside: 1 })).toEqual(["Sideways: 50%", "upside: 100%"]);
  });
});

describe("classesAt", () => {
  const REMAP = operation("remap", "preprocessing", [parameter("names", { type: "class_map", default: {} })]);
  const catalog = new Map([REMAP, GREY].map((item) => [item.key, item]));
  const known = [
    { name: "cat", color: "red" },
    { name: "dog", color: "blue" },
    { name: "car", color: "grey" },
  ];
  const draft = [REMAP, GREY, REMAP].reduce(addStep, EMPTY);
  const [first, grey, second] = draft.steps.map((step) => step.key) as [number, number, number];
  const set = setParameter(draft, first, "names", { cat: "animal", dog: "animal", car: "cat" });

  it("offers a later step what an earlier one made, and the earlier one what there was", () => {
    expect(classesAt(set, catalog, known, first)).toEqual(known);
    expect(classesAt(set, catalog, known, grey)).toEqual([
      { name: "animal", color: "red" },
      { name: "cat", color: "red" },
    ]);
    expect(classesAt(set, catalog, known, second)).toEqual(classesAt(set, catalog, known, grey));
  });

  it("follows a step that is moved", () => {
    expect(classesAt(moveStep(set, grey, -1), catalog, known, grey)).toEqual(known);
  });
});
