/** Owns which key does what: built from tools, commands and what the application registers; re-bindable. */

import { Value, type Signal } from "../signal";
import { normaliseChord } from "./chord";

/** Which bindings may share a key: only one of a scope. Earlier scopes are tried first. */
export const SCOPES = ["tool", "selection", "prediction", "image", "global"] as const;
export type Scope = (typeof SCOPES)[number];

export interface KeyAction {
  readonly id: string;
  readonly title: string;
  /** Heading in the help overlay. */
  readonly group: string;
  readonly keys: readonly string[];
  readonly scope: Scope;
  /** True, or a sentence that says why not; a key that cannot run falls through to the next scope. */
  readonly isEnabled?: () => true | string;
  readonly run: (options: { readonly repeat: boolean }) => void;
}

export interface KeymapRow {
  readonly id: string;
  readonly title: string;
  readonly group: string;
  readonly keys: readonly string[];
  readonly scope: Scope;
  /** Ids of other actions of the same scope with one of these keys. */
  readonly conflicts: readonly string[];
  readonly changed: boolean;
}

export type KeyBindings = Readonly<Record<string, readonly string[]>>;

export class Keymap {
  private readonly actions = new Map<string, KeyAction>();
  private readonly bindings = new Map<string, readonly string[]>();
  private readonly version = new Value(0);
  private byChord: ReadonlyMap<string, readonly KeyAction[]> | null = null;

  readonly changed: Signal<number> = this.version;

  constructor(overrides: KeyBindings = {}) {
    for (const [id, keys] of Object.entries(overrides)) this.bindings.set(id, keys.map(normaliseChord));
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
    return this.bindings.get(id) ?? this.actions.get(id)?.keys.map(normaliseChord) ?? [];
  }

  rebind(id: string, keys: readonly string[]): void {
    this.bindings.set(id, keys.map(normaliseChord));
    this.touch();
  }

  /** Back to the default, of one action or of all. */
  reset(id?: string): void {
    if (id === undefined) this.bindings.clear();
    else this.bindings.delete(id);
    this.touch();
  }

  /** What a settings store must keep. */
  overrides(): KeyBindings {
    return Object.fromEntries(this.bindings);
  }

  rows(): readonly KeymapRow[] {
    return [...this.actions.values()].map((action) => ({
      id: action.id,
      title: action.title,
      group: action.group,
      scope: action.scope,
      keys: this.keysOf(action.id),
      conflicts: this.conflictsOf(action),
      changed: this.bindings.has(action.id),
    }));
  }

  conflicts(): readonly { readonly key: string; readonly scope: Scope; readonly ids: readonly string[] }[] {
    this.byChord ??= this.index();
    return [...this.byChord]
      .flatMap(([key, actions]) =>
        SCOPES.map((scope) => ({ key, scope, ids: actions.filter((one) => one.scope === scope).map((one) => one.id) })),
      )
      .filter(({ ids }) => ids.length > 1);
  }

  private conflictsOf(action: KeyAction): readonly string[] {
    const others = this.keysOf(action.id).flatMap((key) => this.find(key));
    return [...new Set(others.filter((other) => other !== action && other.scope === action.scope).map(({ id }) => id))];
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
