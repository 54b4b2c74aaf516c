/** Owns masks of noise that are the same every time, for tests. */

import { countsToRuns, type MaskRuns } from "../geometry/runs";

/** `density` of the pixels are set. */
export function seededRuns(width: number, height: number, density: number): MaskRuns {
  const counts: number[] = [];
  let state = Math.round(density * 1000) + 1;
  let value = 0;
  let run = 0;
  for (let at = 0; at < width * height; at += 1) {
    state = (state * 1664525 + 1013904223) >>> 0;
    const pixel = state / 2 ** 32 < density ? 1 : 0;
    if (pixel !== value) {
      counts.push(run);
      run = 0;
      value = pixel;
    }
    run += 1;
  }
  return countsToRuns([0, 0, width, height], [...counts, run]);
}
