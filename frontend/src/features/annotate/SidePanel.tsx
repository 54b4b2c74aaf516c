/** The panels at the right of the canvas. */
import { memo } from "react";
import { PredictionPanel } from "./PredictionPanel";
import { ClassPanel } from "./ClassPanel";
import { ObjectPanel } from "./ObjectPanel";
import { SelectionPanel } from "./SelectionPanel";
import classes from "./Annotate.module.css";

export const SidePanel = memo(function SidePanel({ predicted }: { readonly predicted: number }) {
  return (
    <aside className={classes.side}>
      <PredictionPanel predicted={predicted} />
      <ClassPanel />
      <SelectionPanel />
      <ObjectPanel />
    </aside>
  );
});
