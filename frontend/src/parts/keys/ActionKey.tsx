/** The first key of an action, as the person in front of the screen has it; nothing where it has none. */
import { KeyHint } from "../../ui/KeyHint";
import { useActionKeys } from "./useActionKeys";

export function ActionKey({ id }: { readonly id: string }) {
  const [chord] = useActionKeys()(id);
  return chord === undefined ? null : <KeyHint chord={chord} />;
}
