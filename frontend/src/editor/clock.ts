/** Owns the interface to time (now, timers, frames), so that tests can turn it by hand. Knows nothing of what waits. */

export interface Clock {
  /** Milliseconds, monotonic. */
  now(): number;
  /** Milliseconds since 1970. */
  wallTime(): number;
  /** Calls `run` once after `milliseconds`; the returned function calls it off. */
  after(milliseconds: number, run: () => void): () => void;
  /** Calls `run` before the next repaint; the returned function calls it off. */
  frame(run: () => void): () => void;
}

/** The machine's own time; frames fall back to 16 ms timers where nothing is painted. */
export const systemClock: Clock = {
  now: () => performance.now(),
  wallTime: () => Date.now(),
  after(milliseconds, run) {
    const timer = setTimeout(run, milliseconds);
    return () => clearTimeout(timer);
  },
  frame(run) {
    if (typeof requestAnimationFrame === "undefined") return systemClock.after(16, run);
    const request = requestAnimationFrame(() => run());
    return () => cancelAnimationFrame(request);
  },
};
