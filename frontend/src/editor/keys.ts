/** The public surface of keys alone, for what is there before an editor is: it fetches nothing else of the core. */

export { boundKeys } from "./input/bindings";
export { chordsOf } from "./input/chord";
export { keyInput } from "./input/events";
