/**
 * Nested rules about objects and images, as the image filter of the API speaks them: groups of conditions, kept in the
 * address bar as JSON. Knows no screen.
 */

export const GROUP_MODES = ["all", "any", "none", "object"] as const;
/** "object" asks for one object that meets all of its rules; elsewhere each condition may be met by another object. */
export type GroupMode = (typeof GROUP_MODES)[number];

export type RuleValue = string | number | boolean | readonly (string | number)[];

export interface Condition {
  readonly kind: "condition";
  readonly field: string;
  readonly op: string;
  readonly value: RuleValue;
  /** Of the attribute. */
  readonly name?: string;
}

export interface RuleGroup {
  readonly kind: "group";
  readonly mode: GroupMode;
  readonly rules: readonly Rule[];
}

export type Rule = RuleGroup | Condition;

export const MAX_RULES = 60;
export const MAX_DEPTH = 6;

export const EMPTY_RULES: RuleGroup = { kind: "group", mode: "all", rules: [] };

/** Null for what is no rule; a lone condition becomes a group. */
export function parseRules(text: string | null | undefined): RuleGroup | null {
  if (!text) return null;
  try {
    const rule = toRule(JSON.parse(text), 1);
    return rule?.kind === "condition" ? { ...EMPTY_RULES, rules: [rule] } : rule;
  } catch {
    return null;
  }
}

function toRule(given: unknown, depth: number): Rule | null {
  if (typeof given !== "object" || given === null || depth > MAX_DEPTH + 1) return null;
  const { field, op, value, name } = given as Partial<Condition>;
  if (typeof field === "string" && typeof op === "string" && value !== undefined) {
    return { kind: "condition", field, op, value, ...(typeof name === "string" ? { name } : {}) };
  }
  const mode = GROUP_MODES.find((one) => one in given);
  const listed = mode === undefined ? null : (given as Record<string, unknown>)[mode];
  if (mode === undefined || !Array.isArray(listed)) return null;
  const rules = listed.map((one) => toRule(one, depth + 1)).filter((one) => one !== null);
  return { kind: "group", mode, rules };
}

/** As the API takes it; "" where nothing is asked. Conditions without a value and groups without a rule are left out. */
export function rulesToText(rules: RuleGroup): string {
  const kept = complete(rules);
  return kept === null ? "" : JSON.stringify(toApi(kept));
}

/** Without what is not finished; null where nothing is left. */
export function complete<T extends Rule>(rule: T): T | null {
  if (rule.kind === "condition") return isComplete(rule) ? rule : null;
  const rules = rule.rules.map((one) => complete(one)).filter((one) => one !== null);
  return rules.length === 0 ? null : { ...rule, rules };
}

function isComplete({ field, value, name }: Condition): boolean {
  if (field === "attribute" && !name) return false;
  if (Array.isArray(value)) return value.length > 0;
  return value !== "" && !(typeof value === "number" && !Number.isFinite(value));
}

function toApi(rule: Rule): object {
  if (rule.kind === "group") return { [rule.mode]: rule.rules.map(toApi) };
  const { field, op, value, name } = rule;
  return { field, op, value, ...(name === undefined ? {} : { name }) };
}

/** How many conditions it holds. */
export const conditionCount = (rule: Rule | null): number =>
  rule === null ? 0 : rule.kind === "condition" ? 1 : rule.rules.reduce((sum, one) => sum + conditionCount(one), 0);
