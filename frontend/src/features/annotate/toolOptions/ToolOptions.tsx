/** What the tool in hand can be told. Options of one tool are its file and its line here, under the tool's id or its group. */
import { type ComponentType, memo, Suspense } from "react";
import { deferred } from "../../../ui/deferred";
import { useEditor } from "../EditorContext";
import { useSignal } from "../useSignal";

export interface ToolOptionsProps {
  /** Images that will be opened next, nearest first. */
  readonly ahead?: readonly number[];
}

const BY_TOOL: Readonly<Record<string, ComponentType<ToolOptionsProps>>> = {
  box: deferred(async () => (await import("./BoxOptions")).BoxOptions),
  polygon: deferred(async () => (await import("./PolygonOptions")).PolygonOptions),
  skeleton: deferred(async () => (await import("./SkeletonOptions")).SkeletonOptions),
  slice: deferred(async () => (await import("./SliceOptions")).SliceOptions),
  simplify: deferred(async () => (await import("./SimplifyOptions")).SimplifyOptions),
  wire: deferred(async () => (await import("./WireOptions")).WireOptions),
};
const BY_GROUP: Readonly<Record<string, ComponentType<ToolOptionsProps>>> = {
  Mask: deferred(async () => (await import("./BrushOptions")).BrushOptions),
  Smart: deferred(async () => (await import("./SmartPanel")).SmartPanel),
};

const NONE: readonly number[] = [];

export const ToolOptions = memo(function ToolOptions({ ahead = NONE }: ToolOptionsProps) {
  const editor = useEditor();
  const { tool } = useSignal(editor.session);
  const group = editor.tools.find((item) => item.id === tool)?.group ?? "";
  const Options = BY_TOOL[tool] ?? BY_GROUP[group];
  return (
    Options && (
      <Suspense>
        <Options ahead={ahead} />
      </Suspense>
    )
  );
});
