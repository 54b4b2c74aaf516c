/** A recipe while it is written: operations in their order, preprocessing before augmentation; pure. */
import type { Recipe, RecipeOperation, RecipeStage, RecipeValue } from "../../api/types";

export const STAGES: readonly RecipeStage[] = ["preprocessing", "augmentation"];
export const MAX_COPIES = 20;

export type Catalog = ReadonlyMap<string, RecipeOperation>;

export interface Step {
  /** Tells steps apart while they move; the server never sees it. */
  readonly key: number;
  readonly op: string;
  readonly stage: RecipeStage;
  /** Those that differ from the operation's defaults. */
  readonly parameters: Readonly<Record<string, RecipeValue>>;
}

export interface Draft {
  readonly steps: readonly Step[];
  readonly copies: number;
  readonly seed: number;
}

export const EMPTY: Draft = { steps: [], copies: 0, seed: 0 };
/** What the first augmentation sets: without copies an export would hold nothing of it. */
const FIRST_COPIES = 2;

export const stepsOf = (draft: Draft, stage: RecipeStage): readonly Step[] =>
  draft.steps.filter((step) => step.stage === stage);

const ordered = (steps: readonly Step[]): readonly Step[] =>
  STAGES.flatMap((stage) => steps.filter((step) => step.stage === stage));

const nextKey = (draft: Draft): number => Math.max(0, ...draft.steps.map((step) => step.key)) + 1;

export function addStep(draft: Draft, operation: RecipeOperation): Draft {
  const step: Step = { key: nextKey(draft), op: operation.key, stage: operation.stage, parameters: {} };
  const isFirst = operation.stage === "augmentation" && stepsOf(draft, "augmentation").length === 0;
  return {
    ...draft,
    steps: ordered([...draft.steps, step]),
    copies: isFirst && draft.copies === 0 ? FIRST_COPIES : draft.copies,
  };
}

export const removeStep = (draft: Draft, key: number): Draft => ({
  ...draft,
  steps: draft.steps.filter((step) => step.key !== key),
});

/** One place up (-1) or down (1) among the steps of its stage; unchanged at either end. */
export function moveStep(draft: Draft, key: number, by: -1 | 1): Draft {
  const from = draft.steps.findIndex((step) => step.key === key);
  const [step, other] = [draft.steps[from], draft.steps[from + by]];
  if (step === undefined || other?.stage !== step.stage) return draft;
  return { ...draft, steps: draft.steps.with(from, other).with(from + by, step) };
}

export const setParameter = (draft: Draft, key: number, name: string, value: RecipeValue): Draft => ({
  ...draft,
  steps: draft.steps.map((step) =>
    step.key === key ? { ...step, parameters: { ...step.parameters, [name]: value } } : step,
  ),
});

/** A class by its name, as it is to be seen in a list. */
interface Named {
  readonly name: string;
  readonly color: string;
}

/** The classes that a step meets: those of the project as the steps before it have made them of each other. */
export function classesAt(draft: Draft, catalog: Catalog, known: readonly Named[], key: number): readonly Named[] {
  const before = draft.steps.slice(
    0,
    draft.steps.findIndex((step) => step.key === key),
  );
  return before.reduce((names, step) => {
    const maps = catalog.get(step.op)?.parameters.filter((parameter) => parameter.type === "class_map") ?? [];
    return maps.reduce((found, { key: name }) => remapped(found, step.parameters[name]), names);
  }, known);
}

/** Several that become one are one; it has the colour of the class of that name, or else of the first. */
function remapped(names: readonly Named[], map: RecipeValue | undefined): readonly Named[] {
  const becomes = new Map(Object.entries((map ?? {}) as Readonly<Record<string, string>>));
  const colors = new Map(names.map((item) => [item.name, item.color]));
  const made = new Map<string, Named>();
  for (const item of names) {
    const name = becomes.get(item.name) ?? item.name;
    if (!made.has(name)) made.set(name, { name, color: colors.get(name) ?? item.color });
  }
  return [...made.values()];
}

/** As the API takes it. Copies without an augmentation would all be alike, so they are not sent. */
export function toRecipe(draft: Draft): Recipe {
  const varies = stepsOf(draft, "augmentation").length > 0;
  return {
    operations: draft.steps.map(({ op, parameters }) => ({ op, parameters })),
    copies: varies ? draft.copies : 0,
    seed: draft.seed,
  };
}

/** A kept recipe as a draft. Operations that this server has no more are left out. */
export function toDraft(recipe: Recipe, catalog: Catalog): Draft {
  const steps = (recipe.operations ?? []).flatMap((step, index): readonly Step[] => {
    const operation = catalog.get(step.op);
    return operation === undefined
      ? []
      : [{ key: index + 1, op: step.op, stage: operation.stage, parameters: step.parameters ?? {} }];
  });
  return { steps: ordered(steps), copies: recipe.copies ?? 0, seed: recipe.seed ?? 0 };
}

export const hasSteps = (recipe: Recipe): boolean => (recipe.operations?.length ?? 0) > 0;

/** The place of the step that the server's refusal is about: `recipe.operations.2.parameters.width` → 2. */
export function faultyStep(fields: Readonly<Record<string, unknown>>): number | null {
  for (const field of Object.keys(fields)) {
    const place = /^recipe\.operations\.(\d+)/.exec(field)?.[1];
    if (place !== undefined) return Number(place);
  }
  return null;
}
