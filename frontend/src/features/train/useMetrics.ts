/** The metric points of a run, fetched once and then only what is new. */
import { useEffect, useState } from "react";
import { fetchMetrics } from "../../api/queries/training";
import type { MetricPoint } from "../../api/types";

const POLL_MS = 1500;

export function useMetrics(run: number, live: boolean): readonly MetricPoint[] {
  const [points, setPoints] = useState<readonly MetricPoint[]>([]);
  useEffect(() => {
    const aborter = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    let last = 0;
    let all: readonly MetricPoint[] = [];
    const read = async () => {
      try {
        // A page at a time: a long run has more points than one answer carries.
        for (;;) {
          const fresh = await fetchMetrics(run, last, aborter.signal);
          if (fresh.length === 0) break;
          last = Math.max(last, ...fresh.map((point) => point.id));
          all = [...all, ...fresh];
          setPoints(all);
        }
      } catch {
        // The next turn reads again from the same point; the run's own query shows that the server is away.
      }
      if (live && !aborter.signal.aborted) timer = setTimeout(() => void read(), POLL_MS);
    };
    void read();
    return () => {
      aborter.abort();
      clearTimeout(timer);
    };
  }, [run, live]);
  return points;
}
