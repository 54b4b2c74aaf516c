/** Remembers in this tab what was copied last, so that it can be taken back after a reload too. */
import type { Copies } from "./propagate";

export interface LastCopies {
  /** The image whose objects were copied. */
  readonly source: number;
  readonly person: number;
  readonly made: readonly Copies[];
}

const keyOf = (project: number): string => `copied-${project}`;

export function readLastCopies(project: number): LastCopies | null {
  try {
    return JSON.parse(sessionStorage.getItem(keyOf(project)) ?? "null") as LastCopies | null;
  } catch {
    return null;
  }
}

/** With nothing left in it, it is forgotten. */
export function keepLastCopies(project: number, last: LastCopies): void {
  if (last.made.length === 0) sessionStorage.removeItem(keyOf(project));
  else sessionStorage.setItem(keyOf(project), JSON.stringify(last));
}
