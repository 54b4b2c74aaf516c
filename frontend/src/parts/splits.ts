/** The three splits: their order and colours. */
import type { Split } from "../api/types";

export const SPLITS: readonly Split[] = ["train", "val", "test"];

export const SPLIT_COLORS: Readonly<Record<Split, string>> = {
  train: "#4f7fe8",
  val: "#e69f00",
  test: "#44aa99",
};
