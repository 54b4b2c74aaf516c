/** A button that copies means and deviations of colours as a network's normalisation takes them. */
import { CopyButton } from "@mantine/core";
import { IconCheck, IconCopy } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { IconButton } from "../ui/IconButton";

interface CopyColoursProps {
  readonly colours: { readonly mean: readonly number[]; readonly std: readonly number[] };
}

export function CopyColours({ colours }: CopyColoursProps) {
  const { t } = useTranslation();
  return (
    <CopyButton value={`mean=[${colours.mean.join(", ")}], std=[${colours.std.join(", ")}]`}>
      {({ copied, copy }) => (
        <IconButton label={t(copied ? "statistics.coloursCopied" : "statistics.coloursCopy")} onClick={copy}>
          {copied ? <IconCheck size={15} /> : <IconCopy size={15} />}
        </IconButton>
      )}
    </CopyButton>
  );
}
