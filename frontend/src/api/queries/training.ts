import { queryOptions } from "@tanstack/react-query";
import { at, body, http } from "../client";
import type { Architecture, MetricPoint, ModelExport, NewRun, Run } from "../types";
import { isActive } from "./jobs";

const LIST_MS = 2000;
const RUN_MS = 1000;

export const architecturesQuery = queryOptions({
  queryKey: ["architectures"],
  queryFn: ({ signal }) => body(http.GET("/api/v1/architectures/", { signal })) as Promise<readonly Architecture[]>,
  staleTime: 60_000,
});

/** A run that still has something to do; its figures change without anybody's doing. */
export const isRunning = (run: Run): boolean => run.state === "queued" || run.state === "running";

export const runsQuery = (project: number) =>
  queryOptions({
    queryKey: ["project", project, "runs"],
    queryFn: async ({ signal }) =>
      (await body(http.GET("/api/v1/projects/{id}/runs/", { params: at(project), signal }))).results as readonly Run[],
    refetchInterval: (query) => (query.state.data?.some(isRunning) ? LIST_MS : false),
  });

export const runQuery = (id: number) =>
  queryOptions({
    queryKey: ["run", id],
    queryFn: ({ signal }) => body(http.GET("/api/v1/runs/{id}/", { params: at(id), signal })) as Promise<Run>,
    refetchInterval: (query) => (query.state.data === undefined || isRunning(query.state.data) ? RUN_MS : false),
  });

export const fetchMetrics = async (run: number, after: number, signal: AbortSignal): Promise<readonly MetricPoint[]> =>
  (await body(http.GET("/api/v1/runs/{id}/metrics/", { params: { ...at(run), query: { after } }, signal }))).points;

export const runLogQuery = (id: number, live: boolean) =>
  queryOptions({
    queryKey: ["run", id, "log"],
    queryFn: async ({ signal }) => (await body(http.GET("/api/v1/runs/{id}/log/", { params: at(id), signal }))).text,
    refetchInterval: live ? LIST_MS : false,
  });

export const createRun = (project: number, input: NewRun): Promise<Run> =>
  body(
    http.POST("/api/v1/projects/{id}/runs/", { params: at(project), body: { preset: "", name: "", ...input } }),
  ) as Promise<Run>;

export const stopRun = (id: number): Promise<unknown> => body(http.POST("/api/v1/runs/{id}/stop/", { params: at(id) }));

export const resumeRun = (id: number): Promise<unknown> =>
  body(http.POST("/api/v1/runs/{id}/resume/", { params: at(id) }));

export const extendRun = (id: number, epochs: number): Promise<unknown> =>
  body(http.POST("/api/v1/runs/{id}/extend/", { params: at(id), body: { epochs } }));

export const modelsQuery = (project: number) =>
  queryOptions({
    queryKey: ["project", project, "models"],
    queryFn: async ({ signal }) =>
      (await body(http.GET("/api/v1/projects/{id}/models/", { params: at(project), signal }))).results,
  });

export const modelExportsQuery = (model: number) =>
  queryOptions({
    queryKey: ["model", model, "exports"],
    queryFn: async ({ signal }) =>
      (await body(http.GET("/api/v1/models/{id}/exports/", { params: at(model), signal })))
        .results as readonly ModelExport[],
    refetchInterval: (query) =>
      query.state.data?.some((row) => row.job !== null && isActive(row.job.state)) ? RUN_MS : false,
  });

export const exportModel = (model: number, format: string): Promise<unknown> =>
  body(http.POST("/api/v1/models/{id}/exports/", { params: at(model), body: { format } }));
