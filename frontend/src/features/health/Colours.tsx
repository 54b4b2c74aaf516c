/** Means and standard deviations of the colours, as they feed a network's normalisation. */
import { Table } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Statistics } from "../../api/types";
import { CopyColours } from "../../parts/CopyColours";
import { formatCount, formatDecimal } from "../../ui/format";
import { Section } from "../../ui/Page";
import { Swatch } from "../../ui/Swatch";
import classes from "./Statistics.module.css";

const CHANNELS = [
  ["red", "#d64545"],
  ["green", "#3a9d5d"],
  ["blue", "#3d7edb"],
] as const;

export function Colours({ colours }: { readonly colours: Statistics["colours"] }) {
  const { t } = useTranslation();
  if (colours === null) {
    return (
      <Section title={t("statistics.colours")}>
        <p className={classes.dim}>{t("statistics.noColours")}</p>
      </Section>
    );
  }
  return (
    <Section
      title={t("statistics.colours")}
      note={t("statistics.coloursNote", { count: colours.images, value: formatCount(colours.images) })}
    >
      <div className={classes.copied}>
        <Table className="num" aria-label={t("statistics.colours")}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t("statistics.channel")}</Table.Th>
              <Table.Th ta="end">{t("statistics.mean")}</Table.Th>
              <Table.Th ta="end">{t("statistics.std")}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {CHANNELS.map(([channel, color], index) => (
              <Table.Tr key={channel}>
                <Table.Td>
                  <Swatch color={color} size={8} /> {t(`statistics.channels.${channel}`)}
                </Table.Td>
                <Table.Td ta="end">
                  {colours.mean[index] === undefined ? "–" : formatDecimal(colours.mean[index], 3)}
                </Table.Td>
                <Table.Td ta="end">
                  {colours.std[index] === undefined ? "–" : formatDecimal(colours.std[index], 3)}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
        <CopyColours colours={colours} />
      </div>
    </Section>
  );
}
