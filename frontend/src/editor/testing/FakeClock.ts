/** Owns time that tests turn by hand. */

import type { Clock } from "../clock";

interface Timer {
  readonly due: number;
  readonly run: () => void;
}

export class FakeClock implements Clock {
  private time = 1000;
  private timers = new Set<Timer>();
  private frames = new Set<() => void>();

  now(): number {
    return this.time;
  }

  wallTime(): number {
    return 1_700_000_000_000 + this.time;
  }

  after(milliseconds: number, run: () => void): () => void {
    const timer = { due: this.time + milliseconds, run };
    this.timers.add(timer);
    return () => this.timers.delete(timer);
  }

  frame(run: () => void): () => void {
    this.frames.add(run);
    return () => this.frames.delete(run);
  }

  /** Runs due timers in order, letting promises settle after each. */
  async advance(milliseconds: number): Promise<void> {
    const until = this.time + milliseconds;
    for (let next = this.nextTimer(until); next; next = this.nextTimer(until)) {
      this.timers.delete(next);
      this.time = Math.max(this.time, next.due);
      next.run();
      await settle();
    }
    this.time = until;
    await settle();
  }

  /** Time passes, nothing runs. */
  skip(milliseconds: number): void {
    this.time += milliseconds;
  }

  /** Draws until nothing asks for another frame. */
  runFrames(limit = 1000): number {
    let count = 0;
    while (this.frames.size > 0 && count < limit) {
      const due = [...this.frames];
      this.frames.clear();
      for (const run of due) run();
      count += 1;
    }
    return count;
  }

  private nextTimer(until: number): Timer | undefined {
    return [...this.timers].filter((timer) => timer.due <= until).sort((a, b) => a.due - b.due)[0];
  }
}

/** Lets everything that only waits for promises go on. */
export function settle(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}
