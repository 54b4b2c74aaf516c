/** One sentence for whatever a call threw; knows no screen. */
import { ApiError } from "./client";

/** `unreachable` is the sentence for an answer that never came. */
export function errorSentence(error: unknown, unreachable: string): string {
  if (error instanceof ApiError) return [error.message, ...fieldSentences(error.fields)].join(" ");
  if (error instanceof TypeError) return unreachable;
  return error instanceof Error ? error.message : unreachable;
}

function fieldSentences(fields: Readonly<Record<string, unknown>>): string[] {
  return Object.entries(fields).flatMap(([name, value]) => {
    const text = Array.isArray(value) ? value.filter((part) => typeof part === "string").join(" ") : value;
    return typeof text === "string" && text !== "" ? [`${name}: ${text}`] : [];
  });
}
