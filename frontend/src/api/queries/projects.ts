import { queryOptions } from "@tanstack/react-query";
import { at, body, http } from "../client";
import type { Frozen, Member, NewProject, Project, Role } from "../types";

export const projectsQuery = queryOptions({
  queryKey: ["projects"],
  queryFn: async ({ signal }) => (await body(http.GET("/api/v1/projects/", { signal }))).results as readonly Project[],
});

export const projectQuery = (id: number) =>
  queryOptions({
    queryKey: ["project", id],
    queryFn: ({ signal }) => body(http.GET("/api/v1/projects/{id}/", { params: at(id), signal })) as Promise<Project>,
  });

export const createProject = (input: Frozen<NewProject>): Promise<Project> =>
  body(http.POST("/api/v1/projects/", { body: input as NewProject })) as Promise<Project>;

export const updateProject = (id: number, input: { name?: string; description?: string }): Promise<unknown> =>
  body(http.PATCH("/api/v1/projects/{id}/", { params: at(id), body: input }));

export const deleteProject = (id: number): Promise<unknown> =>
  body(http.DELETE("/api/v1/projects/{id}/", { params: at(id) }));

export const membersQuery = (project: number) =>
  queryOptions({
    queryKey: ["project", project, "members"],
    queryFn: async ({ signal }) =>
      (await body(http.GET("/api/v1/projects/{id}/members/", { params: at(project), signal })))
        .results as readonly Member[],
  });

export const addMember = (project: number, input: { username: string; role: Role }): Promise<unknown> =>
  body(http.POST("/api/v1/projects/{id}/members/", { params: at(project), body: input }));

export const updateMember = (id: number, role: Role): Promise<unknown> =>
  body(http.PATCH("/api/v1/members/{id}/", { params: at(id), body: { role } }));

export const removeMember = (id: number): Promise<unknown> =>
  body(http.DELETE("/api/v1/members/{id}/", { params: at(id) }));
