/** Owns the wand: a brush that takes what looks like the place under it; Alt and the right button take away. */

import type { EditorContext } from "../../context";
import { growRegion, regionToRuns } from "../../geometry/likeness";
import { boxUnion, type Box } from "../../geometry/box";
import { clamp, distance, type ImagePoint } from "../../geometry/point";
import { runsBox } from "../../geometry/runs";
import type { ToolPointer } from "../../input/events";
import type { Painter } from "../../view/Painter";
import type { ToolDefinition } from "../Tool";
import { BrushTool } from "./brush";
import { LINE, RIM, type Stroke } from "./StrokeTool";

/** CSS pixels: how far from the pointer it looks, so that zooming changes what it takes. */
const REACH = 74;
/** CSS pixels between two looks; a hand that is faster than this many in one event is not followed closer. */
const STEP = 24;
const MOST_STEPS = 5;

export function clampTolerance(tolerance: number): number {
  return Number.isFinite(tolerance) ? clamp(tolerance, 0.05, 4) : 1;
}

class WandTool extends BrushTool {
  override readonly id = "wand";

  protected override takesAway(pointer: ToolPointer): boolean {
    return pointer.alt || super.takesAway(pointer);
  }

  override resize(factor: number): void {
    this.editor.session.update((session) => {
      const { brush } = session;
      return { ...session, brush: { ...brush, tolerance: clampTolerance(brush.tolerance * factor) } };
    });
  }

  protected override lay(stroke: Stroke, { point }: ToolPointer): Box | null {
    const { from } = stroke;
    const away = distance(from, point) / this.editor.camera.toImageLength(STEP);
    const steps = clamp(Math.ceil(away), 1, MOST_STEPS);
    let changed: Box | null = null;
    for (let step = 1; step <= steps; step += 1) {
      const at = { x: from.x + ((point.x - from.x) * step) / steps, y: from.y + ((point.y - from.y) * step) / steps };
      changed = boxUnion(changed, this.take(stroke, at));
    }
    stroke.from = point;
    return changed;
  }

  protected override drawTip(painter: Painter, at: ImagePoint): void {
    const radius = this.editor.camera.toImageLength(REACH);
    for (const style of [RIM, LINE]) {
      painter.circle(at, radius, { ...style, dash: [3, 5] });
      painter.circle(at, 2 * painter.pixel, style);
    }
  }

  private take({ draft, value, others }: Stroke, at: ImagePoint): Box | null {
    const box = this.surroundings(at);
    const grid = this.editor.camera.toImageLength(1);
    const isInside = at.x >= box[0] && at.y >= box[1] && at.x < box[0] + box[2] && at.y < box[1] + box[3];
    const pixels = isInside ? this.editor.pixels.read(box, grid) : null;
    if (pixels === null) return null;
    const seed = { x: ((at.x - box[0]) * pixels.width) / box[2], y: ((at.y - box[1]) * pixels.height) / box[3] };
    const region = growRegion(pixels, seed, this.editor.session.get().brush.tolerance, REACH);
    const runs = regionToRuns(region, pixels, box);
    const reach = runsBox(runs);
    return reach && draft.put(runs, value, value === 1 ? others.within(reach) : null);
  }

  /** Image pixels, inside the picture. */
  private surroundings({ x, y }: ImagePoint): Box {
    const reach = this.editor.camera.toImageLength(REACH);
    const { width, height } = this.editor.imageSize();
    const [left, top] = [Math.max(Math.floor(x - reach), 0), Math.max(Math.floor(y - reach), 0)];
    return [left, top, Math.min(Math.ceil(x + reach), width) - left, Math.min(Math.ceil(y + reach), height) - top];
  }
}

export const wand: ToolDefinition = {
  id: "wand",
  title: "Wand",
  keys: ["Shift+D"],
  icon: "M4 20l9-9M15 9l1.500-1.500M15 3v3M15 12v2M10 8h2M18 8h3M18.500 4.500l-1.500 1.500M18.500 11.500l-1-1",
  shapes: ["mask"],
  group: "Mask",
  create: (editor: EditorContext) => new WandTool(editor),
};
