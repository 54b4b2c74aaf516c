/** How far each two people agree, as shades; a cell opens the first image that they differ on, its tip says the rest. */
import { Tooltip, UnstyledButton } from "@mantine/core";
import { Fragment } from "react";
import { useTranslation } from "react-i18next";
import type { AgreementPair, RoundReport } from "../../../api/types";
import { formatDecimal, formatPercent } from "../../../ui/format";
import classes from "./Consensus.module.css";

interface PairTableProps {
  readonly report: RoundReport;
  readonly onShow: (image: number) => void;
}

export function PairTable({ report, onShow }: PairTableProps) {
  const { t } = useTranslation();
  const { pairs } = report;
  const people = [...new Set(pairs.flatMap((pair) => [pair.first, pair.second]))].sort();
  const find = (one: string, other: string) =>
    pairs.find(({ first, second }) => (first === one && second === other) || (first === other && second === one));
  return (
    <div
      className={classes.pairs}
      role="group"
      aria-label={t("consensus.pairs")}
      style={{ gridTemplateColumns: `minmax(48px, max-content) repeat(${people.length}, minmax(56px, 1fr))` }}
    >
      <span />
      {people.map((name) => (
        <bdi key={name} className={classes.head} title={name}>
          {name}
        </bdi>
      ))}
      {people.map((one) => (
        <Fragment key={one}>
          <bdi className={classes.head} title={one}>
            {one}
          </bdi>
          {people.map((other) => (
            <PairCell key={other} pair={find(one, other)} onShow={onShow} />
          ))}
        </Fragment>
      ))}
    </div>
  );
}

function PairCell({
  pair,
  onShow,
}: {
  readonly pair: AgreementPair | undefined;
  readonly onShow: (image: number) => void;
}) {
  const { t } = useTranslation();
  if (pair === undefined) return <span className={classes.none} />;
  const share = formatPercent(pair.agreement, 0);
  const label = t("consensus.pair", {
    first: pair.first,
    second: pair.second,
    share,
    iou: pair.iou === null ? "–" : formatDecimal(pair.iou),
    alike: pair.alike,
    other: pair.other_class,
    alone: pair.alone,
  });
  const [worst] = pair.differing;
  return (
    <Tooltip label={label} multiline maw={260}>
      <UnstyledButton
        className={`${classes.pair ?? ""} num`}
        style={{ "--heat": `${Math.round(8 + 40 * pair.agreement)}%` }}
        aria-label={label}
        aria-disabled={worst === undefined}
        onClick={() => worst !== undefined && onShow(worst)}
      >
        {share}
      </UnstyledButton>
    </Tooltip>
  );
}
