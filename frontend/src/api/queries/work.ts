import { queryOptions } from "@tanstack/react-query";
import { at, body, http } from "../client";
import type { Assignment, AssignmentInput } from "../types";

export const assignmentsQuery = (project: number) =>
  queryOptions({
    queryKey: ["project", project, "assignments"],
    queryFn: ({ signal }) => body(http.GET("/api/v1/projects/{id}/assignments/", { params: at(project), signal })),
  });

export const createAssignment = (project: number, input: AssignmentInput): Promise<Assignment> =>
  body(http.POST("/api/v1/projects/{id}/assignments/", { params: at(project), body: input }));

export const closeAssignment = (id: number, closed: boolean): Promise<Assignment> =>
  body(http.PATCH("/api/v1/assignments/{id}/", { params: at(id), body: { closed } }));

/** The image to work on now; `skip` gives that one back first. */
export const nextOfAssignment = async (id: number, skip?: number): Promise<number | null> =>
  (
    await body(
      http.POST("/api/v1/assignments/{id}/next/", { params: at(id), body: skip === undefined ? {} : { skip } }),
    )
  ).image;

export const peopleWorkQuery = (project: number, since: string | null) =>
  queryOptions({
    queryKey: ["project", project, "work", since],
    queryFn: async ({ signal }) =>
      (
        await body(
          http.GET("/api/v1/projects/{id}/work/", {
            params: { ...at(project), query: since === null ? {} : { since } },
            signal,
          }),
        )
      ).results,
  });
