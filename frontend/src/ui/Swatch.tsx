/** A class colour beside its name: never colour alone, so the name or number always stands next to it. */
import classes from "./Swatch.module.css";

export function Swatch({ color, size = 10 }: { readonly color: string; readonly size?: number }) {
  return <span className={classes.swatch} style={{ background: color, width: size, height: size }} aria-hidden />;
}
