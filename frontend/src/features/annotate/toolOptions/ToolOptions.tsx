/** What the tool in hand can be told. Options of one tool are its file and its line here, under the tool's id or its group. */
import { type ComponentType, memo } from "react";
import { useEditor } from "../EditorContext";
import { useSignal } from "../useSignal";
import { BoxOptions } from "./BoxOptions";
import { BrushOptions } from "./BrushOptions";
import { PolygonOptions } from "./PolygonOptions";
import { SimplifyOptions } from "./SimplifyOptions";
import { SkeletonOptions } from "./SkeletonOptions";
import { SliceOptions } from "./SliceOptions";
import { SmartPanel } from "./SmartPanel";

const BY_TOOL: Readonly<Record<string, ComponentType>> = {
  box: BoxOptions,
  polygon: PolygonOptions,
  skeleton: SkeletonOptions,
  slice: SliceOptions,
  simplify: SimplifyOptions,
};
const BY_GROUP: Readonly<Record<string, ComponentType>> = { Mask: BrushOptions, Smart: SmartPanel };

export const ToolOptions = memo(function ToolOptions() {
  const editor = useEditor();
  const { tool } = useSignal(editor.session);
  const group = editor.tools.find((item) => item.id === tool)?.group ?? "";
  const Options = BY_TOOL[tool] ?? BY_GROUP[group];
  return Options === undefined ? null : <Options />;
});
