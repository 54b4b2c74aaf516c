/** Where an image stands among those that the filters leave, and which come before and after; pure. */

export interface Place {
  /** Position among `ids`; -1 when the image no longer passes the filters. */
  readonly index: number;
  readonly previous: number | null;
  readonly next: number | null;
  /** Those worth fetching ahead, nearest first. */
  readonly ahead: readonly number[];
}

const AHEAD = 2;

/** An image that the filters do not hold (a link, a state changed since) stands before the first one. */
export function placeOf(ids: readonly number[], current: number): Place {
  const index = ids.indexOf(current);
  const before = index - 1;
  const after = index + 1;
  const at = (position: number): number | null => ids[position] ?? null;
  const ahead = [...Array.from({ length: AHEAD }, (_, step) => at(after + step)), at(before)];
  return { index, previous: at(before), next: at(after), ahead: ahead.filter((id) => id !== null) };
}
