/** The split of a version while its dialog is open; pure. */
import type { NewVersion } from "../../api/types";
import { sharesOf } from "../../ui/SplitSlider";

export const GROUPS = ["duplicate", "group", "tag", "none"] as const;

export type SplitRule = Omit<NewVersion, "name" | "notes" | "recipe">;

export interface SplitDraft {
  /** Percent at which training and validation end. */
  readonly cuts: [number, number];
  readonly seed: number;
  readonly stratify: boolean;
  readonly imported: boolean;
  readonly groupBy: (typeof GROUPS)[number];
  readonly prefix: string;
  readonly pattern: string;
  /** Id of a version, as text. */
  readonly sticky: string | null;
}

export const USUAL_SPLIT: SplitDraft = {
  cuts: [70, 90],
  seed: 0,
  stratify: true,
  imported: false,
  groupBy: "duplicate",
  prefix: "",
  pattern: "",
  sticky: null,
};

export function toRule(draft: SplitDraft): SplitRule {
  const [train, val, test] = sharesOf(draft.cuts);
  return {
    split: { train: train / 100, val: val / 100, test: test / 100 },
    seed: draft.seed,
    stratify: draft.stratify,
    group_by: draft.groupBy === "tag" ? `tag:${draft.prefix}` : draft.groupBy,
    use_fixed: draft.imported,
    pattern: draft.pattern,
    sticky: draft.sticky === null ? null : Number(draft.sticky),
  };
}
