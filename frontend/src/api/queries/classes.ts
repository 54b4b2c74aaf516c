import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { at, body, http } from "../client";
import type { ClassUsage, Job, LabelClass, NewClass, RevisitPage, Rewrite } from "../types";

export const createClass = (project: number, input: NewClass): Promise<LabelClass> =>
  body(http.POST("/api/v1/projects/{id}/classes/", { params: at(project), body: input }));

export const updateClass = (
  id: number,
  input: {
    name?: string;
    color?: string;
    hotkey?: string;
    position?: number;
    revisit?: boolean;
    attributes?: Record<string, unknown>[];
    skeleton?: Record<string, unknown>;
  },
): Promise<LabelClass> => body(http.PATCH("/api/v1/classes/{id}/", { params: at(id), body: input }));

export const orderClasses = (project: number, ids: readonly number[]): Promise<unknown> =>
  body(http.POST("/api/v1/projects/{id}/classes/order/", { params: at(project), body: { classes: [...ids] } }));

/** What hangs on a class: asked before it is retired or merged. */
export const classUsageQuery = (id: number) =>
  queryOptions({
    queryKey: ["class-usage", id],
    queryFn: ({ signal }) =>
      body(
        http.DELETE("/api/v1/classes/{id}/", { params: { ...at(id), query: { preview: true } }, signal }),
      ) as unknown as Promise<ClassUsage>,
    gcTime: 0,
  });

export const retireClass = (input: { readonly id: number; readonly withLabels: boolean }): Promise<unknown> =>
  body(
    http.DELETE("/api/v1/classes/{id}/", {
      params: { ...at(input.id), query: { labels: input.withLabels ? "delete" : "refuse" } },
    }),
  );

export const mergeClass = (input: { readonly id: number; readonly into: number }): Promise<Rewrite | Job> =>
  body(
    http.POST("/api/v1/classes/{id}/merge/", { params: at(input.id), body: { into: input.into, dry_run: false } }),
  ) as unknown as Promise<Rewrite | Job>;

export const splitClass = (input: {
  readonly id: number;
  readonly names: readonly string[];
}): Promise<{ readonly left: number }> =>
  body(http.POST("/api/v1/classes/{id}/split/", { params: at(input.id), body: { names: [...input.names] } }));

export const revisitQuery = (project: number, labelClass: number | null) =>
  infiniteQueryOptions({
    queryKey: ["project", project, "revisit", labelClass],
    queryFn: ({ pageParam, signal }) =>
      body(
        http.GET("/api/v1/projects/{id}/revisit/", {
          params: {
            ...at(project),
            query: {
              limit: 24,
              ...(labelClass === null ? {} : { class: labelClass }),
              ...(pageParam === null ? {} : { cursor: pageParam }),
            },
          },
          signal,
        }),
      ) as unknown as Promise<RevisitPage>,
    initialPageParam: null as string | null,
    getNextPageParam: (last: RevisitPage) => last.next,
  });

export const decideRevisit = (
  project: number,
  input: {
    readonly confirm?: readonly string[];
    readonly relabel?: readonly { readonly uuid: string; readonly class: number }[];
  },
): Promise<unknown> =>
  body(
    http.POST("/api/v1/projects/{id}/revisit/", {
      params: at(project),
      body: { confirm: [...(input.confirm ?? [])], relabel: [...(input.relabel ?? [])] },
    }),
  );
