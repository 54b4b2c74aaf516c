/** What attribute mode asks, one after the other: each attribute with choices of each object; pure. */
import type { AnnotationRecord, ClassRecord } from "../../../editor";

export interface Question {
  readonly object: string;
  readonly className: string;
  readonly attribute: string;
  /** By the digit that gives them, from 1. */
  readonly choices: readonly (string | boolean)[];
  readonly answer: unknown;
}

const MOST_DIGITS = 9;
const CHECKBOX = [true, false] as const;

/** Object by object in drawing order; texts and numbers have no digits, and are asked in the panel. */
export function questionsOf(objects: readonly AnnotationRecord[], all: readonly ClassRecord[]): readonly Question[] {
  const classOf = new Map(all.map((item) => [item.classId, item]));
  return objects.flatMap((object) => {
    const owner = classOf.get(object.classId);
    if (owner === undefined || object.locked) return [];
    return owner.attributes.flatMap((one) => {
      const choices = one.type === "checkbox" ? CHECKBOX : (one.values ?? []).slice(0, MOST_DIGITS);
      if (choices.length === 0) return [];
      const { name } = one;
      return [{ object: object.id, className: owner.name, attribute: name, choices, answer: object.attributes[name] }];
    });
  });
}

/** The first that has no answer yet; the very first where all have one. */
export const firstOpen = (questions: readonly Question[]): number =>
  Math.max(
    questions.findIndex(({ answer }) => answer === undefined),
    0,
  );
