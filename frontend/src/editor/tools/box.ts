/** Owns the drawing of boxes: press-drag-release, from corner to corner, or by the four outermost points of an object. */

import type { EditorContext } from "../context";
import type { ImagePoint } from "../geometry/point";
import { cornersToBoxShape, type BoxShape } from "../shapes/box";
import { PointsTool } from "./points";
import type { ToolDefinition } from "./Tool";

class BoxTool extends PointsTool {
  readonly id = "box";

  protected get most(): number {
    return this.editor.session.get().boxBy === "extremes" ? 4 : 2;
  }

  protected shapeOf(points: readonly ImagePoint[]): BoxShape | null {
    if (points.length < 2) return null;
    const [xs, ys] = [points.map(({ x }) => x), points.map(({ y }) => y)];
    return cornersToBoxShape({ x: Math.min(...xs), y: Math.min(...ys) }, { x: Math.max(...xs), y: Math.max(...ys) });
  }
}

export const box: ToolDefinition = {
  id: "box",
  title: "Box",
  keys: ["B"],
  icon: "M4 6h16v12H4zM3 5h2v2H3zM19 5h2v2h-2zM3 17h2v2H3zM19 17h2v2h-2z",
  shapes: ["box"],
  group: "Draw",
  create: (editor: EditorContext) => new BoxTool(editor),
};
