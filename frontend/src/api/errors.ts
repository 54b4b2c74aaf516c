/** One sentence for whatever a call threw; knows no screen. */
import { localised } from "../i18n/localised";
import { ApiError } from "./client";

/** `unreachable` is the sentence for an answer that never came. */
export function errorSentence(error: unknown, unreachable: string): string {
  if (error instanceof ApiError) return [localised(error.message), ...fieldSentences(error)].join(" ");
  if (error instanceof TypeError) return unreachable;
  return error instanceof Error ? error.message : unreachable;
}

/** What the message has not said already. */
function fieldSentences({ message, fields }: ApiError): string[] {
  return Object.entries(fields).flatMap(([name, value]) => {
    const text = Array.isArray(value) ? value.filter((part) => typeof part === "string").join(" ") : value;
    return typeof text === "string" && text !== "" && !message.includes(text) ? [`${name}: ${text}`] : [];
  });
}
