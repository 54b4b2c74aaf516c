/** Which check the screen shows, and how it speaks of counts; pure. */
import type { Finding, HealthCheck, HealthFix, HealthFixResult, Severity } from "../../api/types";

const RANK: readonly (Severity | null)[] = ["error", "warning", "info", null];

/** The gravest first; within a severity in the order of the catalogue. */
export const bySeverity = (checks: readonly HealthCheck[]): readonly HealthCheck[] =>
  [...checks].sort((one, two) => RANK.indexOf(one.severity) - RANK.indexOf(two.severity));

export const hasSeverity = (check: HealthCheck, severity: Severity | null): boolean =>
  severity === null || check.rules.some((rule) => rule.severity === severity && rule.count > 0);

/** A fix is for some rules of its check; the chosen ones must all be among them. */
export const isFor = (fix: HealthFix, codes: readonly string[]): boolean =>
  fix.codes.length === 0 || (codes.length > 0 && codes.every((code) => fix.codes.includes(code)));

/** Where a finding leads: its image, and the object on it when there is only one image to look on. */
export function objectOf(finding: Finding): string | null {
  return finding.image_ids.length === 1 ? (finding.annotations[0] ?? null) : null;
}

export const editorPath = (project: number, image: number, object: string | null): string =>
  `/projects/${project}/images/${image}${object === null ? "" : `?object=${object}`}`;

const SENTENCES = new Set([
  "tag",
  "reopen",
  "mark_annotated",
  "mark_empty",
  "group",
  "fix_split",
  "mend",
  "delete_objects",
  "delete_images",
  "merge_images",
] as const);
type Sentence = typeof SENTENCES extends Set<infer Key> ? Key : never;

/** The sentence of the catalogue that says what a fix will do. */
export const sentenceOf = (fix: string): Sentence | "other" =>
  (SENTENCES as Set<string>).has(fix) ? (fix as Sentence) : "other";

export const changesNothing = (result: HealthFixResult): boolean => result.images === 0 && result.annotations === 0;
