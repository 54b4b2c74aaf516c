import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import { at, body, http } from "../client";
import type { FindingPage, FindingTarget, Health, HealthFixResult, Job, Statistics } from "../types";

const PAGE = 24;

const healthKey = (project: number) => ["project", project, "health"] as const;
const ofCheck = (project: number, check: string) => ({ path: { id: project, check } });

export const healthQuery = (project: number) =>
  queryOptions({
    queryKey: healthKey(project),
    queryFn: ({ signal }) =>
      body(http.GET("/api/v1/projects/{id}/health/", { params: at(project), signal })) as Promise<Health>,
  });

export interface FindingsWish {
  readonly check: string;
  /** One rule of the check. */
  readonly code: string | null;
  readonly ignored: boolean;
  /** As of when the check's counts are: findings are asked for again once these are newer. */
  readonly asOf: string;
}

export const findingsQuery = (project: number, wish: FindingsWish) =>
  infiniteQueryOptions({
    queryKey: ["project", project, "findings", wish],
    queryFn: ({ pageParam, signal }): Promise<FindingPage> =>
      body(
        http.GET("/api/v1/projects/{id}/health/{check}/findings/", {
          params: {
            ...ofCheck(project, wish.check),
            query: {
              limit: PAGE,
              ignored: String(wish.ignored),
              ...(wish.code === null ? {} : { code: wish.code }),
              ...(pageParam === null ? {} : { cursor: pageParam }),
            },
          },
          signal,
        }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (last: FindingPage) => last.next,
  });

export const startHealthCheck = (project: number): Promise<Job> =>
  body(http.POST("/api/v1/projects/{id}/health/", { params: at(project) })) as Promise<Job>;

/** Null is the default again. */
export const changeThresholds = (
  project: number,
  check: string,
  values: Readonly<Record<string, number | null>>,
): Promise<Job> =>
  body(
    http.PATCH("/api/v1/projects/{id}/health/thresholds/", { params: at(project), body: { [check]: values } }),
  ) as Promise<Job>;

export interface FixWish {
  readonly check: string;
  readonly fix: string;
  readonly target: FindingTarget;
  readonly tag?: string;
}

const targetBody = (target: FindingTarget) =>
  "findings" in target ? { findings: [...target.findings], all: false } : { ...target };

const fixCall = (project: number, { check, fix, target, tag }: FixWish, preview: boolean, signal?: AbortSignal) =>
  body(
    http.POST("/api/v1/projects/{id}/health/{check}/fix/", {
      params: ofCheck(project, check),
      body: { fix, preview, ...targetBody(target), ...(tag === undefined ? {} : { tag }) },
      signal: signal ?? null,
    }),
  );

export const fixPreviewQuery = (project: number, wish: FixWish) =>
  queryOptions({
    queryKey: ["project", project, "health-fix", wish],
    queryFn: ({ signal }) => fixCall(project, wish, true, signal),
    placeholderData: keepPreviousData,
    staleTime: 0,
  });

export const applyFix = (project: number, wish: FixWish): Promise<HealthFixResult> => fixCall(project, wish, false);

export const ignoreFindings = (
  project: number,
  wish: {
    readonly check: string;
    readonly target: FindingTarget;
    readonly ignored: boolean;
    readonly note?: string;
  },
): Promise<{ readonly count: number }> =>
  body(
    http.POST("/api/v1/projects/{id}/health/{check}/ignore/", {
      params: ofCheck(project, wish.check),
      body: {
        ...targetBody(wish.target),
        ignored: wish.ignored,
        ...(wish.note === undefined ? {} : { note: wish.note }),
      },
    }),
  );

/** `label` is the class of the heat map; null: of all classes. */
export const statisticsQuery = (project: number, label: number | null = null) =>
  queryOptions({
    queryKey: ["project", project, "statistics", label],
    queryFn: ({ signal }) =>
      body(
        http.GET("/api/v1/projects/{id}/statistics/", {
          params: { ...at(project), query: label === null ? {} : { class: label } },
          signal,
        }),
      ) as Promise<Statistics>,
    placeholderData: keepPreviousData,
  });

export const reportUrl = (project: number, form: "html" | "json"): string =>
  `/api/v1/projects/${project}/health/report/?as=${form}`;
