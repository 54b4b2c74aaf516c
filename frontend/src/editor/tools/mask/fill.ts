/** Owns the fill: a click into what a mask encloses sets it, a click onto a mask fills all its holes. */

import type { EditorContext } from "../../context";
import { runsEnclosed, runsHoles } from "../../geometry/enclosed";
import { runsBox, runsSubtract, runsUnion, type MaskRuns } from "../../geometry/runs";
import type { ToolPointer } from "../../input/events";
import { maskShape, maskToRuns } from "../../shapes/mask";
import { isPrimary } from "../drafting";
import { Tool, type ToolDefinition, type ToolState } from "../Tool";
import { Others } from "./Others";
import { findMask, keepMask, selectedMask, type MaskTarget } from "./target";

class FillTool extends Tool {
  readonly id = "fill";

  protected createStates(): readonly [ToolState, ...ToolState[]] {
    return [{ id: "idle", cursor: "crosshair", onPointerUp: (pointer) => this.fill(pointer) }];
  }

  /** On the release, so that Esc and a second finger still give it up. */
  private fill(pointer: ToolPointer): void {
    if (!isPrimary(pointer)) return;
    for (const target of this.candidates(pointer)) {
      const runs = maskToRuns(target.shape);
      const region = maskShape.hitTest(target.shape, pointer.point, 0)
        ? runsHoles(runs)
        : runsEnclosed(runs, pointer.point);
      if (region === null) continue;
      this.editor.selection.set([target.id]);
      keepMask(this.editor, target, runsUnion(runs, this.free(region, target.id)), "Fill");
      return;
    }
  }

  /** The selected mask; without one every mask around the point, the smallest first. */
  private candidates({ point }: ToolPointer): MaskTarget[] {
    const selected = selectedMask(this.editor);
    if (selected) return [selected];
    return this.editor.hits
      .shown([point.x, point.y, 0, 0])
      .map(({ id }) => findMask(this.editor, id))
      .filter((mask) => mask !== null)
      .sort((a, b) => maskShape.area(a.shape) - maskShape.area(b.shape));
  }

  private free(region: MaskRuns, own: string): MaskRuns {
    const box = runsBox(region);
    const others = box && new Others(this.editor, own).within(box);
    return others ? runsSubtract(region, others) : region;
  }
}

export const fill: ToolDefinition = {
  id: "fill",
  title: "Fill what a mask encloses",
  keys: ["Shift+O"],
  icon: "M5 11l7-7l7 7l-7 7zM5 11h14M20 15c1 1.500 1.500 2.500 1.500 3.500a1.500 1.500 0 0 1-3 0c0-1 .500-2 1.500-3.500",
  shapes: ["mask"],
  group: "Mask",
  create: (editor: EditorContext) => new FillTool(editor),
};
