/**
 * Owns the knife: a line, drawn by a drag or by clicks, cuts polygons and masks in two. It cuts the selected ones, or
 * without any everything it goes through. Both halves keep class and attributes, the larger one its identity too.
 */

import type { EditorContext } from "../context";
import { boxExpand } from "../geometry/box";
import { partsIntersect, partsSubtract } from "../geometry/clip";
import type { ImagePoint, Point, Vertex } from "../geometry/point";
import { runsToParts } from "../geometry/outline";
import { boxRing, ringBounds, type PolygonPart } from "../geometry/polygon";
import { partsToRuns } from "../geometry/rasterise";
import { runsIntersect, runsSubtract, type MaskRuns } from "../geometry/runs";
import { lineToSide, partedPieces } from "../geometry/slice";
import type { ToolPointer } from "../input/events";
import { shapeUtil, type Shape } from "../shapes";
import { maskToRuns, runsToMask } from "../shapes/mask";
import type { AnnotationRecord } from "../store/records";
import { isDrag } from "./drafting";
import { PointsTool } from "./points";
import type { ToolDefinition } from "./Tool";

/** Image pixels: pieces of a polygon meet at the line, those of a mask up to a pixel beside it. */
const GAPS = { polygon: 0.01, mask: 1 } as const;

class SliceTool extends PointsTool {
  readonly id = "slice";
  protected readonly most = Infinity;

  protected shapeOf(): null {
    return null;
  }

  /** A drag is the whole line. */
  override release(pointer: ToolPointer): void {
    super.release(pointer);
    if (isDrag(this.pressed, pointer.screen)) this.finish();
  }

  override finish(): void {
    const line = this.points.filter((point, index) => index === 0 || !samePoint(point, this.points[index - 1]));
    this.transition("idle");
    if (line.length > 1) cutObjects(this.editor, line);
  }
}

function samePoint(a: Point, b: Point | undefined): boolean {
  return a.x === b?.x && a.y === b.y;
}

/** One undo step; nothing where the line goes through nothing. */
function cutObjects(editor: EditorContext, line: readonly ImagePoint[]): void {
  const size = editor.imageSize();
  const halves = targets(editor, line).flatMap((record) => {
    const cut = sliceShape(record.shape, line) ?? [];
    const kept = cut.map((shape) => shapeUtil(shape).clamp(shape, size)).filter((shape) => shape !== null);
    const [first, second] = kept.sort((a, b) => shapeUtil(b).area(b) - shapeUtil(a).area(a));
    return first && second ? [{ record, first, second }] : [];
  });
  if (halves.length === 0) return;
  editor.history.run("Slice", () => {
    editor.edits.reshape(new Map(halves.map(({ record, first }) => [record.id, first])));
    const fresh = editor.edits.insert(
      "Slice",
      halves.map(({ record, second }) => ({ ...record, shape: second })),
    );
    editor.selection.set([...halves.map(({ record }) => record.id), ...fresh]);
  });
}

function targets(editor: EditorContext, line: readonly ImagePoint[]): readonly AnnotationRecord[] {
  const near = editor.hits
    .within(boxExpand(ringBounds(line.map(({ x, y }): Vertex => [x, y])), 1))
    .filter((record) => record.kind === "annotation")
    .filter(({ shape }) => shape.type === "polygon" || shape.type === "mask");
  const selected = near.filter(({ id }) => editor.selection.has(id));
  return selected.length > 0 ? selected : near;
}

/** Null when the line does not go all the way through. */
function sliceShape(shape: Shape, line: readonly Point[]): readonly Shape[] | null {
  if (shape.type === "mask") return sliceMask(maskToRuns(shape), line);
  if (shape.type !== "polygon") return null;
  const half: PolygonPart[] = [{ outer: lineToSide(line, shape.parts), holes: [] }];
  const sides = [partsIntersect(shape.parts, half), partsSubtract(shape.parts, half)] as const;
  const parted = partedPieces(shape.parts, sides, line, GAPS.polygon);
  if (parted === null) return null;
  const isSide = parted.length === sides[1].length && parted.every((part) => sides[1].includes(part));
  const rest = isSide ? sides[0] : partsSubtract(shape.parts, parted);
  return [
    { type: "polygon", parts: rest },
    { type: "polygon", parts: parted },
  ];
}

function sliceMask(runs: MaskRuns, line: readonly Point[]): readonly Shape[] | null {
  const whole = runsToParts(runs);
  const bounds = boxRing(ringBounds(whole.flatMap(({ outer }) => outer)));
  const half: PolygonPart[] = [{ outer: lineToSide(line, whole), holes: [] }];
  const side = partsToRuns(partsIntersect([{ outer: bounds, holes: [] }], half));
  const sides = [runsToParts(runsIntersect(runs, side)), runsToParts(runsSubtract(runs, side))] as const;
  const parted = partedPieces(whole, sides, line, GAPS.mask);
  if (parted === null) return null;
  const second = partsToRuns(parted);
  return [runsToMask(runsSubtract(runs, second)), runsToMask(second)].filter((shape) => shape !== null);
}

export const slice: ToolDefinition = {
  id: "slice",
  title: "Slice",
  keys: ["Shift+J"],
  icon: "M4 20L20 4M6 9a3 3 0 0 1 3-3M15 18a3 3 0 0 0 3-3M4 12v5a3 3 0 0 0 3 3M20 12V7",
  shapes: ["polygon", "mask"],
  group: "Edit",
  create: (editor: EditorContext) => new SliceTool(editor),
};
