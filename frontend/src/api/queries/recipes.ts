import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { at, body, http } from "../client";
import type { components } from "../schema";
import type { Recipe, RecipeOperation, RecipeSample } from "../types";

/** The same at every moment that this server runs. */
export const recipeOperationsQuery = () =>
  queryOptions({
    queryKey: ["recipe-operations"],
    queryFn: async ({ signal }) =>
      (await body(http.GET("/api/v1/recipes/operations/", { signal }))).results as readonly RecipeOperation[],
    staleTime: Infinity,
  });

/** Without an image: one view of each of several; with one: its copies. */
export const recipePreviewQuery = (project: number, recipe: Recipe, image: number | null) =>
  queryOptions({
    queryKey: ["project", project, "recipe-preview", recipe, image],
    queryFn: async ({ signal }) =>
      (
        await body(
          http.POST("/api/v1/projects/{id}/recipes/preview/", {
            params: at(project),
            body: { recipe: recipeBody(recipe), image },
            signal,
          }),
        )
      ).samples as readonly RecipeSample[],
    placeholderData: keepPreviousData,
    staleTime: 60_000,
    gcTime: 60_000,
  });

export const recipeBody = (recipe: Recipe): components["schemas"]["RecipeInputRequest"] => ({
  ...recipe,
  operations: [...(recipe.operations ?? [])],
});
