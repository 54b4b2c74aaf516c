import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { at, body, http } from "../client";
import { filtersToQuery, filtersToSearch, type ImageFilters, type ImagesQuery } from "../imageFilters";
import type { BulkAction, BulkInput, ImageAnnotations, ImagePage, ImageRecord, Prediction } from "../types";

const PAGE = 200;

export const imagesQuery = (project: number, filters: ImageFilters) =>
  infiniteQueryOptions({
    queryKey: ["project", project, "images", filtersToSearch(filters).toString()],
    queryFn: ({ pageParam, signal }) => {
      const query = { ...filtersToQuery(filters), limit: PAGE, overlay: true, total: false };
      return body(
        http.GET("/api/v1/projects/{id}/images/", {
          params: { ...at(project), query: pageParam === "" ? query : { ...query, cursor: pageParam } },
          signal,
        }),
      ) as Promise<ImagePage>;
    },
    initialPageParam: "",
    getNextPageParam: (last: ImagePage) => last.next,
  });

/** How many images pass: asked apart, because counting 100,000 of them takes longer than reading a page. */
export const imageCountQuery = (project: number, filters: ImageFilters) =>
  queryOptions({
    queryKey: ["project", project, "images", filtersToSearch(filters).toString(), "count"],
    queryFn: async ({ signal }) =>
      (
        await body(
          http.GET("/api/v1/projects/{id}/images/count/", {
            params: { ...at(project), query: filtersToQuery(filters) },
            signal,
          }),
        )
      ).total,
  });

export const imageIdsQuery = (project: number, filters: ImageFilters) =>
  queryOptions({
    queryKey: ["project", project, "image-ids", filtersToSearch(filters).toString()],
    queryFn: async ({ signal }) =>
      (
        await body(
          http.GET("/api/v1/projects/{id}/images/ids/", {
            params: { ...at(project), query: filtersToQuery(filters) },
            signal,
          }),
        )
      ).ids,
  });

export const imageQuery = (id: number) =>
  queryOptions({
    queryKey: ["image", id],
    queryFn: ({ signal }) => body(http.GET("/api/v1/images/{id}/", { params: at(id), signal })) as Promise<ImageRecord>,
  });

/** Also of an image that was deleted since. */
export const imageFileUrl = (id: number): string => `/api/v1/images/${id}/file/`;

/** As they are now, or as they were at `revision`. */
export const fetchAnnotations = (image: number, signal?: AbortSignal, revision?: number): Promise<ImageAnnotations> =>
  body(
    http.GET("/api/v1/images/{id}/annotations/", {
      params: { ...at(image), query: revision === undefined ? {} : { revision } },
      signal: signal ?? null,
    }),
  ) as Promise<ImageAnnotations>;

export const fetchPredictions = async (image: number, signal?: AbortSignal): Promise<readonly Prediction[]> =>
  (await body(http.GET("/api/v1/images/{id}/predictions/", { params: at(image), signal: signal ?? null }))).results;

/** `target` is a list of ids, or the filter that the whole answer came from. */
export const changeImages = (
  project: number,
  target: { ids: readonly number[] } | { filter: ImagesQuery },
  action: BulkAction,
  value?: unknown,
): Promise<{ readonly revision: number | null; readonly count: number }> =>
  body(
    http.POST("/api/v1/projects/{id}/images/bulk/", {
      params: at(project),
      body: { ...target, action, ...(value === undefined ? {} : { value }) } as BulkInput,
    }),
  );
