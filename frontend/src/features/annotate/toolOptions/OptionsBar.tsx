/** The bar of a tool's options: floats over the canvas so that it costs no room. */
import type { ReactNode } from "react";
import classes from "./ToolOptions.module.css";

export function OptionsBar({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  return (
    <div className={classes.bar} role="group" aria-label={label}>
      {children}
    </div>
  );
}
