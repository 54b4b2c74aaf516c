/** What of a picture shows a conflict, and in what its two sides differ; pure. */
import { type ApiAnnotation, apiToShape, type Conflict, shapeUtil } from "../../../editor";

export type Side = "mine" | "theirs";

const FIELDS = ["class", "shape", "attributes", "occluded", "truncated", "crowd", "z_order", "group"] as const;

/** What the two sides say differently; a field that one side does not speak of is no difference. */
export function differingFields({ mine, theirs }: Conflict): readonly (typeof FIELDS)[number][] {
  if (mine === null || theirs === null) return [];
  return FIELDS.filter(
    (field) =>
      mine[field] !== undefined &&
      theirs[field] !== undefined &&
      JSON.stringify(mine[field]) !== JSON.stringify(theirs[field]),
  );
}

type Box = readonly [x: number, y: number, width: number, height: number];

/** Of the object's own size on each side: enough of the picture to see where it is. */
const MARGIN = 0.6;
const LEAST = 48;
/** Width to height of a side. */
const ASPECT = 4 / 3;

export interface ConflictView {
  readonly viewBox: Box;
  /** Of the picture, in its pixels. */
  readonly width: number;
  readonly height: number;
}

/** The part of the picture that holds both sides; the whole picture for tags and captions. */
export function conflictView({ mine, theirs, image }: Conflict): ConflictView {
  const boxes = [mine, theirs].map((side) => (side === null ? null : boundsOf(side))).filter((box) => box !== null);
  const { width, height } = image ?? { width: 1, height: 1 };
  if (boxes.length === 0) return { viewBox: [0, 0, width, height], width, height };
  const left = Math.min(...boxes.map(([x]) => x));
  const top = Math.min(...boxes.map(([, y]) => y));
  const right = Math.max(...boxes.map(([x, , across]) => x + across));
  const bottom = Math.max(...boxes.map(([, y, , down]) => y + down));
  const tall = Math.max((bottom - top) * (1 + 2 * MARGIN), ((right - left) * (1 + 2 * MARGIN)) / ASPECT, LEAST);
  const wide = tall * ASPECT;
  const [x, y] = [(left + right - wide) / 2, (top + bottom - tall) / 2];
  return { viewBox: [x, y, wide, tall], width, height };
}

function boundsOf({ shape }: ApiAnnotation): Box | null {
  try {
    const known = apiToShape(shape);
    return shapeUtil(known).bounds(known);
  } catch {
    return null;
  }
}
