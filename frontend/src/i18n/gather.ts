/** Owns how the files of a language's folder become its messages. */
import type { Messages } from "./languages";

/** What `import.meta.glob("./*.json", { eager: true, import: "default" })` gives. */
export const gather = (files: Record<string, unknown>): Messages =>
  Object.assign({}, ...Object.values(files)) as Messages;
