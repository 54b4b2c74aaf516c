import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { at, body, http } from "../client";
import { recipeBody } from "./recipes";
import type { Leaks, NewVersion, Recipe, Version } from "../types";

export const versionsQuery = (project: number) =>
  queryOptions({
    queryKey: ["project", project, "versions"],
    queryFn: async ({ signal }) =>
      (await body(http.GET("/api/v1/projects/{id}/versions/", { params: at(project), signal })))
        .results as readonly Version[],
  });

export const versionPreviewQuery = (project: number, input: Omit<NewVersion, "name" | "notes">) =>
  queryOptions({
    queryKey: ["project", project, "version-preview", input],
    queryFn: async ({ signal }) =>
      (await body(http.POST("/api/v1/projects/{id}/versions/preview/", { params: at(project), body: input, signal })))
        .statistics,
    placeholderData: keepPreviousData,
  });

/** Groups of images that the version's splits cut apart. */
export const leaksQuery = (version: number) =>
  queryOptions({
    queryKey: ["version-leaks", version],
    queryFn: ({ signal }): Promise<Leaks> =>
      body(http.GET("/api/v1/versions/{id}/leaks/", { params: at(version), signal })),
  });

export const createVersion = (
  project: number,
  { recipe, ...input }: Omit<NewVersion, "recipe"> & { readonly recipe: Recipe },
): Promise<Version> =>
  body(
    http.POST("/api/v1/projects/{id}/versions/", {
      params: at(project),
      body: { ...input, recipe: recipeBody(recipe) },
    }),
  ) as Promise<Version>;
