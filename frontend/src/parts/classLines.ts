/** Classes pasted as lines "name #colour hotkey" become records, with a sentence for each line that cannot; pure. */
import { paletteColor } from "../ui/palette";

export type LineProblem =
  | { readonly line: number; readonly kind: "duplicateName"; readonly value: string }
  | { readonly line: number; readonly kind: "duplicateHotkey"; readonly value: string }
  | { readonly line: number; readonly kind: "noName"; readonly value: string };

export interface ParsedClass {
  readonly name: string;
  readonly color: string;
  readonly hotkey: string;
}

export interface ParsedClasses {
  readonly classes: readonly ParsedClass[];
  readonly problems: readonly LineProblem[];
}

// A hotkey is only read after a colour: in "type A" or "class 1" the last word belongs to the name.
const LINE = /^(.*?)(?:\s*(#(?:[0-9a-f]{6}|[0-9a-f]{3}))(?:\s+(\S))?)?$/i;

/** The hotkeys given out by themselves. */
export const DIGITS = ["1", "2", "3", "4", "5", "6", "7", "8", "9"] as const;

const longColor = (color: string): string => (color.length === 4 ? color.replaceAll(/[0-9a-f]/g, "$&$&") : color);

interface Draft {
  readonly line: number;
  readonly name: string;
  readonly color: string | undefined;
  readonly hotkey: string | undefined;
}

function drafts(text: string): Draft[] {
  return text.split(/\r?\n/).flatMap((raw, index) => {
    const trimmed = raw.trim();
    if (trimmed === "") return [];
    const [, name = "", color, hotkey] = LINE.exec(trimmed) ?? [];
    return [{ line: index + 1, name: name.trim(), color: color && longColor(color.toLowerCase()), hotkey }];
  });
}

/** Colours not given come from the palette in order, hotkeys not given are the free digits 1 to 9. */
export function parseClassLines(text: string): ParsedClasses {
  const problems: LineProblem[] = [];
  const kept: Draft[] = [];
  const names = new Set<string>();
  const hotkeys = new Set<string>();
  for (const draft of drafts(text)) {
    const hotkey = draft.hotkey?.toLowerCase();
    if (draft.name === "") problems.push({ line: draft.line, kind: "noName", value: draft.color ?? "" });
    else if (names.has(draft.name)) problems.push({ line: draft.line, kind: "duplicateName", value: draft.name });
    else if (hotkey !== undefined && hotkeys.has(hotkey))
      problems.push({ line: draft.line, kind: "duplicateHotkey", value: hotkey });
    else {
      names.add(draft.name);
      if (hotkey !== undefined) hotkeys.add(hotkey);
      kept.push({ ...draft, hotkey });
    }
  }
  const digits = DIGITS.filter((digit) => !hotkeys.has(digit));
  const classes = kept.map((draft, index) => ({
    name: draft.name,
    color: draft.color ?? paletteColor(index),
    hotkey: draft.hotkey ?? digits.shift() ?? "",
  }));
  return { classes, problems };
}
