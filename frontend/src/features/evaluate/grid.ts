/** Precision-recall points of several classes on one recall axis, so that one chart can show them all; pure. */

const STEPS = 200;

/** The precision at a recall is that of the nearest point at or above it; beyond a class's last recall there is none. */
export function onCommonGrid(curves: readonly (readonly (readonly [recall: number, precision: number])[])[]): {
  readonly x: readonly number[];
  readonly values: readonly (readonly (number | null)[])[];
} {
  const x = Array.from({ length: STEPS + 1 }, (_, index) => index / STEPS);
  const values = curves.map((points) => {
    const sorted = [...points].sort((a, b) => a[0] - b[0]);
    let next = 0;
    return x.map((recall) => {
      while (next < sorted.length && (sorted[next]?.[0] ?? 0) < recall - 1e-9) next += 1;
      return sorted[next]?.[1] ?? null;
    });
  });
  return { x, values };
}
