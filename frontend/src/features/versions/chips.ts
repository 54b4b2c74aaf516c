/** What an operation does, in a few words made from its parameters' descriptions; pure. */
import type { RecipeOperation, RecipeParameter, RecipeValue } from "../../api/types";

export type Parameters = Readonly<Record<string, RecipeValue>>;

/** The first say what is done; the rest is told where somebody changed it. */
const FIRST = 2;

/** `["pad", "416 × 416"]`, `["left and right 50%"]`; what says nothing is left out. */
export function chipParts(operation: RecipeOperation, parameters: Parameters): readonly string[] {
  const width = valueOf(operation, parameters, "width");
  const height = valueOf(operation, parameters, "height");
  const isSized = typeof width === "number" && typeof height === "number";
  const shown = operation.parameters.filter((parameter) => !(isSized && parameter.key === "height"));
  return shown.flatMap((parameter, index): readonly string[] => {
    if (isSized && parameter.key === "width") return [`${width} × ${height}`];
    const value = parameters[parameter.key] ?? parameter.default;
    const isUsual = JSON.stringify(value) === JSON.stringify(parameter.default);
    return saysNothing(value) || (index >= FIRST && isUsual) ? [] : [worded(parameter, value)];
  });
}

/** Every parameter with its title, a line each. */
export const chipLines = (operation: RecipeOperation, parameters: Parameters): readonly string[] =>
  operation.parameters.map((parameter) => {
    const value = parameters[parameter.key] ?? parameter.default;
    return `${parameter.title}: ${plain(parameter, value)}`;
  });

function valueOf(operation: RecipeOperation, parameters: Parameters, key: string): RecipeValue {
  return parameters[key] ?? operation.parameters.find((parameter) => parameter.key === key)?.default ?? null;
}

function saysNothing(value: RecipeValue): boolean {
  if (value === null || value === false || value === 0) return true;
  return typeof value === "object" && Object.keys(value).length === 0;
}

function worded(parameter: RecipeParameter, value: RecipeValue): string {
  if (value === true) return parameter.title.toLowerCase();
  if (typeof value === "number") return `${parameter.title.toLowerCase()} ${plain(parameter, value)}`;
  return plain(parameter, value);
}

function plain(parameter: RecipeParameter, value: RecipeValue): string {
  if (value === null) return "–";
  if (typeof value === "boolean") return value ? "✓" : "–";
  if (typeof value === "number") return isShare(parameter) ? `${Math.round(value * 100)}%` : String(value);
  if (typeof value === "string") return value.replaceAll("_", " ");
  if (isList(value)) return value.join(", ");
  return Object.entries(value)
    .map(([from, to]) => `${from} → ${to}`)
    .join(", ");
}

const isList = (value: object): value is readonly string[] => Array.isArray(value);

const isShare = (parameter: RecipeParameter): boolean =>
  parameter.type === "number" && parameter.min === 0 && parameter.max !== null && parameter.max <= 1;
