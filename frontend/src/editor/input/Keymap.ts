/** Owns which key does what: built from tools, commands and what the application registers, under the person's own keys. */

import { Value, type Signal } from "../signal";
import { boundKeys, SCOPES, type Bindable, type KeyBindings } from "./bindings";
import { normaliseChord } from "./chord";

export interface KeyAction extends Bindable {
  /** It has whatever keys that other action has, and is not bound by itself. */
  readonly follows?: string;
  /** True, or a sentence that says why not; a key that cannot run falls through to the next scope. */
  readonly isEnabled?: () => true | string;
  /** False: it came to nothing, and the key falls through as well. */
  readonly run: (options: { readonly repeat: boolean }) => unknown;
}

export class Keymap {
  private readonly actions = new Map<string, KeyAction>();
  private bindings: KeyBindings;
  private readonly version = new Value(0);
  private byChord: ReadonlyMap<string, readonly KeyAction[]> | null = null;

  readonly changed: Signal<number> = this.version;

  constructor(bindings: KeyBindings = {}) {
    this.bindings = bindings;
  }

  /** The person's own keys, instead of those given before. */
  setBindings(bindings: KeyBindings): void {
    this.bindings = bindings;
    this.touch();
  }

  /** Adds actions; the returned function takes them away. An id that is taken already is an error. */
  register(actions: readonly KeyAction[]): () => void {
    for (const action of actions) {
      if (this.actions.has(action.id)) throw new Error(`There is a key action "${action.id}" already.`);
      this.actions.set(action.id, action);
    }
    this.touch();
    return () => {
      for (const { id } of actions) this.actions.delete(id);
      this.touch();
    };
  }

  /** The actions of a key in the order in which they should be tried. */
  find(chord: string): readonly KeyAction[] {
    this.byChord ??= this.index();
    return this.byChord.get(chord) ?? [];
  }

  keysOf(id: string): readonly string[] {
    const action = this.actions.get(id);
    if (action === undefined) return (this.bindings[id] ?? []).map(normaliseChord);
    const followed = action.follows === undefined ? undefined : this.actions.get(action.follows);
    return boundKeys(followed ?? action, this.bindings);
  }

  private index(): ReadonlyMap<string, readonly KeyAction[]> {
    const byChord = new Map<string, KeyAction[]>();
    for (const action of this.actions.values()) {
      for (const key of this.keysOf(action.id)) byChord.set(key, [...(byChord.get(key) ?? []), action]);
    }
    for (const actions of byChord.values()) actions.sort((a, b) => SCOPES.indexOf(a.scope) - SCOPES.indexOf(b.scope));
    return byChord;
  }

  private touch(): void {
    this.byChord = null;
    this.version.update((version) => version + 1);
  }
}
