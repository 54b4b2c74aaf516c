/** Owns the drawing of rotated boxes: a drag or two clicks give one side, a third place how far the other one lies. */

import type { EditorContext } from "../context";
import { baseToOriented } from "../geometry/oriented";
import type { ImagePoint } from "../geometry/point";
import { orientedToShape, type RotatedBoxShape } from "../shapes/rotatedBox";
import { PointsTool } from "./points";
import type { ToolDefinition } from "./Tool";

class RotatedBoxTool extends PointsTool {
  readonly id = "rotated-box";
  protected readonly most = 3;

  protected shapeOf([from, to, across]: readonly ImagePoint[]): RotatedBoxShape | null {
    return from && to && across ? orientedToShape(baseToOriented(from, to, across)) : null;
  }
}

export const rotatedBox: ToolDefinition = {
  id: "rotated-box",
  title: "Rotated box",
  keys: ["R"],
  icon: "M3 12l10-8l8 8l-10 8zM12 3h2v2h-2zM2 11h2v2H2z",
  shapes: ["rotated_box"],
  group: "Draw",
  create: (editor: EditorContext) => new RotatedBoxTool(editor),
};
