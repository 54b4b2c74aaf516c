/** What a threshold means for a histogram of scores; pure. */

/** Predictions at or over `threshold`; within the bin that the threshold cuts, an even spread is assumed. */
export function atOrAbove(bins: readonly number[], threshold: number): number {
  const cut = threshold * bins.length;
  const sum = bins.reduce((total, value, index) => total + value * Math.min(1, Math.max(0, index + 1 - cut)), 0);
  return Math.round(sum);
}
