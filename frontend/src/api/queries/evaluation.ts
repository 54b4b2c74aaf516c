import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { at, body, http } from "../client";
import type {
  AutoLabelResult,
  AutoLabelTrial,
  ClassPrecision,
  Evaluation,
  EvaluationCell,
  Job,
  PrelabelRules,
  Split,
} from "../types";
import { isActive } from "./jobs";

const RUNNING_MS = 1000;

const isPending = (evaluation: Evaluation): boolean => evaluation.job !== null && isActive(evaluation.job.state);

export const evaluationsQuery = (project: number) =>
  queryOptions({
    queryKey: ["project", project, "evaluations"],
    queryFn: async ({ signal }) =>
      (await body(http.GET("/api/v1/projects/{id}/evaluations/", { params: at(project), signal })))
        .results as unknown as readonly Evaluation[],
    refetchInterval: (query) => (query.state.data?.some(isPending) ? RUNNING_MS : false),
  });

/** Threshold null: the one that the server chose. */
export const evaluationQuery = (id: number, threshold: number | null) =>
  queryOptions({
    queryKey: ["evaluation", id, threshold],
    queryFn: ({ signal }) =>
      body(
        http.GET("/api/v1/evaluations/{id}/", {
          params: { ...at(id), query: threshold === null ? {} : { threshold } },
          signal,
        }),
      ) as unknown as Promise<Evaluation>,
    placeholderData: keepPreviousData,
    refetchInterval: (query) => (query.state.data !== undefined && isPending(query.state.data) ? RUNNING_MS : false),
  });

export const evaluationCellsQuery = (id: number, truth: string, predicted: string, threshold: number) =>
  queryOptions({
    queryKey: ["evaluation", id, "cells", truth, predicted, threshold],
    queryFn: ({ signal }) =>
      body(
        http.GET("/api/v1/evaluations/{id}/cells/", {
          params: { ...at(id), query: { truth, predicted, threshold } },
          signal,
        }),
      ) as Promise<unknown> as Promise<{ readonly results: readonly EvaluationCell[]; readonly total: number }>,
  });

export const startEvaluation = (
  model: number,
  input: { version: number; split: Split },
): Promise<{ readonly id: number }> =>
  body(http.POST("/api/v1/models/{id}/evaluations/", { params: at(model), body: input }));

interface NewBatch extends PrelabelRules {
  readonly model: number;
  readonly filter: { state?: string };
  readonly min_score: number;
}

const autoLabel = (project: number, input: NewBatch, dryRun: boolean): Promise<unknown> =>
  body(http.POST("/api/v1/projects/{id}/auto-label/", { params: at(project), body: { ...input, dry_run: dryRun } }));

export const startAutoLabel = (project: number, input: NewBatch): Promise<Job<AutoLabelResult>> =>
  autoLabel(project, input, false) as Promise<Job<AutoLabelResult>>;

export const tryAutoLabel = (project: number, input: NewBatch): Promise<Job<AutoLabelTrial>> =>
  autoLabel(project, input, true) as Promise<Job<AutoLabelTrial>>;

export const batchesQuery = (project: number) =>
  queryOptions({
    queryKey: ["project", project, "batches"],
    queryFn: async ({ signal }) =>
      (await body(http.GET("/api/v1/projects/{id}/prediction-batches/", { params: at(project), signal }))).results,
  });

export const acceptBatch = (
  id: number,
  threshold: number,
): Promise<{ readonly revision: number; readonly accepted: number }> =>
  body(http.POST("/api/v1/prediction-batches/{id}/accept/", { params: at(id), body: { threshold } }));

export const rejectBatch = (id: number, below: number): Promise<{ readonly rejected: number }> =>
  body(http.POST("/api/v1/prediction-batches/{id}/reject/", { params: at(id), body: { below } }));

/** How often the model was right, by what people decided on its predictions. */
export const precisionQuery = (model: number) =>
  queryOptions({
    queryKey: ["precision", model],
    queryFn: async ({ signal }) =>
      (await body(http.GET("/api/v1/models/{id}/precision/", { params: at(model), signal })))
        .results as unknown as readonly ClassPrecision[],
  });
