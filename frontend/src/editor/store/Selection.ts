/** Owns which objects are selected and which one is under the pointer. */

import { Value, type Signal } from "../signal";

const NONE: ReadonlySet<string> = new Set();

export class Selection {
  private readonly selected = new Value<ReadonlySet<string>>(NONE);
  private readonly under = new Value<string | null>(null);
  private readonly chosen = new Value<ReadonlySet<string>>(NONE);
  private readonly underHandle = new Value<string | null>(null);

  readonly ids: Signal<ReadonlySet<string>> = this.selected;
  /** Handles of the selected object that are moved together; none while it is selected as a whole. */
  readonly vertices: Signal<ReadonlySet<string>> = this.chosen;
  readonly hovered: Signal<string | null> = this.under;
  /** Id of the handle of the selected object that is under the pointer. */
  readonly hoveredHandle: Signal<string | null> = this.underHandle;

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
    this.setVertices(NONE);
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

  setVertices(handles: ReadonlySet<string>): void {
    this.chosen.set(handles.size === 0 ? NONE : handles);
  }

  toggleVertex(handle: string): void {
    const next = new Set(this.chosen.get());
    if (!next.delete(handle)) next.add(handle);
    this.setVertices(next);
  }

  hover(id: string | null): void {
    this.under.set(id);
  }

  hoverHandle(id: string | null): void {
    this.underHandle.set(id);
  }

  /** Drops what is gone. */
  forget(ids: ReadonlySet<string>): void {
    if ([...ids].some((id) => this.has(id))) this.set([...this.selected.get()].filter((id) => !ids.has(id)));
    const under = this.under.get();
    if (under !== null && ids.has(under)) this.under.set(null);
  }
}
