/** Owns outlines of pixels without their stairs. */

import type { Vertex } from "./point";
import type { PolygonPart, Ring } from "./polygon";

/** Each place becomes the mean of those within `reach` pixels of the way along the outline; corners are rounded by as much. */
export function partsSmooth(parts: readonly PolygonPart[], reach: number): readonly PolygonPart[] {
  if (reach <= 0) return parts;
  return parts.map(({ outer, holes }) => ({
    outer: ringSmooth(outer, reach),
    holes: holes.map((hole) => ringSmooth(hole, reach)),
  }));
}

/** A ring that is not much longer than the reach would shrink to a point: it keeps its form. */
function ringSmooth(ring: Ring, reach: number): Ring {
  const places = pixelSteps(ring);
  const window = 2 * reach + 1;
  if (places.length < 4 * window) return ring;
  let [x, y] = [0, 0];
  const at = (index: number): Vertex => places[(index + places.length) % places.length] ?? [0, 0];
  for (let index = -reach; index <= reach; index += 1) {
    x += at(index)[0];
    y += at(index)[1];
  }
  return places.map((_, index): Vertex => {
    const mean: Vertex = [x / window, y / window];
    const [entering, leaving] = [at(index + reach + 1), at(index - reach)];
    x += entering[0] - leaving[0];
    y += entering[1] - leaving[1];
    return mean;
  });
}

/** The ring with a vertex at every pixel of its way. */
function pixelSteps(ring: Ring): readonly Vertex[] {
  return ring.flatMap(([x, y], index): Vertex[] => {
    const [toX, toY] = ring[(index + 1) % ring.length] ?? [x, y];
    const count = Math.max(Math.round(Math.hypot(toX - x, toY - y)), 1);
    return Array.from({ length: count }, (_, step): Vertex => [
      x + ((toX - x) * step) / count,
      y + ((toY - y) * step) / count,
    ]);
  });
}
