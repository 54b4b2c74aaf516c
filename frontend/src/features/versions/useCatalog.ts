/** The operations that recipes can be made of, by key. */
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { recipeOperationsQuery } from "../../api/queries/recipes";
import type { Catalog } from "./recipe";

/** Null until the server has told. */
export function useCatalog(): Catalog | null {
  const operations = useQuery(recipeOperationsQuery()).data;
  return useMemo(
    () => (operations === undefined ? null : new Map(operations.map((item) => [item.key, item]))),
    [operations],
  );
}
