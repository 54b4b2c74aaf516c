/** Owns the drawing of open lines: clicks set their points, Enter or a double click ends. */

import type { EditorContext } from "../context";
import type { ImagePoint, Vertex } from "../geometry/point";
import { pointsToPolyline, type PolylineShape } from "../shapes/polyline";
import { PointsTool } from "./points";
import type { ToolDefinition } from "./Tool";

class PolylineTool extends PointsTool {
  readonly id = "polyline";
  protected readonly most = Infinity;

  protected shapeOf(points: readonly ImagePoint[]): PolylineShape | null {
    return points.length < 2 ? null : pointsToPolyline(points.map(({ x, y }): Vertex => [x, y]));
  }
}

export const polyline: ToolDefinition = {
  id: "polyline",
  title: "Line",
  keys: ["L"],
  icon: "M4 18l5-9l6 5l5-9M3 17h2v2H3zM8 8h2v2H8zM14 13h2v2h-2zM19 4h2v2h-2z",
  shapes: ["polyline"],
  group: "Draw",
  create: (editor: EditorContext) => new PolylineTool(editor),
};
