import { queryOptions } from "@tanstack/react-query";
import { body, http } from "../client";
import type { Frozen, Job, SmartAnswer, SmartMethod, SmartPrompt, Weights } from "../types";

export const smartMethodsQuery = queryOptions({
  queryKey: ["smart-methods"],
  queryFn: ({ signal }) => body(http.GET("/api/v1/smart/methods/", { signal })) as Promise<readonly SmartMethod[]>,
  staleTime: 60_000,
});

export const runSmartMethod = (
  image: number,
  method: string,
  input: { prompt: Frozen<SmartPrompt>; parameters: Readonly<Record<string, unknown>>; output: string },
  signal: AbortSignal,
): Promise<SmartAnswer> =>
  body(
    http.POST("/api/v1/images/{id}/smart/{method}/", {
      params: { path: { id: image, method } },
      body: { ...input, prompt: input.prompt as SmartPrompt },
      signal,
    }),
  );

/** Lets a method look at an image before the first click. */
export const prepareSmartMethod = (image: number, method: string): Promise<unknown> =>
  body(http.POST("/api/v1/images/{id}/smart/{method}/prepare/", { params: { path: { id: image, method } } }));

export interface BoxesToMasks {
  readonly project: number;
  readonly method: string;
  readonly labelClass: number;
  readonly output: "mask" | "polygon";
}

const boxesToMasks = ({ project, method, labelClass, output }: BoxesToMasks, dryRun: boolean, signal?: AbortSignal) =>
  body(
    http.POST("/api/v1/projects/{id}/smart/{method}/boxes-to-masks/", {
      params: { path: { id: project, method } },
      body: { class: labelClass, output, filter: {}, parameters: {}, dry_run: dryRun },
      ...(signal === undefined ? {} : { signal }),
    }),
  );

/** How many boxes a class has that a method would cut out. */
export const boxCountQuery = (wanted: BoxesToMasks) =>
  queryOptions({
    queryKey: ["box-count", wanted],
    queryFn: ({ signal }) => boxesToMasks(wanted, true, signal),
  });

/** A job that turns every box of a class into a mask or polygon. */
export const startBoxesToMasks = (wanted: BoxesToMasks) => boxesToMasks(wanted, false);

export const weightsQuery = queryOptions({
  queryKey: ["weights"],
  queryFn: ({ signal }) => body(http.GET("/api/v1/weights/", { signal })) as Promise<readonly Weights[]>,
  refetchInterval: (query) => (query.state.data?.some((item) => item.state === "fetching") ? 1500 : false),
});

export const fetchWeights = (key: string): Promise<Job> =>
  body(http.POST("/api/v1/weights/{key}/fetch/", { params: { path: { key } } })) as Promise<Job>;

export const verifyWeights = (key: string): Promise<Job> =>
  body(http.POST("/api/v1/weights/{key}/verify/", { params: { path: { key } } })) as Promise<Job>;
