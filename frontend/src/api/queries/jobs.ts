import { queryOptions } from "@tanstack/react-query";
import { body, http } from "../client";
import { session } from "../session";
import type { Job, JobState } from "../types";

const BUSY_MS = 1000;
const IDLE_MS = 8000;
const WATCHED_MS = 600;

export const isActive = (state: JobState): boolean => state === "queued" || state === "running";

export const jobsQuery = queryOptions({
  queryKey: ["jobs"],
  queryFn: async ({ signal }) => (await body(http.GET("/api/v1/jobs/", { signal }))).results as readonly Job[],
  refetchInterval: (query) => {
    // Without a session every answer would be a refusal.
    if (session.isExpired()) return IDLE_MS;
    return query.state.data?.some((job) => isActive(job.state)) ? BUSY_MS : IDLE_MS;
  },
});

export const jobQuery = (id: string) =>
  queryOptions({
    queryKey: ["jobs", id],
    queryFn: ({ signal }) => body(http.GET("/api/v1/jobs/{id}/", { params: { path: { id } }, signal })) as Promise<Job>,
    refetchInterval: (query) =>
      query.state.data === undefined || isActive(query.state.data.state) ? WATCHED_MS : false,
  });

export const cancelJob = (id: string): Promise<unknown> =>
  body(http.POST("/api/v1/jobs/{id}/cancel/", { params: { path: { id } } }));
