/** Owns observable values with stable snapshots, shaped for `useSyncExternalStore`. Knows nothing of what they hold. */

/** A value that tells when it changed. Both members are bound; `get` answers the same object until the value changes. */
export interface Signal<T> {
  readonly get: () => T;
  readonly subscribe: (listener: () => void) => () => void;
}

export class Value<T> implements Signal<T> {
  private current: T;
  private readonly listeners = new Set<() => void>();

  constructor(initial: T) {
    this.current = initial;
  }

  readonly get = (): T => this.current;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  set(next: T): void {
    if (Object.is(next, this.current)) return;
    this.current = next;
    for (const listener of [...this.listeners]) listener();
  }

  update(change: (current: T) => T): void {
    this.set(change(this.current));
  }
}

/** A value computed from others on demand: `clear` drops it, `notify` tells the listeners, `get` computes it once. */
export class Derived<T> implements Signal<T> {
  private cached: { readonly value: T } | null = null;
  private readonly compute: () => T;
  private readonly listeners = new Set<() => void>();

  constructor(compute: () => T) {
    this.compute = compute;
  }

  readonly get = (): T => {
    this.cached ??= { value: this.compute() };
    return this.cached.value;
  };

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  clear(): void {
    this.cached = null;
  }

  notify(): void {
    for (const listener of [...this.listeners]) listener();
  }

  invalidate(): void {
    this.clear();
    this.notify();
  }
}
