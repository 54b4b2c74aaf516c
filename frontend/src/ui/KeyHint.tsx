/** One key chord, as it stands on the keyboard. */
import classes from "./KeyHint.module.css";

const SIGNS: Readonly<Record<string, string>> = {
  ArrowLeft: "←",
  ArrowRight: "→",
  ArrowUp: "↑",
  ArrowDown: "↓",
  Delete: "Del",
  Escape: "Esc",
  " ": "Space",
};

export function chordText(chord: string): string {
  // The plus key itself ends a chord as an empty part: "Ctrl++", or "+" alone.
  const parts = chord.split("+").filter((part) => part !== "");
  if (chord.endsWith("+")) parts.push("+");
  return parts.map((part) => SIGNS[part] ?? part).join(" ");
}

export function KeyHint({ chord }: { readonly chord: string }) {
  return (
    <kbd className={classes.key} dir="ltr">
      {chordText(chord)}
    </kbd>
  );
}
