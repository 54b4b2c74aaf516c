/** Whether an object of the open image meets a rule, as the server would say it of the saved one; pure. */
import type { Condition, Rule } from "../../../api/rules";
import type { AnnotationRecord } from "../../../editor";
import { areaOf } from "./listing";

interface Picture {
  readonly width: number;
  readonly height: number;
}

const WHOLE_PICTURE: ReadonlySet<string> = new Set(["tag", "caption"]);

export function passes(object: AnnotationRecord, rule: Rule, picture: Picture): boolean {
  if (rule.kind === "condition") return meets(object, rule, picture);
  const each = (one: Rule): boolean => passes(object, one, picture);
  if (rule.mode === "any") return rule.rules.some(each);
  return rule.mode === "none" ? !rule.rules.some(each) : rule.rules.every(each);
}

type Asked = (object: AnnotationRecord, condition: Condition, picture: Picture) => boolean;

const flag =
  (field: "occluded" | "truncated" | "crowd"): Asked =>
  (object, { value }) =>
    object[field] === value;

const ASKED: Readonly<Record<string, Asked>> = {
  class: ({ classId }, condition) => listed(condition, (one) => one === classId),
  type: ({ shape }, condition) => listed(condition, (one) => one === shape.type),
  source: ({ source }, condition) => listed(condition, (one) => source === one || source.startsWith(`${one}:`)),
  annotator: ({ createdBy }, condition) => listed(condition, (one) => one === createdBy),
  score: ({ score }, condition) => score !== null && inRange(condition, score),
  area: (object, condition) => hasArea(object) && inRange(condition, areaOf(object)),
  area_share: (object, condition, { width, height }) =>
    hasArea(object) && inRange(condition, areaOf(object) / (width * height)),
  occluded: flag("occluded"),
  truncated: flag("truncated"),
  crowd: flag("crowd"),
  attribute: ({ attributes }, condition) => attributeMeets(attributes[condition.name ?? ""], condition),
};

/** What is said of images alone tells no object from another. */
const meets: Asked = (object, condition, picture) => ASKED[condition.field]?.(object, condition, picture) ?? true;

const hasArea = ({ shape }: AnnotationRecord): boolean => !WHOLE_PICTURE.has(shape.type);

function listed({ op, value }: Condition, same: (one: string | number) => boolean): boolean {
  const found = Array.isArray(value) ? value.some(same) : typeof value !== "boolean" && same(value as string | number);
  return found !== (op === "not_in");
}

const inRange = ({ op, value }: Condition, actual: number): boolean =>
  op === "max" ? actual <= Number(value) : actual >= Number(value);

function attributeMeets(actual: unknown, condition: Condition): boolean {
  const { op, value } = condition;
  switch (op) {
    case "set":
      return (actual !== undefined && actual !== null) === value;
    case "min":
    case "max":
      return typeof actual === "number" && inRange(condition, actual);
    case "contains":
      return textOf(actual).toLowerCase().includes(String(value).toLowerCase());
    default:
      return (actual === value) !== (op === "is_not");
  }
}

const textOf = (actual: unknown): string =>
  typeof actual === "string" || typeof actual === "number" || typeof actual === "boolean" ? String(actual) : "";
