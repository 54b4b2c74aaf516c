/** Owns the drawing of ellipses: as the box that they touch from inside. */

import type { EditorContext } from "../context";
import type { ImagePoint } from "../geometry/point";
import { orientedToEllipse, type EllipseShape } from "../shapes/ellipse";
import { PointsTool } from "./points";
import type { ToolDefinition } from "./Tool";

class EllipseTool extends PointsTool {
  readonly id = "ellipse";
  protected readonly most = 2;

  protected shapeOf([from, to]: readonly ImagePoint[]): EllipseShape | null {
    if (!from || !to) return null;
    return orientedToEllipse({
      center: [(from.x + to.x) / 2, (from.y + to.y) / 2],
      size: [Math.abs(to.x - from.x), Math.abs(to.y - from.y)],
      angle: 0,
    });
  }
}

export const ellipse: ToolDefinition = {
  id: "ellipse",
  title: "Ellipse",
  keys: ["O"],
  icon: "M3 12a9 6 0 1 0 18 0a9 6 0 1 0-18 0z",
  shapes: ["ellipse"],
  group: "Draw",
  create: (editor: EditorContext) => new EllipseTool(editor),
};
