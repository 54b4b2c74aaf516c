import { queryOptions } from "@tanstack/react-query";
import { at, body, http } from "../client";
import type { Comparison, ConsensusInput, ConsensusRound, Decision, ImageAnnotations } from "../types";
import type { components } from "../schema";
import { type Batch, type SaveOptions, type Saved, sending } from "./annotations";

type ChangesRequest = components["schemas"]["ChangesRequest"];

export const roundsQuery = (project: number) =>
  queryOptions({
    queryKey: ["project", project, "consensus"],
    queryFn: async ({ signal }) =>
      (await body(http.GET("/api/v1/projects/{id}/consensus/", { params: at(project), signal }))).results,
  });

export const roundQuery = (round: number) =>
  queryOptions({
    queryKey: ["consensus", round],
    queryFn: ({ signal }) => body(http.GET("/api/v1/consensus/{id}/", { params: at(round), signal })),
  });

export const createRound = (project: number, input: ConsensusInput): Promise<ConsensusRound> =>
  body(http.POST("/api/v1/projects/{id}/consensus/", { params: at(project), body: input }));

export const closeRound = (round: number, closed: boolean): Promise<ConsensusRound> =>
  body(http.PATCH("/api/v1/consensus/{id}/", { params: at(round), body: { closed } }));

/** `iou`: objects with less overlap are different things. */
export const roundReportQuery = (round: number, iou: number) =>
  queryOptions({
    queryKey: ["consensus", round, "agreement", iou],
    queryFn: ({ signal }) =>
      body(http.GET("/api/v1/consensus/{id}/agreement/", { params: { ...at(round), query: { iou } }, signal })),
  });

export const roundImageQuery = (round: number, image: number, iou: number) =>
  queryOptions({
    queryKey: ["consensus", round, "image", image, iou],
    queryFn: ({ signal }) =>
      body(
        http.GET("/api/v1/consensus/{id}/images/{image}/", {
          params: { path: { id: round, image }, query: { iou } },
          signal,
        }),
      ) as Promise<Comparison>,
  });

export const truthImageQuery = (project: number, image: number, annotator: string, iou: number) =>
  queryOptions({
    queryKey: ["project", project, "truth", "image", image, annotator, iou],
    queryFn: ({ signal }) =>
      body(
        http.GET("/api/v1/projects/{id}/ground-truth/images/{image}/", {
          params: { path: { id: project, image }, query: { iou, annotator } },
          signal,
        }),
      ) as Promise<Comparison>,
  });

interface Merge {
  readonly quorum: number;
  readonly iou: number;
  /** These images alone, with exactly these objects. */
  readonly decisions?: readonly Decision[];
}

export const mergeRound = (round: number, { decisions, ...rules }: Merge) =>
  body(
    http.POST("/api/v1/consensus/{id}/merge/", {
      params: at(round),
      body: { ...rules, ...(decisions === undefined ? {} : { decisions: [...decisions] }) },
    }),
  );

export const truthAgreementQuery = (project: number, iou: number) =>
  queryOptions({
    queryKey: ["project", project, "truth", iou],
    queryFn: ({ signal }) =>
      body(http.GET("/api/v1/projects/{id}/ground-truth/", { params: { ...at(project), query: { iou } }, signal })),
  });

export const markGroundTruth = (project: number, ids: readonly number[], marked: boolean): Promise<{ count: number }> =>
  body(http.POST("/api/v1/projects/{id}/ground-truth/", { params: at(project), body: { ids: [...ids], marked } }));

/** What the person at the screen was given in the round, in that order. */
export const ownOpinionsQuery = (round: number) =>
  queryOptions({
    queryKey: ["consensus", round, "own"],
    queryFn: async ({ signal }) =>
      (await body(http.GET("/api/v1/consensus/{id}/opinions/", { params: at(round), signal }))).results,
  });

/** The image to label now; null when nothing is left. */
export const nextOfRound = async (round: number): Promise<number | null> =>
  (await body(http.POST("/api/v1/consensus/{id}/next/", { params: at(round) }))).image;

/** Hands an opinion in; answers the image that follows. */
export const submitOpinion = async (opinion: number): Promise<number | null> =>
  (await body(http.POST("/api/v1/opinions/{id}/submit/", { params: at(opinion) }))).image;

export const reopenOpinion = (opinion: number) =>
  body(http.POST("/api/v1/opinions/{id}/reopen/", { params: at(opinion) }));

export const fetchOpinion = (opinion: number, signal?: AbortSignal): Promise<ImageAnnotations> =>
  body(
    http.GET("/api/v1/opinions/{id}/annotations/", { params: at(opinion), signal: signal ?? null }),
  ) as Promise<ImageAnnotations>;

export const saveOpinion = (opinion: number, batch: Batch, options: SaveOptions): Promise<Saved> =>
  body(http.POST("/api/v1/opinions/{id}/changes/", { ...sending(opinion, options), body: batch as ChangesRequest }));
