import { queryOptions } from "@tanstack/react-query";
import { at, body, http } from "../client";
import type { ExportResult, ImportResult, Job } from "../types";

export const formatsQuery = queryOptions({
  queryKey: ["formats"],
  queryFn: ({ signal }) => body(http.GET("/api/v1/formats/", { signal })),
  staleTime: Infinity,
});

export const startExport = (
  project: number,
  input: { version?: number; format: string; images: boolean },
): Promise<Job<ExportResult>> =>
  body(http.POST("/api/v1/projects/{id}/exports/", { params: at(project), body: input })) as unknown as Promise<
    Job<ExportResult>
  >;

export const startImport = (
  project: number,
  file: File,
  options: { format: string | null; dryRun: boolean },
): Promise<Job<ImportResult>> => {
  const form = new FormData();
  form.append("file", file, file.name);
  if (options.format !== null) form.append("format", options.format);
  form.append("dry_run", String(options.dryRun));
  return body(
    http.POST("/api/v1/projects/{id}/imports/", {
      params: at(project),
      // The schema has no word for a file in a form; the form itself is what is sent.
      body: { file: file.name, dry_run: options.dryRun },
      bodySerializer: () => form,
    }),
  ) as unknown as Promise<Job<ImportResult>>;
};
