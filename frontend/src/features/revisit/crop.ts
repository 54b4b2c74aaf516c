/** The part of a picture to show around an object; pure. */

const MARGIN = 0.35;
const SMALLEST = 48;

interface Boxed {
  readonly shape: Readonly<Record<string, unknown>>;
}

/** `[x, y, width, height]` of a square around the object with room about it; the whole picture for what has no place. */
export function cropAround(
  { shape }: Boxed,
  size: { readonly width: number; readonly height: number },
): readonly [number, number, number, number] {
  const points = numbersOf(shape);
  if (points.length === 0) return [0, 0, size.width, size.height];
  const xs = points.map(([x]) => x);
  const ys = points.map(([, y]) => y);
  const [left, top, right, bottom] = [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
  const side = Math.max(SMALLEST, Math.max(right - left, bottom - top) * (1 + 2 * MARGIN));
  return [(left + right - side) / 2, (top + bottom - side) / 2, side, side];
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
