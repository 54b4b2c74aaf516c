/** Owns adding to a mask, and cutting from it, what lies inside a drawn outline. */

import type { EditorContext } from "../../context";
import type { Ring } from "../../geometry/polygon";
import { partsToRuns } from "../../geometry/rasterise";
import { NO_RUNS, runsBox, runsSubtract, runsUnion, type MaskRuns } from "../../geometry/runs";
import { maskToRuns } from "../../shapes/mask";
import { PolygonTool } from "../polygon";
import type { ToolDefinition } from "../Tool";
import { Others } from "./Others";
import { growingMask, keepMask, selectedMask, takeClass } from "./target";

class OutlineAddTool extends PolygonTool {
  override readonly id = "mask-add";

  override enter(): void {
    super.enter();
    takeClass(this.editor);
  }

  protected override keep(ring: Ring): void {
    const target = growingMask(this.editor);
    const inside = this.free(partsToRuns([{ outer: ring, holes: [] }]), target?.id ?? null);
    keepMask(this.editor, target, runsUnion(target ? maskToRuns(target.shape) : NO_RUNS, inside), "Add to mask");
  }

  private free(runs: MaskRuns, own: string | null): MaskRuns {
    const box = runsBox(runs);
    const others = box && new Others(this.editor, own).within(box);
    return others ? runsSubtract(runs, others) : runs;
  }
}

class OutlineCutTool extends PolygonTool {
  override readonly id = "mask-cut";

  protected override keep(ring: Ring): void {
    const target = selectedMask(this.editor);
    if (target === null) return;
    const inside = partsToRuns([{ outer: ring, holes: [] }]);
    keepMask(this.editor, target, runsSubtract(maskToRuns(target.shape), inside), "Cut from mask");
  }
}

export const outlineAdd: ToolDefinition = {
  id: "mask-add",
  title: "Add an outline to the mask",
  keys: ["Shift+M"],
  icon: "M4 8l7-4l8 5l-2 9l-10 1zM11.500 9v6M8.500 12h6",
  shapes: ["mask"],
  group: "Mask",
  create: (editor: EditorContext) => new OutlineAddTool(editor),
};

export const outlineCut: ToolDefinition = {
  id: "mask-cut",
  title: "Cut an outline from the mask",
  keys: ["Shift+E"],
  icon: "M4 8l7-4l8 5l-2 9l-10 1zM8.500 12h6",
  shapes: ["mask"],
  group: "Mask",
  create: (editor: EditorContext) => new OutlineCutTool(editor),
};
