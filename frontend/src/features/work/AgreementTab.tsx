/** How far people agree, with ground truth and with each other; every number opens the images behind it. */
import { NumberInput } from "@mantine/core";
import { IconTargetArrow } from "@tabler/icons-react";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { consensusQuery, roundAgreementQuery, truthAgreementQuery } from "../../api/queries/work";
import type { ConsensusRound } from "../../api/types";
import { Loaded } from "../../parts/Loaded";
import { useProjectId } from "../../parts/useProjectId";
import { Empty } from "../../ui/Empty";
import { Section } from "../../ui/Page";
import { AgreementTable } from "./AgreementTable";
import classes from "./Work.module.css";

const IOU = 0.5;

export function AgreementTab() {
  const { t } = useTranslation();
  const project = useProjectId();
  const [iou, setIou] = useState(IOU);
  const truth = useQuery({ ...truthAgreementQuery(project, iou), placeholderData: keepPreviousData });
  const rounds = useQuery(consensusQuery(project)).data ?? [];
  return (
    <div className={classes.tab}>
      <div className={classes.tools}>
        <NumberInput
          size="xs"
          w={190}
          aria-label={t("work.iou")}
          prefix={`${t("work.iou")} `}
          value={iou}
          min={0.05}
          max={1}
          step={0.05}
          decimalScale={2}
          onChange={(value) => setIou(Math.min(Math.max(Number(value) || IOU, 0.05), 1))}
        />
      </div>
      <Loaded query={truth}>
        {(agreement) =>
          agreement.rows.length === 0 && rounds.length === 0 ? (
            <Empty icon={<IconTargetArrow size={22} />} title={t("work.noAgreement")}>
              {t("work.noAgreementHint")}
            </Empty>
          ) : (
            <Section title={t("work.truth")} note={t("work.truthNote")}>
              <AgreementTable agreement={agreement} />
            </Section>
          )
        }
      </Loaded>
      {rounds.map((round) => (
        <RoundAgreement key={round.id} round={round} iou={iou} />
      ))}
    </div>
  );
}

function RoundAgreement({ round, iou }: { readonly round: ConsensusRound; readonly iou: number }) {
  const { t } = useTranslation();
  const query = useQuery({ ...roundAgreementQuery(round.id, iou), placeholderData: keepPreviousData });
  return (
    <Loaded query={query}>
      {({ peers, truth }) => (
        <>
          <Section title={t("work.round", { name: round.name })}>
            <AgreementTable agreement={peers} />
          </Section>
          {truth.rows.length > 0 && (
            <Section title={t("work.roundTruth", { name: round.name })}>
              <AgreementTable agreement={truth} />
            </Section>
          )}
        </>
      )}
    </Loaded>
  );
}
