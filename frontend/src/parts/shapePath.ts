/** The outline of a shape as SVG path data, in pixels of the picture; pure. For looking only: the editor draws its own. */
import { apiToShape, shapeUtil } from "../editor";

export interface ShapePath {
  readonly d: string;
  /** A line or points: there is nothing inside to fill. */
  readonly open: boolean;
}

type Json = Readonly<Record<string, unknown>>;
type Pair = readonly [number, number];

const JOINT = 3;

/** Null for shapes of the whole picture (tags, captions) and for kinds that this page does not know. */
export function shapePath(shape: Json): ShapePath | null {
  switch (shape.type) {
    case "rotated_box":
      return { d: closed(corners(shape)), open: false };
    case "ellipse":
      return { d: ellipse(shape), open: false };
    case "polyline":
      return { d: `M${(shape.points as readonly Pair[]).map(text).join("L")}`, open: true };
    case "skeleton":
      return { d: joints(shape.points as readonly (readonly [number, number, number])[]), open: true };
    case "box":
    case "polygon":
      return { d: traced(shape), open: false };
    case "mask":
      return { d: runs(shape), open: false };
    default:
      return null;
  }
}

const text = ([x, y]: Pair): string => `${round(x)} ${round(y)}`;
const round = (value: number): number => Math.round(value * 100) / 100;
const closed = (points: readonly Pair[]): string => `M${points.map(text).join("L")}Z`;

function corners(shape: Json): readonly Pair[] {
  const [cx, cy] = shape.center as Pair;
  const [width, height] = shape.size as Pair;
  const angle = ((shape.angle as number) * Math.PI) / 180;
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  return [
    [-1, -1],
    [1, -1],
    [1, 1],
    [-1, 1],
  ].map(([x = 0, y = 0]) => {
    const [dx, dy] = [(x * width) / 2, (y * height) / 2];
    return [cx + dx * cos - dy * sin, cy + dx * sin + dy * cos];
  });
}

function ellipse(shape: Json): string {
  const [cx, cy] = shape.center as Pair;
  const [rx, ry] = shape.radii as Pair;
  const angle = shape.angle as number;
  const [dx, dy] = [rx * Math.cos((angle * Math.PI) / 180), rx * Math.sin((angle * Math.PI) / 180)];
  const arc = (x: number, y: number) => `A${round(rx)} ${round(ry)} ${round(angle)} 0 1 ${text([x, y])}`;
  return `M${text([cx - dx, cy - dy])}${arc(cx + dx, cy + dy)}${arc(cx - dx, cy - dy)}Z`;
}

const joints = (points: readonly (readonly [number, number, number])[]): string =>
  points
    .filter(([, , visibility]) => visibility > 0)
    .map(([x, y]) => `M${text([x - JOINT, y])}L${text([x + JOINT, y])}M${text([x, y - JOINT])}L${text([x, y + JOINT])}`)
    .join("");

function traced(shape: Json): string {
  const parts: string[] = [];
  const known = apiToShape(shape);
  shapeUtil(known).trace(
    known,
    {
      moveTo: (x, y) => parts.push(`M${text([x, y])}`),
      lineTo: (x, y) => parts.push(`L${text([x, y])}`),
      closePath: () => parts.push("Z"),
      rect: (x, y, width, height) =>
        parts.push(
          closed([
            [x, y],
            [x + width, y],
            [x + width, y + height],
            [x, y + height],
          ]),
        ),
    },
    0,
  );
  return parts.join("");
}

/** A mask's pixels, a rectangle for each run of a column. */
function runs(shape: Json): string {
  const known = apiToShape(shape);
  const bitmap = shapeUtil(known).bitmap(known);
  if (bitmap === null) return "";
  const parts: string[] = [];
  for (let column = 0; column < bitmap.width; column += 1) {
    const first = column * bitmap.height;
    for (let row = 0; row < bitmap.height; row += 1) {
      if (bitmap.data[first + row] === 0) continue;
      const start = row;
      while (row < bitmap.height && bitmap.data[first + row] !== 0) row += 1;
      parts.push(`M${bitmap.x + column} ${bitmap.y + start}h1v${row - start}h-1z`);
    }
  }
  return parts.join("");
}
