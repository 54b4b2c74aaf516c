/** Owns which objects are selected and which one is under the pointer. */

import { Value, type Signal } from "../signal";

const NONE: ReadonlySet<string> = new Set();

export class Selection {
  private readonly selected = new Value<ReadonlySet<string>>(NONE);
  private readonly under = new Value<string | null>(null);

  readonly ids: Signal<ReadonlySet<string>> = this.selected;
  readonly hovered: Signal<string | null> = this.under;

  has(id: string): boolean {
    return this.selected.get().has(id);
  }

  /** The selected one, when it is exactly one. */
  single(): string | null {
    const ids = this.selected.get();
    const [only] = ids;
    return ids.size === 1 && only !== undefined ? only : null;
  }

  set(ids: Iterable<string>): void {
    const next = new Set(ids);
    const current = this.selected.get();
    if (next.size === current.size && [...next].every((id) => current.has(id))) return;
    this.selected.set(next.size === 0 ? NONE : next);
  }

  add(ids: Iterable<string>): void {
    this.set([...this.selected.get(), ...ids]);
  }

  toggle(id: string): void {
    const current = this.selected.get();
    this.set(current.has(id) ? [...current].filter((other) => other !== id) : [...current, id]);
  }

  clear(): void {
    this.set([]);
  }

  hover(id: string | null): void {
    this.under.set(id);
  }

  /** Drops what is gone. */
  forget(ids: ReadonlySet<string>): void {
    if ([...ids].some((id) => this.has(id))) this.set([...this.selected.get()].filter((id) => !ids.has(id)));
    const under = this.under.get();
    if (under !== null && ids.has(under)) this.under.set(null);
  }
}
