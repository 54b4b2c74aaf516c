import { queryOptions } from "@tanstack/react-query";
import { at, body, http } from "../client";
import type { ClassTargets, ExportInput, ExportResult, Format, ImportMode, ImportResult, Job, Losses } from "../types";

export const formatsQuery = queryOptions({
  queryKey: ["formats"],
  queryFn: ({ signal }) => body(http.GET("/api/v1/formats/", { signal })) as Promise<readonly Format[]>,
  staleTime: Infinity,
});

const exportBody = (input: ExportInput) => ({ ...input, options: { ...input.options }, filter: { ...input.filter } });

/** Counted from the data at once, or the job that counts where there is much of it. */
export const lossesQuery = (project: number, input: ExportInput) =>
  queryOptions({
    queryKey: ["project", project, "losses", input],
    queryFn: ({ signal }) =>
      body(
        http.POST("/api/v1/projects/{id}/exports/preview/", { params: at(project), body: exportBody(input), signal }),
      ) as unknown as Promise<Losses | Job<Losses>>,
  });

export const startExport = (project: number, input: ExportInput): Promise<Job<ExportResult>> =>
  body(
    http.POST("/api/v1/projects/{id}/exports/", { params: at(project), body: exportBody(input) }),
  ) as unknown as Promise<Job<ExportResult>>;

/** A file of this browser, or the path of a file or folder on the server. */
export type ImportSource = File | string;

export interface ImportOptions {
  readonly format: string | null;
  readonly mode: ImportMode;
  readonly classes: ClassTargets;
  /** Of the reader of `format`. */
  readonly readOptions: Readonly<Record<string, unknown>>;
  readonly dryRun: boolean;
}

export const startImport = (
  project: number,
  source: ImportSource,
  options: ImportOptions,
): Promise<Job<ImportResult>> => {
  const form = new FormData();
  if (typeof source === "string") form.append("server_path", source);
  else form.append("file", source, source.name);
  if (options.format !== null) form.append("format", options.format);
  form.append("mode", options.mode);
  if (Object.keys(options.classes).length > 0) form.append("classes", JSON.stringify(options.classes));
  if (options.format !== null && Object.keys(options.readOptions).length > 0) {
    form.append("options", JSON.stringify(options.readOptions));
  }
  form.append("dry_run", String(options.dryRun));
  return body(
    http.POST("/api/v1/projects/{id}/imports/", {
      params: at(project),
      // The schema has no word for a file in a form; the form itself is what is sent.
      body: { dry_run: options.dryRun },
      bodySerializer: () => form,
    }),
  ) as unknown as Promise<Job<ImportResult>>;
};
