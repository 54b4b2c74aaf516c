/** Owns scaling and turning of several selected objects by the frame around them. */

import { boxCenter, boxWithin, type Box } from "../../geometry/box";
import { directionAngle } from "../../geometry/direction";
import type { Point } from "../../geometry/point";
import { transformPoint, UNCHANGED, type Transform } from "../../geometry/transform";
import type { ToolPointer } from "../../input/events";
import { shapeUtil, type Shape } from "../../shapes";
import { recordsToBounds } from "../../store/Clipboard";
import { insidePicture } from "../drafting";
import { SelectState } from "./SelectState";

/** Shift turns by these degrees. */
const TURN_STEP = 15;
/** Smaller would be nothing, from which there is no way back. */
const SMALLEST_SCALE = 0.01;

export class Transforming extends SelectState {
  readonly id = "transforming";
  readonly cursor = "move";
  private frame: Box | null = null;
  private by: Transform = UNCHANGED;

  onEnter(): void {
    const movable = this.tool.movable();
    this.frame = recordsToBounds(movable);
    this.by = UNCHANGED;
    this.tool.beginDrag(this.tool.handle?.id === "turn" ? "Turn" : "Scale", movable);
  }

  onPointerMove(pointer: ToolPointer): void {
    const { frame } = this;
    const handle = this.tool.handle?.id;
    if (frame === null || handle === undefined) return;
    const wanted =
      handle === "turn"
        ? turnTo(frame, pointer.point, pointer.shift)
        : scaleTo(frame, handle, insidePicture(this.editor, pointer), pointer.shift);
    if (this.fits(wanted)) this.by = wanted;
    this.tool.reshape((original) => transformed(original, this.by));
  }

  onPointerUp(pointer: ToolPointer): void {
    this.onPointerMove(pointer);
    this.tool.endDrag();
    this.tool.transition("idle");
  }

  onCancel(): void {
    this.tool.bailDrag();
  }

  /** Nothing is turned or drawn out of the picture. */
  private fits(by: Transform): boolean {
    const { width, height } = this.editor.imageSize();
    const originals = [...this.tool.originals.values()];
    const frame = recordsToBounds(originals.map((shape) => ({ shape: transformed(shape, by) })));
    return frame !== null && boxWithin(frame, [-1e-6, -1e-6, width + 2e-6, height + 2e-6]);
  }
}

function turnTo(frame: Box, to: Point, snap: boolean): Transform {
  const about = boxCenter(frame);
  const angle = directionAngle(about, to) + 90;
  return { ...UNCHANGED, about, rotate: snap ? Math.round(angle / TURN_STEP) * TURN_STEP : angle };
}

/** The opposite side stays. `even`: width and height by the same. */
function scaleTo([x, y, width, height]: Box, handle: string, to: Point, even: boolean): Transform {
  const about = { x: handle.includes("w") ? x + width : x, y: handle.includes("n") ? y + height : y };
  const [across, down] = [/[ew]/.test(handle), /[ns]/.test(handle)];
  const scaleX = across ? scale(to.x - about.x, width, handle.includes("w")) : 1;
  const scaleY = down ? scale(to.y - about.y, height, handle.includes("n")) : 1;
  if (!even) return { ...UNCHANGED, about, scaleX, scaleY };
  const both = across && down ? Math.max(scaleX, scaleY) : across ? scaleX : scaleY;
  return { ...UNCHANGED, about, scaleX: both, scaleY: both };
}

function scale(reach: number, size: number, isBackwards: boolean): number {
  return size === 0 ? 1 : Math.max((isBackwards ? -reach : reach) / size, SMALLEST_SCALE);
}

/** What cannot take part (a mask that is scaled, a box that is turned) keeps its form and goes along with its centre. */
function transformed(shape: Shape, by: Transform): Shape {
  const util = shapeUtil(shape);
  const changed = util.transform(shape, by);
  const bounds = util.bounds(shape);
  if (changed !== null || bounds === null) return changed ?? shape;
  const center = boxCenter(bounds);
  const to = transformPoint(by, center);
  return util.translate(shape, to.x - center.x, to.y - center.y);
}
