/** Twenty colours that stay apart for colour-blind people and on both themes; after Okabe and Ito, and Tol. */

export const PALETTE: readonly string[] = [
  "#0a84d0",
  "#e69f00",
  "#009e73",
  "#d55e00",
  "#cc79a7",
  "#56b4e9",
  "#b8a800",
  "#8f6be8",
  "#44aa99",
  "#c44e6f",
  "#6b9a1f",
  "#a0603a",
  "#aa4499",
  "#88ccee",
  "#ddaa77",
  "#4f7f5a",
  "#e8837c",
  "#7788bb",
  "#999933",
  "#8a8f98",
];

export const paletteColor = (index: number): string => PALETTE[index % PALETTE.length] ?? "#8a8f98";
