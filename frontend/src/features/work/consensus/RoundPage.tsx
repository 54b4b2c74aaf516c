/** One round of consensus: progress, how far its people agree, the images they disagree on, and settling them. */
import { Badge, Button, NumberInput, Text } from "@mantine/core";
import { IconArrowLeft, IconGitMerge } from "@tabler/icons-react";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useParams, useSearchParams } from "react-router";
import { closeRound, roundQuery, roundReportQuery } from "../../../api/queries/consensus";
import type { ConsensusRound, RoundReport } from "../../../api/types";
import { Loaded } from "../../../parts/Loaded";
import { useAction } from "../../../parts/useAction";
import { Empty } from "../../../ui/Empty";
import { Page, Section } from "../../../ui/Page";
import { AgreementTable } from "../AgreementTable";
import { Given } from "./ConsensusTab";
import { CompareDialog } from "./CompareDialog";
import { MergeDialog } from "./MergeDialog";
import { PairTable } from "./PairTable";
import { RoundImages } from "./RoundImages";
import { RoundPeople } from "./RoundPeople";
import { IOU, majorityOf } from "./rules";
import work from "../Work.module.css";
import classes from "./Consensus.module.css";

export function Component() {
  const id = Number(useParams().roundId);
  const query = useQuery({ ...roundQuery(id), refetchInterval: 15_000 });
  return <Loaded query={query}>{(round) => <Round round={round} />}</Loaded>;
}

function Round({ round }: { readonly round: ConsensusRound }) {
  const { t } = useTranslation();
  const [iou, setIou] = useState(IOU);
  const [merging, setMerging] = useState(false);
  // New with every labels that are handed in.
  const report = useQuery({ ...roundReportQuery(round.id, iou), placeholderData: keepPreviousData });
  const isClosed = round.closed_at !== null;
  const close = useAction(() => closeRound(round.id, !isClosed), {
    failure: t("consensus.closeFailed"),
    invalidate: [
      ["consensus", round.id],
      ["project", round.project, "consensus"],
    ],
  });
  return (
    <Page
      title={round.name}
      note={
        isClosed ? <Badge color="gray">{t("work.closed")}</Badge> : t("consensus.copiesNote", { value: round.copies })
      }
      actions={
        <>
          <Button
            component={Link}
            to="../work?tab=consensus"
            variant="default"
            leftSection={<IconArrowLeft size={15} />}
          >
            {t("consensus.all")}
          </Button>
          <Button variant="default" loading={close.isPending} onClick={() => close.mutate(undefined)}>
            {isClosed ? t("work.reopen") : t("work.close")}
          </Button>
          <Button leftSection={<IconGitMerge size={15} />} onClick={() => setMerging(true)}>
            {t("consensus.settle")}
          </Button>
        </>
      }
      bar={
        <>
          <Given round={round} />
          <NumberInput
            size="xs"
            w={190}
            ms="auto"
            aria-label={t("work.iou")}
            prefix={`${t("work.iou")} `}
            value={iou}
            min={0.05}
            max={1}
            step={0.05}
            decimalScale={2}
            onChange={(value) => setIou(Math.min(Math.max(Number(value) || IOU, 0.05), 1))}
          />
        </>
      }
    >
      <Loaded query={report}>{(found) => <Report round={round} report={found} iou={iou} />}</Loaded>
      {merging && report.data !== undefined && (
        <MergeDialog round={round} report={report.data} iou={iou} onClose={() => setMerging(false)} />
      )}
    </Page>
  );
}

interface ReportProps {
  readonly round: ConsensusRound;
  readonly report: RoundReport;
  readonly iou: number;
}

function Report({ round, report, iou }: ReportProps) {
  const { t } = useTranslation();
  const [search, setSearch] = useSearchParams();
  const shown = Number(search.get("image")) || null;
  const onShow = (image: number | null) => setSearch(image === null ? {} : { image: String(image) }, { replace: true });
  const ids = report.images.map((image) => image.id);
  return (
    <div className={work.tab}>
      <div className={classes.two}>
        <Section title={t("consensus.people")}>
          <RoundPeople round={round} report={report} />
        </Section>
        <Section title={t("consensus.pairs")}>
          {report.pairs.length === 0 ? (
            <Text size="sm" c="dimmed">
              {t("consensus.noPairs")}
            </Text>
          ) : (
            <>
              <PairTable report={report} onShow={onShow} />
              <p className={classes.note}>{t("consensus.pairsNote")}</p>
            </>
          )}
        </Section>
      </div>
      <Section title={t("consensus.images")} note={t("consensus.imagesNote")}>
        {report.images.length === 0 ? (
          <Empty title={t("consensus.nothingBegun")}>{t("consensus.nothingBegunHint")}</Empty>
        ) : (
          <RoundImages images={report.images} copies={round.copies} onShow={onShow} />
        )}
      </Section>
      {report.peers.rows.length > 0 && (
        <Section title={t("consensus.perClass")}>
          <AgreementTable agreement={report.peers} onShow={onShow} />
        </Section>
      )}
      {report.truth.rows.length > 0 && (
        <Section title={t("work.truth")}>
          <AgreementTable agreement={report.truth} onShow={onShow} />
        </Section>
      )}
      {shown !== null && (
        <CompareDialog
          key={shown}
          source={{ kind: "round", round: round.id, project: round.project, quorum: majorityOf(round.copies) }}
          image={shown}
          images={ids}
          iou={iou}
          onGo={onShow}
          onClose={() => onShow(null)}
        />
      )}
    </div>
  );
}
