/**
 * Owns how much of a redraw fits in a frame. Browsers rasterise after the script has ended, so the script's own time says
 * nothing; the time from frame to frame does.
 */

const FRAME_MS = 17;
/** While nothing moves, fewer frames a second are not seen, and the picture is ready sooner. */
const RESTING_FRAME_MS = 34;
const FIRST_PATHS = 8;

export class Pace {
  private readonly now: () => number;
  private paths = FIRST_PATHS;
  private last: number | null = null;

  constructor(now: () => number) {
    this.now = now;
  }

  /** Paths to draw in this frame. */
  next(resting: boolean): number {
    const now = this.now();
    const frame = resting ? RESTING_FRAME_MS : FRAME_MS;
    if (this.last !== null) {
      const took = now - this.last;
      if (took > 1.25 * frame) this.paths = Math.max(Math.floor(this.paths * 0.6), 1);
      else if (took < 1.1 * frame) this.paths += Math.max(Math.floor(this.paths * 0.25), 1);
    }
    this.last = now;
    return this.paths;
  }

  /** The frames that follow are not of one redraw any more. */
  stop(): void {
    this.last = null;
  }
}
