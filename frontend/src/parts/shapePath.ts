/** The outline of a shape as SVG path data, in pixels of the picture; pure. For looking only: the editor draws its own. */
import { apiToShape, type Shape, shapeUtil } from "../editor";

export interface ShapePath {
  readonly d: string;
  /** A line or points: there is nothing inside to fill. */
  readonly open: boolean;
}

type Json = Readonly<Record<string, unknown>>;

/** Pixels of the picture that need not be told apart; marks of points are a few times as large. */
const DETAIL = { path: 0.25, line: 1 };

/** Null for shapes of the whole picture (tags, captions) and for kinds that this page does not know. */
export function shapePath(shape: Json): ShapePath | null {
  const known = readShape(shape);
  if (known === null) return null;
  const { paint } = shapeUtil(known);
  if (paint === "none") return null;
  if (paint === "bitmap") return { d: runs(known), open: false };
  return { d: traced(known, DETAIL[paint]), open: paint === "line" };
}

function readShape(shape: Json): Shape | null {
  try {
    return apiToShape(shape);
  } catch {
    return null;
  }
}

const round = (value: number): number => Math.round(value * 100) / 100;

function traced(shape: Shape, detail: number): string {
  const parts: string[] = [];
  shapeUtil(shape).trace(
    shape,
    {
      moveTo: (x, y) => parts.push(`M${round(x)} ${round(y)}`),
      lineTo: (x, y) => parts.push(`L${round(x)} ${round(y)}`),
      closePath: () => parts.push("Z"),
      rect: (x, y, width, height) =>
        parts.push(`M${round(x)} ${round(y)}h${round(width)}v${round(height)}h${round(-width)}Z`),
    },
    detail,
  );
  return parts.join("");
}

/** A mask's pixels, a rectangle for each run of a column. */
function runs(shape: Shape): string {
  const mask = shapeUtil(shape).runs(shape);
  if (mask === null) return "";
  const parts: string[] = [];
  mask.columns.forEach((spans, column) => {
    for (let at = 0; at < spans.length; at += 2) {
      const [start, end] = [spans[at] ?? 0, spans[at + 1] ?? 0];
      parts.push(`M${mask.left + column} ${start}h1v${end - start}h-1z`);
    }
  });
  return parts.join("");
}
