/** What the tool in hand can be told. Options of one tool are its file and its line here, under the tool's id or its group. */
import { type ComponentType, memo, Suspense } from "react";
import { deferred } from "../../../ui/deferred";
import { useEditor } from "../EditorContext";
import { useSignal } from "../useSignal";

const BY_TOOL: Readonly<Record<string, ComponentType>> = {
  box: deferred(async () => (await import("./BoxOptions")).BoxOptions),
  polygon: deferred(async () => (await import("./PolygonOptions")).PolygonOptions),
  skeleton: deferred(async () => (await import("./SkeletonOptions")).SkeletonOptions),
  slice: deferred(async () => (await import("./SliceOptions")).SliceOptions),
  simplify: deferred(async () => (await import("./SimplifyOptions")).SimplifyOptions),
  wire: deferred(async () => (await import("./WireOptions")).WireOptions),
};
const BY_GROUP: Readonly<Record<string, ComponentType>> = {
  Mask: deferred(async () => (await import("./BrushOptions")).BrushOptions),
  Smart: deferred(async () => (await import("./SmartPanel")).SmartPanel),
};

export const ToolOptions = memo(function ToolOptions() {
  const editor = useEditor();
  const { tool } = useSignal(editor.session);
  const group = editor.tools.find((item) => item.id === tool)?.group ?? "";
  const Options = BY_TOOL[tool] ?? BY_GROUP[group];
  return (
    Options && (
      <Suspense>
        <Options />
      </Suspense>
    )
  );
});
