/** Follows one job until it ends and says so once. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { isActive, jobQuery } from "../api/queries/jobs";
import type { Job } from "../api/types";

/** `onEnd` is called once, with the job in its final state. */
export function useJob<Result>(id: string | null, onEnd?: (job: Job<Result>) => void): Job<Result> | null {
  const client = useQueryClient();
  const query = useQuery({ ...jobQuery(id ?? ""), enabled: id !== null });
  const told = useRef<string | null>(null);
  const job = (query.data ?? null) as Job<Result> | null;
  const end = useRef(onEnd);
  useEffect(() => {
    end.current = onEnd;
  });
  useEffect(() => {
    if (job === null || isActive(job.state) || told.current === job.id) return;
    told.current = job.id;
    void client.invalidateQueries({ queryKey: ["jobs"], exact: true });
    end.current?.(job);
  }, [job, client]);
  return job;
}
