/** Owns the pixels that belong to other objects: those of masks, and those inside polygons. Boxes are frames and own none. */

import type { EditorContext } from "../../context";
import type { Box } from "../../geometry/box";
import { partsToRuns } from "../../geometry/rasterise";
import { NO_RUNS, runsUnion, type MaskRuns } from "../../geometry/runs";
import type { Shape } from "../../shapes";
import { maskToRuns } from "../../shapes/mask";
import type { PolygonShape } from "../../shapes/polygon";

const rasterised = new WeakMap<PolygonShape, MaskRuns>();

/** Collected as far as a stroke comes, and kept to its end. */
export class Others {
  private readonly editor: EditorContext;
  private readonly seen: Set<string>;
  private runs: MaskRuns = NO_RUNS;

  /** `own`: the object that is painted. */
  constructor(editor: EditorContext, own: string | null) {
    this.editor = editor;
    this.seen = new Set(own === null ? [] : [own]);
  }

  /** What others have in `box`, and maybe elsewhere; null where the person paints over them. */
  within(box: Box): MaskRuns | null {
    if (!this.editor.session.get().brush.keepOthers) return null;
    for (const record of this.editor.hits.shown(box)) {
      if (record.kind !== "annotation" || this.seen.has(record.id)) continue;
      this.seen.add(record.id);
      const runs = shapeToRuns(record.shape);
      if (runs) this.runs = runsUnion(this.runs, runs);
    }
    return this.runs;
  }
}

function shapeToRuns(shape: Shape): MaskRuns | null {
  if (shape.type === "mask") return maskToRuns(shape);
  if (shape.type !== "polygon") return null;
  const known = rasterised.get(shape) ?? partsToRuns(shape.parts);
  rasterised.set(shape, known);
  return known;
}
