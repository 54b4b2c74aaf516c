/** The keys that an action has for the person in front of the screen. */
import { boundKeys } from "../../editor";
import { entryOf } from "./catalogue";
import { useKeyBindings } from "./store";

export function useActionKeys(): (id: string) => readonly string[] {
  const bindings = useKeyBindings();
  return (id) => {
    const entry = entryOf(id);
    return entry === undefined ? [] : boundKeys(entry, bindings);
  };
}
