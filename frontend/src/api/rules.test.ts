import { expect, test } from "vitest";
import { complete, conditionCount, parseRules, type RuleGroup, rulesToText } from "./rules";

const TEXT =
  '{"all":[{"field":"class","op":"in","value":[3]},{"any":[{"field":"attribute","op":"is","value":"late","name":"stage"}]}]}';

test("rules survive the way through the address bar", () => {
  const rules = parseRules(TEXT);
  expect(rules && rulesToText(rules)).toBe(TEXT);
  expect(conditionCount(rules)).toBe(2);
});

test("a lone condition is a group of one", () => {
  expect(parseRules('{"field":"crowd","op":"is","value":true}')).toEqual({
    kind: "group",
    mode: "all",
    rules: [{ kind: "condition", field: "crowd", op: "is", value: true }],
  });
});

test("what is no rule is nothing", () => {
  for (const text of ["", "{", "[]", "3", "null", '{"every":[]}', null]) expect(parseRules(text)).toBeNull();
});

test("what is not finished is left out of the text, and groups that hold nothing else with it", () => {
  const rules: RuleGroup = {
    kind: "group",
    mode: "any",
    rules: [
      { kind: "condition", field: "class", op: "in", value: [] },
      { kind: "condition", field: "attribute", op: "is", value: true, name: "" },
      { kind: "condition", field: "score", op: "min", value: NaN },
      { kind: "group", mode: "none", rules: [{ kind: "condition", field: "name", op: "in", value: [] }] },
    ],
  };
  expect(complete(rules)).toBeNull();
  expect(rulesToText(rules)).toBe("");
});
