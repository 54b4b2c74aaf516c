/** Detectors that people bring as ONNX files. */
import { queryOptions } from "@tanstack/react-query";
import { at, body, http } from "../client";
import type { Declaration, DetectorHead, InspectedModel, Job } from "../types";

export const detectorHeadsQuery = queryOptions({
  queryKey: ["detector-heads"],
  queryFn: async ({ signal }) =>
    (await body(http.GET("/api/v1/detector-heads/", { signal }))).results as unknown as readonly DetectorHead[],
  staleTime: Infinity,
});

export const uploadModel = (project: number, file: File): Promise<Job<InspectedModel>> => {
  const form = new FormData();
  form.append("file", file, file.name);
  return body(
    http.POST("/api/v1/projects/{id}/model-uploads/", {
      params: at(project),
      // The schema has no word for a file in a form; the form itself is what is sent.
      body: { file: "" },
      bodySerializer: () => form,
    }),
  ) as unknown as Promise<Job<InspectedModel>>;
};

interface NewModel {
  /** The job that looked at the file. */
  readonly upload: string;
  readonly name: string;
  readonly licence: string;
  readonly declaration: Declaration;
  readonly mapping: Record<string, number | null>;
}

export const addModel = (project: number, input: NewModel): Promise<Job<{ readonly model: number }>> =>
  body(
    http.POST("/api/v1/projects/{id}/models/", {
      params: at(project),
      body: { ...input, declaration: { ...input.declaration } },
    }),
  ) as unknown as Promise<Job<{ readonly model: number }>>;
