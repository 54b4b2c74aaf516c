/** One reading of a file on the server: the dry run, or the import itself. */
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { type ImportOptions, type ImportSource, startImport } from "../../api/queries/exchange";
import { isActive } from "../../api/queries/jobs";
import type { ImportResult, Job } from "../../api/types";
import { useAction } from "../../parts/useAction";
import { useJob } from "../../parts/useJob";
import { useProjectId } from "../../parts/useProjectId";

export interface ImportJob {
  readonly job: Job<ImportResult> | null;
  /** Once the job has succeeded. */
  readonly result: ImportResult | null;
  readonly isStarting: boolean;
  readonly isRunning: boolean;
  readonly start: () => void;
  readonly forget: () => void;
}

export function useImportJob(source: ImportSource, options: ImportOptions, onEnd?: () => void): ImportJob {
  const { t } = useTranslation();
  const project = useProjectId();
  const [id, setId] = useState<string | null>(null);
  const job = useJob<ImportResult>(id, onEnd);
  const start = useAction((wanted: ImportOptions) => startImport(project, source, wanted), {
    failure: t("import.failed"),
    invalidate: [["jobs"]],
    onSuccess: (started) => setId(started.id),
  });
  return {
    job,
    result: job?.state === "succeeded" ? job.result : null,
    isStarting: start.isPending,
    isRunning: job !== null && isActive(job.state),
    start: () => start.mutate(options),
    forget: () => setId(null),
  };
}
