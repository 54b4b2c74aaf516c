/**
 * Owns dropping vertices of outlines and lines that matter less than a tolerance; masks become polygons by it. The outcome is
 * shown over what is selected before Enter keeps it; a click selects something else.
 */

import type { EditorContext } from "../context";
import { runsToParts } from "../geometry/outline";
import { lineSimplify, partRings, type PolygonPart } from "../geometry/polygon";
import { partsSimplify } from "../geometry/simplify";
import { partsSmooth } from "../geometry/smooth";
import type { DrawingAction } from "../input/drawingActions";
import type { ToolPointer } from "../input/events";
import { shapeUtil, type Shape } from "../shapes";
import { maskToRuns, type MaskShape } from "../shapes/mask";
import { pointsToPolyline } from "../shapes/polyline";
import type { Session } from "../store/session";
import type { Painter } from "../view/Painter";
import { isPrimary } from "./drafting";
import { Tool, type ToolDefinition, type ToolState } from "./Tool";

/** Ctrl + wheel: per pixel of the wheel's way. */
const WHEEL = 0.002;

class SimplifyTool extends Tool {
  readonly id = "simplify";

  protected createStates(): readonly [ToolState, ...ToolState[]] {
    return [new Idle(this.editor)];
  }
}

class Idle implements ToolState {
  readonly id = "idle";
  readonly cursor = "pointer";
  private readonly editor: EditorContext;

  constructor(editor: EditorContext) {
    this.editor = editor;
  }

  onPointerDown(pointer: ToolPointer): void {
    if (!isPrimary(pointer)) return;
    const hits = this.editor.hits.at(pointer.point, pointer.tolerance);
    const [hit] = hits.filter(({ shape }) => countVertices(shape) > 0);
    if (!hit) this.editor.selection.clear();
    else if (pointer.shift || pointer.ctrl) this.editor.selection.toggle(hit.id);
    else this.editor.selection.set([hit.id]);
  }

  onAction(action: DrawingAction): boolean {
    if (action !== "finish") return false;
    this.onComplete();
    return true;
  }

  onWheel({ deltaY }: { readonly deltaY: number }): boolean {
    this.editor.session.update((session) => {
      const tolerance = Math.max(session.simplifyTolerance * Math.exp(-deltaY * WHEEL), 0.1);
      return { ...session, simplifyTolerance: Math.round(tolerance * 10) / 10 };
    });
    this.editor.requestOverlay();
    return true;
  }

  onComplete(): void {
    keepSimplified(this.editor);
  }

  draw(painter: Painter): void {
    for (const shape of simplifiedSelection(this.editor).values()) {
      painter.shape(shape, { color: "#ffffff", fill: 0, width: 2, dash: [] });
      painter.handles(vertices(shape), "#1c7ed6", 5);
    }
  }
}

/** By id, what Enter would make of the selected objects. */
export function simplifiedSelection(editor: EditorContext): ReadonlyMap<string, Shape> {
  const session = editor.session.get();
  return new Map(
    [...editor.selection.ids.get()].flatMap((id) => {
      const record = editor.store.findAnnotation(id);
      const simple = record && !record.locked ? simplifyShape(record.shape, session) : null;
      return simple ? [[id, simple] as const] : [];
    }),
  );
}

export function keepSimplified(editor: EditorContext): void {
  const changed = [...simplifiedSelection(editor)].flatMap(([id, shape]) => {
    const before = editor.store.findAnnotation(id);
    const kept = shapeUtil(shape).clamp(shape, editor.imageSize());
    const isNew = before?.shape.type !== shape.type || countVertices(shape) < countVertices(before.shape);
    return kept && isNew ? [[id, kept] as const] : [];
  });
  if (changed.length > 0) editor.history.run("Simplify", () => editor.edits.reshape(new Map(changed)));
}

/** Of a mask, those of the exact border of its pixels; 0 for shapes that have no outline of vertices. */
export function countVertices(shape: Shape): number {
  if (shape.type === "mask") {
    return pixelBorder(shape).reduce(
      (sum, part) => sum + partRings(part).reduce((all, ring) => all + ring.length, 0),
      0,
    );
  }
  return vertices(shape).length;
}

function vertices(shape: Shape): readonly { readonly x: number; readonly y: number }[] {
  return shape.type === "polygon" || shape.type === "polyline"
    ? shapeUtil(shape)
        .handles(shape)
        .map(({ point }) => point)
    : [];
}

/** Shapes are immutable: what was found of one stays true while it is shown again and again. */
const borders = new WeakMap<MaskShape, readonly PolygonPart[]>();
const outlines = new WeakMap<MaskShape, { readonly key: string; readonly parts: readonly PolygonPart[] }>();

function pixelBorder(mask: MaskShape): readonly PolygonPart[] {
  const parts = borders.get(mask) ?? runsToParts(maskToRuns(mask));
  borders.set(mask, parts);
  return parts;
}

function maskOutline(mask: MaskShape, { simplifyTolerance, outlineSmoothing }: Session): readonly PolygonPart[] {
  const key = `${simplifyTolerance} ${outlineSmoothing}`;
  const known = outlines.get(mask);
  if (known?.key === key) return known.parts;
  const parts = partsSimplify(partsSmooth(pixelBorder(mask), outlineSmoothing), simplifyTolerance);
  outlines.set(mask, { key, parts });
  return parts;
}

function simplifyShape(shape: Shape, session: Session): Shape | null {
  const { simplifyTolerance, shapes } = session;
  if (shape.type === "polygon") return { type: "polygon", parts: partsSimplify(shape.parts, simplifyTolerance) };
  if (shape.type === "polyline") return pointsToPolyline(lineSimplify(shape.points, simplifyTolerance));
  const isWanted = shape.type === "mask" && (shapes.length === 0 || shapes.includes("polygon"));
  return isWanted ? { type: "polygon", parts: maskOutline(shape, session) } : null;
}

export const simplify: ToolDefinition = {
  id: "simplify",
  title: "Simplify outlines",
  keys: ["Shift+S"],
  icon: "M4 17l3-6l4 2l3-7l6 5M3 16h2v2H3zM13 5h2v2h-2zM19 10h2v2h-2z",
  shapes: ["polygon", "polyline", "mask"],
  group: "Edit",
  create: (editor: EditorContext) => new SimplifyTool(editor),
};
