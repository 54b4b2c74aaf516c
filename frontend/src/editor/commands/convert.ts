/** Owns making selected objects into another kind of shape; class, attributes and identity stay. */

import type { EditorContext } from "../context";
import { shapeUtil } from "../shapes";
import { convertShape, type ConvertedType } from "../shapes/conversion";
import type { AnnotationRecord } from "../store/records";
import { needsUnlocked, selectedAnnotations, type CommandDefinition } from "./Command";

const TARGETS: readonly { readonly type: ConvertedType; readonly title: string }[] = [
  { type: "polygon", title: "Make a polygon of it" },
  { type: "mask", title: "Make a mask of it" },
  { type: "box", title: "Make a box of it" },
  { type: "rotated_box", title: "Make the smallest rotated box of it" },
];

export const conversions: readonly CommandDefinition[] = TARGETS.map(({ type, title }) => ({
  id: `convert-${type.replace("_", "-")}`,
  title,
  group: "Object",
  keys: [],
  scope: "selection",
  isEnabled: (editor) => {
    const enabled = needsUnlocked(editor);
    if (enabled !== true) return enabled;
    const { shapes } = editor.session.get();
    if (shapes.length > 0 && !shapes.includes(type)) {
      return `This project's objects are of another kind: ${shapes.join(", ")}.`;
    }
    return convertible(editor, type).length > 0 ? true : "What is selected cannot be made into that.";
  },
  run: (editor) => convert(editor, type, title),
}));

function convertible(editor: EditorContext, type: ConvertedType): readonly AnnotationRecord[] {
  return selectedAnnotations(editor).filter(
    ({ locked, shape }) => !locked && shape.type !== type && suits(shape, type),
  );
}

/** Polygons and masks need an inside; boxes a place. */
function suits(shape: AnnotationRecord["shape"], type: ConvertedType): boolean {
  const util = shapeUtil(shape);
  if (type === "box" || type === "rotated_box") return util.bounds(shape) !== null;
  return shape.type === "mask" || util.toPolygon(shape) !== null;
}

function convert(editor: EditorContext, type: ConvertedType, title: string): void {
  const size = editor.imageSize();
  const shapes = convertible(editor, type).flatMap(({ id, shape }) => {
    const converted = convertShape(shape, type, size);
    const kept = converted && shapeUtil(converted).clamp(converted, size);
    return kept ? [[id, kept] as const] : [];
  });
  if (shapes.length > 0) editor.history.run(title, () => editor.edits.reshape(new Map(shapes)));
}
