/** Owns the interface to a redraw of the raster, and the one that is done in the page, a slice a frame. */

import { drawBatches, SORTED_IN_A_FRAME, type Step, type StyledRecord } from "../batches";
import type { Pace } from "../Pace";
import type { Painter } from "../Painter";

export interface Redraw {
  /** Works in the frame that is being drawn. */
  readonly advance: (resting: boolean) => void;
  readonly isDone: () => boolean;
  /** It goes on in the frames that follow; otherwise it says itself when it is done. */
  readonly needsFrames: boolean;
}

export class SlicedRedraw implements Redraw {
  readonly needsFrames = true;
  private readonly steps: Iterator<Step>;
  private done = false;

  constructor(
    find: () => readonly StyledRecord[],
    painter: () => Painter,
    private readonly pace: Pace,
  ) {
    this.steps = drawSteps(find, painter);
  }

  advance(resting: boolean): void {
    for (let paths = this.pace.next(resting); paths > 0; paths -= 1) {
      const step = this.steps.next();
      if (step.done === true) {
        this.done = true;
        return;
      }
      if (step.value === "all") return;
    }
  }

  isDone(): boolean {
    return this.done;
  }
}

function* drawSteps(find: () => readonly StyledRecord[], painter: () => Painter): Generator<Step> {
  const items = find();
  if (items.length > SORTED_IN_A_FRAME) yield "all";
  yield* drawBatches(painter(), items);
}
