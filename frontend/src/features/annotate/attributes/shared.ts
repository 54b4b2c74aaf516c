/** The value that several objects have in common; pure. */

export interface Shared<T> {
  /** Undefined where they differ or have none. */
  readonly value: T | undefined;
  readonly mixed: boolean;
}

export function sharedValue<T>(values: readonly T[]): Shared<T> {
  const [first, ...others] = values;
  const mixed = others.some((value) => value !== first);
  return { value: mixed ? undefined : first, mixed };
}
