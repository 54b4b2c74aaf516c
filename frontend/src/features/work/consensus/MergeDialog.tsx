/** Settles every image that is ready by what enough people agree on; says before what it would do. */
import { Button, Group, Modal, Slider, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { mergeRound } from "../../../api/queries/consensus";
import type { ConsensusRound, RoundReport } from "../../../api/types";
import { useAction } from "../../../parts/useAction";
import { formatCount, formatDecimal } from "../../../ui/format";
import { foreseen, majorityOf } from "./rules";

interface MergeDialogProps {
  readonly round: ConsensusRound;
  readonly report: RoundReport;
  readonly iou: number;
  readonly onClose: () => void;
}

export function MergeDialog({ round, report, iou, onClose }: MergeDialogProps) {
  const { t } = useTranslation();
  const [quorum, setQuorum] = useState(majorityOf(round.copies));
  const images = report.images.map((image) => ({
    ...image,
    // A closed round has all the labels that it will get.
    complete: round.closed_at === null ? image.complete : image.people.length >= quorum,
  }));
  const what = foreseen(images, quorum);
  const merge = useAction(() => mergeRound(round.id, { quorum, iou }), {
    failure: t("consensus.settleFailed"),
    done: (answer) =>
      answer.revision === null
        ? t("bulk.nothing")
        : t("consensus.settled", { value: formatCount(answer.images), revision: answer.revision }),
    invalidate: [["consensus", round.id], ["project", round.project], ["image"], ["annotations"]],
    onSuccess: onClose,
  });
  return (
    <Modal
      opened
      onClose={onClose}
      title={t("consensus.settleTitle")}
      size={460}
      closeButtonProps={{ "aria-label": t("actions.close") }}
    >
      <Stack gap="md">
        <Text size="sm" c="dimmed">
          {t("consensus.settleText", { iou: formatDecimal(iou) })}
        </Text>
        <div>
          <Text size="sm" fw={550} mb={6}>
            {t("consensus.quorum", { value: quorum, copies: round.copies })}
          </Text>
          <Slider
            min={1}
            max={round.copies}
            step={1}
            value={quorum}
            onChange={setQuorum}
            label={null}
            marks={Array.from({ length: round.copies }, (_, index) => ({ value: index + 1, label: String(index + 1) }))}
            mb="lg"
            thumbLabel={t("consensus.quorumLabel")}
          />
        </div>
        <Text size="sm" className="num" role="status">
          {what.images === 0
            ? t("consensus.noneReady")
            : t("consensus.foreseen", {
                images: formatCount(what.images),
                taken: formatCount(what.taken),
                left: formatCount(what.left),
              })}
        </Text>
        <Text size="xs" c="dimmed">
          {t("consensus.revertHint")}
        </Text>
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            {t("actions.cancel")}
          </Button>
          <Button disabled={what.images === 0} loading={merge.isPending} onClick={() => merge.mutate(undefined)}>
            {t("consensus.settleNow")}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
