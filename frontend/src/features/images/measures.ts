/** Filters that other screens lead here with, as chips that can be taken away again; pure. */
import type { FilterKey, ImageFilters } from "../../api/imageFilters";

const RANGES = ["objects", "width", "height", "aspect", "covered", "object_aspect", "side"] as const;
const WORDS = ["finding", "annotator", "with_class", "type", "object_size", "cell", "file_format"] as const;
type RangeName = (typeof RANGES)[number];
type WordName = (typeof WORDS)[number];

export type Measure =
  | { readonly kind: "word"; readonly name: WordName; readonly value: string; readonly keys: readonly FilterKey[] }
  | {
      readonly kind: "range";
      readonly name: RangeName;
      readonly from: string | undefined;
      readonly to: string | undefined;
      readonly keys: readonly FilterKey[];
    };

export function measuresOf(filters: ImageFilters): readonly Measure[] {
  const words = WORDS.flatMap((name): Measure[] => {
    const value = filters[name];
    return value === undefined ? [] : [{ kind: "word", name, value, keys: [name] }];
  });
  const ranges = RANGES.flatMap((name): Measure[] => {
    const keys = [`min_${name}`, `max_${name}`] as const;
    const [from, to] = [filters[keys[0]], filters[keys[1]]];
    return from === undefined && to === undefined ? [] : [{ kind: "range", name, from, to, keys }];
  });
  return [...words, ...ranges];
}

/** Bounds of ratios and shares come with more digits than anybody reads. */
export const shortNumber = (text: string): string => {
  const value = Number(text);
  return Number.isNaN(value) || Number.isInteger(value) ? text : String(Number(value.toPrecision(3)));
};
