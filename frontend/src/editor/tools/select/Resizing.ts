/** Owns the drag of one handle, of the selected vertices, or of a vertex that the drag puts into an edge. */

import { clampMove } from "../../geometry/transform";
import type { ToolPointer } from "../../input/events";
import { shapeUtil } from "../../shapes";
import { SelectState } from "./SelectState";
import { groupsBounds, hasVertices, movedGroups, vertexGroups, type VertexGroups } from "./vertices";

export class Resizing extends SelectState {
  readonly id = "resizing";
  readonly cursor = "move";
  /** Null: the handle in hand is no vertex, and its shape knows what to do. */
  private groups: VertexGroups | null = null;

  onEnter(): void {
    const record = this.tool.editable();
    this.tool.beginDrag(this.tool.pressedEdge ? "Add vertex" : "Reshape", record ? [record] : []);
    if (this.tool.pressedEdge) this.tool.insertVertex(this.tool.pressedEdge);
    this.groups = this.findGroups();
    if (this.groups) this.tool.dragAlso(this.groups);
  }

  onPointerMove(pointer: ToolPointer): void {
    const { handle } = this.tool;
    if (handle === null) return;
    const except = new Set(this.tool.originals.keys());
    const to = handle.free ? pointer.point : this.editor.snapping.aim(pointer, except);
    const bounds = this.groups && groupsBounds(this.groups);
    if (this.groups && bounds) {
      const wanted = { x: to.x - handle.point.x, y: to.y - handle.point.y };
      const { x, y } = clampMove(bounds, this.editor.imageSize(), wanted);
      this.editor.edits.reshape(movedGroups(this.groups, x, y));
    } else this.tool.reshape((original) => shapeUtil(original).moveHandle(original, handle.id, to, pointer.shift));
  }

  onPointerUp(pointer: ToolPointer): void {
    this.onPointerMove(pointer);
    this.tool.endDrag();
    this.tool.transition("idle");
  }

  onCancel(): void {
    this.tool.bailDrag();
  }

  /** The vertex in hand, with those that are selected if it is one of them, and with what others have at their places. */
  private findGroups(): VertexGroups | null {
    const { handle } = this.tool;
    const record = this.tool.editable();
    if (!record || handle === null || !hasVertices(record.shape)) return null;
    const selected = this.editor.selection.vertices.get();
    const handles = selected.has(handle.id) ? selected : new Set([handle.id]);
    return vertexGroups(this.editor, record, handles, this.tool.movesShared);
  }
}
