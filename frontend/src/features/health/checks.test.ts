import { expect, test } from "vitest";
import type { Finding, HealthCheck, HealthFix, Severity } from "../../api/types";
import { bySeverity, editorPath, hasSeverity, isFor, objectOf, sentenceOf } from "./checks";

const check = (
  key: string,
  severity: Severity | null,
  counts: Partial<Record<Severity, number>> = {},
): HealthCheck => ({
  key,
  title: key,
  description: "",
  scope: "image",
  severity,
  count: 0,
  ignored: 0,
  rules: (Object.entries(counts) as [Severity, number][]).map(([grade, count]) => ({
    code: grade,
    title: grade,
    severity: grade,
    count,
    ignored: 0,
  })),
  thresholds: [],
  fixes: [],
});

test("the gravest checks come first, equals keep the order of the catalogue", () => {
  const rows = [check("a", null), check("b", "info"), check("c", "error"), check("d", "info")];
  expect(bySeverity(rows).map((row) => row.key)).toEqual(["c", "b", "d", "a"]);
});

test("a check is of each severity that one of its rules still has findings of", () => {
  const row = check("a", "warning", { warning: 2, error: 0 });
  expect([hasSeverity(row, null), hasSeverity(row, "warning"), hasSeverity(row, "error")]).toEqual([true, true, false]);
});

test("a fix for some rules is offered only where all chosen findings are of these", () => {
  const fix: HealthFix = { key: "mend", title: "", codes: ["outside"], role: "annotator", is_destructive: false };
  expect([isFor(fix, ["outside"]), isFor(fix, ["outside", "tiny"]), isFor(fix, [])]).toEqual([true, false, false]);
  expect(isFor({ ...fix, codes: [] }, ["tiny"])).toBe(true);
});

test("a finding leads to its object only where its image is known", () => {
  const finding = { image_ids: [7], annotations: ["u1", "u2"] } as unknown as Finding;
  expect(editorPath(3, 7, objectOf(finding))).toBe("/projects/3/images/7?object=u1");
  expect(editorPath(3, 7, objectOf({ ...finding, image_ids: [7, 8] }))).toBe("/projects/3/images/7");
});

test("a fix that this page does not know still has a sentence", () => {
  expect([sentenceOf("tag"), sentenceOf("polish")]).toEqual(["tag", "other"]);
});
