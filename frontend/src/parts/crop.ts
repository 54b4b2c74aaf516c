/** The part of a picture to show around objects; pure. */

const MARGIN = 0.35;
const SMALLEST = 48;
/** An object whose longer side is at least this share of the picture's is seen well enough on the whole picture. */
const SEEN_WELL = 0.4;

export type Bounds = readonly [x: number, y: number, width: number, height: number];

interface Size {
  readonly width: number;
  readonly height: number;
}

/** A square around the bounds with room about it; the whole picture for what has no place. */
export function cropAround(bounds: Bounds | null, size: Size): Bounds {
  if (bounds === null) return [0, 0, size.width, size.height];
  const [x, y, width, height] = bounds;
  const side = Math.max(SMALLEST, Math.max(width, height) * (1 + 2 * MARGIN));
  return [x + (width - side) / 2, y + (height - side) / 2, side, side];
}

/** Whether something within the bounds is too small to be seen on the whole picture drawn small. */
export const isSmall = (bounds: Bounds, size: Size): boolean =>
  Math.max(bounds[2], bounds[3]) < SEEN_WELL * Math.max(size.width, size.height);

/** The bounds that hold all of these; null for none. */
export function union(all: readonly Bounds[]): Bounds | null {
  if (all.length === 0) return null;
  const left = Math.min(...all.map(([x]) => x));
  const top = Math.min(...all.map(([, y]) => y));
  const right = Math.max(...all.map(([x, , width]) => x + width));
  const bottom = Math.max(...all.map(([, y, , height]) => y + height));
  return [left, top, right - left, bottom - top];
}

/** What a shape covers, as the API speaks of shapes; null for one of the whole picture. */
export function boundsOf(shape: Readonly<Record<string, unknown>>): Bounds | null {
  const points = numbersOf(shape);
  return union(points.map(([x, y]): Bounds => [x, y, 0, 0]));
}

type Pair = readonly [number, number];

function numbersOf(shape: Readonly<Record<string, unknown>>): readonly Pair[] {
  if (Array.isArray(shape.box)) {
    const [x = 0, y = 0, width = 0, height = 0] = shape.box as number[];
    return [
      [x, y],
      [x + width, y + height],
    ];
  }
  if (Array.isArray(shape.center)) {
    const [x = 0, y = 0] = shape.center as number[];
    const reach = (shape.radii ?? shape.size) as readonly number[];
    const half = Math.max(...reach) * (shape.radii === undefined ? 0.5 : 1);
    return [
      [x - half, y - half],
      [x + half, y + half],
    ];
  }
  if (Array.isArray(shape.parts)) return (shape.parts as { outer: Pair[] }[]).flatMap((part) => part.outer);
  if (Array.isArray(shape.points)) {
    const points = shape.points as readonly (readonly [number, number, number?])[];
    return points.filter(([, , visible]) => visible !== 0).map(([x, y]): Pair => [x, y]);
  }
  return [];
}
