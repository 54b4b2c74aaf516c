/** How large the pictures of the grid are; remembered by the browser. */
import { SegmentedControl } from "@mantine/core";
import { useLocalStorage } from "@mantine/hooks";
import { useTranslation } from "react-i18next";

const SIZES = [
  { value: "132", label: "S" },
  { value: "188", label: "M" },
  { value: "280", label: "L" },
];

export function useTileSize(): [number, (size: number) => void] {
  const [size, setSize] = useLocalStorage({ key: "grid-size", defaultValue: 188 });
  return [size, setSize];
}

export function TileSize({ value, onChange }: { readonly value: number; readonly onChange: (size: number) => void }) {
  const { t } = useTranslation();
  return (
    <SegmentedControl
      aria-label={t("images.tileSize")}
      value={String(value)}
      onChange={(next) => onChange(Number(next))}
      data={SIZES}
    />
  );
}
