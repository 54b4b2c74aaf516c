/** Where an image stands among those that the filters leave, and which come before and after; pure. */

export interface Place {
  /** Position among `ids`; -1 when the image no longer passes the filters. */
  readonly index: number;
  readonly previous: number | null;
  readonly next: number | null;
  /** Those worth fetching ahead, nearest first. */
  readonly ahead: readonly number[];
  /** Those after them that must open while the network is away. */
  readonly later: readonly number[];
}

const AHEAD = 2;
const LATER = 8;

/**
 * An image that the filters do not hold (a link, a state changed since) stands where its id puts it, among images that
 * are ordered by it; before the first one elsewhere.
 */
export function placeOf(ids: readonly number[], current: number, order = "id"): Place {
  const index = ids.indexOf(current);
  const gap = index >= 0 ? index : gapFor(ids, current, order);
  const before = gap - 1;
  const after = index >= 0 ? index + 1 : gap;
  const at = (position: number): number | null => ids[position] ?? null;
  const ahead = [...Array.from({ length: AHEAD }, (_, step) => at(after + step)), at(before)];
  const later = ids.slice(after + AHEAD, after + AHEAD + LATER);
  return { later, index, previous: at(before), next: at(after), ahead: ahead.filter((id) => id !== null) };
}

/** The position of the first one that comes after it. */
function gapFor(ids: readonly number[], current: number, order: string): number {
  if (order !== "id" && order !== "-id") return 0;
  const found = ids.findIndex((id) => (order === "id" ? id > current : id < current));
  return found < 0 ? ids.length : found;
}
