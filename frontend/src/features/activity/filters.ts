/** The filters of the timeline in the address bar; pure. */
import type { TimelineFilters } from "../../api/queries/revisions";

export const KINDS = [
  "edit",
  "upload",
  "import",
  "classes",
  "accept",
  "revert",
  "restore",
  "delete",
  "project",
  "fix",
  "convert",
] as const;

export function filtersFromSearch(search: URLSearchParams): TimelineFilters {
  const text = (key: "author" | "kind" | "since" | "until") => {
    const value = search.get(key);
    return value === null || value === "" ? {} : { [key]: value };
  };
  const image = search.get("image");
  return {
    ...text("author"),
    ...text("kind"),
    ...text("since"),
    ...text("until"),
    ...(image !== null && /^\d{1,15}$/.test(image) ? { image: Number(image) } : {}),
  };
}

export function withFilter(search: URLSearchParams, key: string, value: string | null): URLSearchParams {
  const next = new URLSearchParams(search);
  if (value === null || value === "") next.delete(key);
  else next.set(key, value);
  if (key === "image") next.delete("object");
  return next;
}
