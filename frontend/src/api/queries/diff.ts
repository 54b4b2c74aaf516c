import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { at, body, http } from "../client";
import type { Diff, DiffEnds, DiffKind, DiffPage, ImageDiff } from "../types";

const span = ({ from, to }: DiffEnds) => ({
  ...(from.version === null ? { from: from.revision } : { from_version: from.version }),
  ...(to === null ? {} : to.version === null ? { to: to.revision } : { to_version: to.version }),
});

export const diffQuery = (project: number, ends: DiffEnds) =>
  queryOptions({
    queryKey: ["project", project, "diff", ends],
    queryFn: ({ signal }) =>
      body(
        http.GET("/api/v1/projects/{id}/diff/", { params: { ...at(project), query: span(ends) }, signal }),
      ) as Promise<Diff>,
  });

export const diffImagesQuery = (project: number, ends: DiffEnds, kinds: readonly DiffKind[]) =>
  infiniteQueryOptions({
    queryKey: ["project", project, "diff-images", ends, kinds],
    queryFn: ({ pageParam, signal }) =>
      body(
        http.GET("/api/v1/projects/{id}/diff/images/", {
          params: {
            ...at(project),
            query: { ...span(ends), kind: [...kinds], limit: 60, ...(pageParam === null ? {} : { cursor: pageParam }) },
          },
          signal,
        }),
      ) as Promise<DiffPage>,
    initialPageParam: null as string | null,
    getNextPageParam: (last: DiffPage) => last.next,
  });

export const imageDiffQuery = (image: number, ends: DiffEnds) =>
  queryOptions({
    queryKey: ["image-diff", image, ends],
    queryFn: async ({ signal }) =>
      // The schema leaves the objects open; docs/api.md names their fields.
      (await body(
        http.GET("/api/v1/images/{id}/diff/", { params: { ...at(image), query: span(ends) }, signal }),
      )) as unknown as ImageDiff,
  });
