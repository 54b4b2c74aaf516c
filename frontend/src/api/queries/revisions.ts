import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { at, body, http } from "../client";
import type {
  Job,
  ObjectEvent,
  RestorePart,
  RestorePreview,
  RevertPreview,
  Revision,
  RevisionPage,
  Rewrite,
} from "../types";

/** What narrows the timeline, as it stands in the address. */
export interface TimelineFilters {
  readonly author?: string;
  readonly kind?: string;
  readonly since?: string;
  readonly until?: string;
  readonly image?: number;
}

export const revisionsQuery = (project: number, filters: TimelineFilters = {}) =>
  infiniteQueryOptions({
    queryKey: ["project", project, "revisions", filters],
    queryFn: ({ pageParam, signal }) =>
      body(
        http.GET("/api/v1/projects/{id}/revisions/", {
          params: { ...at(project), query: { ...filters, ...(pageParam === null ? {} : { cursor: pageParam }) } },
          signal,
        }),
      ) as Promise<RevisionPage>,
    initialPageParam: null as string | null,
    getNextPageParam: (last: RevisionPage) => last.next,
  });

export const revertPreviewQuery = (revision: number) =>
  queryOptions({
    queryKey: ["revert-preview", revision],
    queryFn: ({ signal }) =>
      body(
        http.GET("/api/v1/revisions/{id}/revert/", { params: at(revision), signal }),
      ) as unknown as Promise<RevertPreview>,
    gcTime: 0,
  });

/** Small ones are done at once; a large one answers the job that does it. */
export const revertRevision = (input: {
  readonly revision: Revision;
  readonly keepLater: boolean;
}): Promise<Rewrite | Job> =>
  body(
    http.POST("/api/v1/revisions/{id}/revert/", {
      params: at(input.revision.id),
      body: { on_conflict: input.keepLater ? "keep_later" : "refuse" },
    }),
  ) as Promise<Rewrite | Job>;

export const restorePreviewQuery = (project: number, part: RestorePart) =>
  queryOptions({
    queryKey: ["restore-preview", project, part],
    queryFn: ({ signal }) =>
      body(
        http.POST("/api/v1/projects/{id}/restore/", {
          params: at(project),
          body: { ...part, dry_run: true },
          signal,
        }),
      ) as unknown as Promise<RestorePreview>,
    gcTime: 0,
  });

export const restoreProject = (project: number, part: RestorePart): Promise<Rewrite | Job> =>
  body(
    http.POST("/api/v1/projects/{id}/restore/", { params: at(project), body: { ...part, dry_run: false } }),
  ) as unknown as Promise<Rewrite | Job>;

export const objectHistoryQuery = (image: number, uuid: string) =>
  queryOptions({
    queryKey: ["image", image, "history", uuid],
    queryFn: async ({ signal }) =>
      (
        await body(
          http.GET("/api/v1/images/{id}/annotations/{uuid}/history/", {
            params: { path: { id: image, uuid } },
            signal,
          }),
        )
      ).results as unknown as readonly ObjectEvent[],
  });
