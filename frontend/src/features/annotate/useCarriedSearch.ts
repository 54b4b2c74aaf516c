/** What of the address goes along from image to image: the filters of the images, and that of the objects. */
import { useCallback, useMemo } from "react";
import { useSearchParams } from "react-router";
import { filtersFromSearch, filtersToSearch, type ImageFilters } from "../../api/imageFilters";

const OBJECTS = "objects";

export function carriedSearch(search: URLSearchParams): string {
  const carried = filtersToSearch(filtersFromSearch(search));
  const objects = search.get(OBJECTS);
  if (objects) carried.set(OBJECTS, objects);
  return carried.toString();
}

export function useObjectRules(): readonly [text: string | undefined, set: (text: string | null) => void] {
  const [search, setSearch] = useSearchParams();
  const set = useCallback(
    (text: string | null) =>
      setSearch(
        (before) => {
          const next = new URLSearchParams(before);
          if (text === null) next.delete(OBJECTS);
          else next.set(OBJECTS, text);
          return next;
        },
        { replace: true },
      ),
    [setSearch],
  );
  return [search.get(OBJECTS) ?? undefined, set];
}

/** The filters that the images of the strip come from; a change keeps the image that is open. */
export function useImageFilters(): readonly [filters: ImageFilters, set: (filters: ImageFilters) => void] {
  const [search, setSearch] = useSearchParams();
  const filters = useMemo(() => filtersFromSearch(search), [search]);
  const set = useCallback(
    (next: ImageFilters) =>
      setSearch(
        (before) => {
          const params = filtersToSearch(next);
          const objects = before.get(OBJECTS);
          if (objects) params.set(OBJECTS, objects);
          return params;
        },
        { replace: true },
      ),
    [setSearch],
  );
  return [filters, set];
}
