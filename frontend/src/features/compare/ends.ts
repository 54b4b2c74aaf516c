/** The two sides of a comparison as they stand in the address bar; pure. */
import type { DiffEnd, DiffEnds } from "../../api/types";

const whole = (text: string | null): number | null => (text !== null && /^\d{1,9}$/.test(text) ? Number(text) : null);

function readEnd(search: URLSearchParams, side: "from" | "to"): DiffEnd | null {
  const version = whole(search.get(`${side}_version`));
  const revision = whole(search.get(side));
  return version === null && revision === null ? null : { revision: revision ?? 0, version };
}

/** Null until the first side is named; a missing second side is now. */
export function endsFromSearch(search: URLSearchParams): DiffEnds | null {
  const from = readEnd(search, "from");
  return from === null ? null : { from, to: readEnd(search, "to") };
}

/** The value of a choice: `v7` for a version, `r12` for a revision, `now`. */
export const endToChoice = (end: DiffEnd | null): string =>
  end === null ? "now" : end.version === null ? `r${end.revision}` : `v${end.version}`;

export function withEnd(search: URLSearchParams, side: "from" | "to", choice: string): URLSearchParams {
  const next = new URLSearchParams(search);
  next.delete(side);
  next.delete(`${side}_version`);
  if (choice.startsWith("v")) next.set(`${side}_version`, choice.slice(1));
  if (choice.startsWith("r")) next.set(side, choice.slice(1));
  return next;
}
