import { expect, test } from "vitest";
import type { Condition, Rule } from "../../../api/rules";
import type { AnnotationRecord } from "../../../editor";
import { passes } from "./passes";

const PICTURE = { width: 100, height: 50 };
const OBJECT = {
  id: "a",
  classId: 3,
  shape: { type: "box", box: [0, 0, 20, 10] },
  source: "run:7",
  score: 0.5,
  createdBy: "ada",
  attributes: { stage: "Late", size: 5, sure: true },
  occluded: true,
  truncated: false,
  crowd: false,
} as unknown as AnnotationRecord;
const TAG = { ...OBJECT, shape: { type: "tag" }, score: null, attributes: {} } as unknown as AnnotationRecord;

const condition = (field: string, op: string, value: Condition["value"], name?: string): Condition => ({
  kind: "condition",
  field,
  op,
  value,
  ...(name === undefined ? {} : { name }),
});
const holds = (rule: Rule, object = OBJECT) => passes(object, rule, PICTURE);

test("each field is asked as the server asks it", () => {
  expect(holds(condition("class", "in", [1, 3]))).toBe(true);
  expect(holds(condition("class", "not_in", [1, 3]))).toBe(false);
  expect(holds(condition("type", "in", ["polygon"]))).toBe(false);
  expect(holds(condition("source", "in", ["run"]))).toBe(true);
  expect(holds(condition("source", "in", ["run:70"]))).toBe(false);
  expect(holds(condition("annotator", "not_in", ["ada"]))).toBe(false);
  expect(holds(condition("score", "min", 0.5))).toBe(true);
  expect(holds(condition("score", "max", 1), TAG)).toBe(false);
  expect(holds(condition("area", "max", 199))).toBe(false);
  expect(holds(condition("area_share", "min", 0.04))).toBe(true);
  expect(holds(condition("area_share", "max", 1), TAG)).toBe(false);
  expect(holds(condition("occluded", "is", true))).toBe(true);
  expect(holds(condition("crowd", "is", true))).toBe(false);
});

test("attributes are compared by their type", () => {
  expect(holds(condition("attribute", "is", "Late", "stage"))).toBe(true);
  expect(holds(condition("attribute", "contains", "lat", "stage"))).toBe(true);
  expect(holds(condition("attribute", "is", "5", "size"))).toBe(false);
  expect(holds(condition("attribute", "min", 5, "size"))).toBe(true);
  expect(holds(condition("attribute", "min", 0, "stage"))).toBe(false);
  expect(holds(condition("attribute", "is", true, "sure"))).toBe(true);
  expect(holds(condition("attribute", "set", false, "stage"), TAG)).toBe(true);
  expect(holds(condition("attribute", "is_not", "Late", "stage"), TAG)).toBe(true);
});

test("groups join what they hold", () => {
  const [yes, no] = [condition("class", "in", [3]), condition("class", "in", [4])];
  const group = (mode: "all" | "any" | "none" | "object", ...rules: Rule[]): Rule => ({ kind: "group", mode, rules });
  expect(holds(group("all", yes, no))).toBe(false);
  expect(holds(group("any", no, group("object", yes)))).toBe(true);
  expect(holds(group("none", no))).toBe(true);
  expect(holds(group("none", no, yes))).toBe(false);
});
