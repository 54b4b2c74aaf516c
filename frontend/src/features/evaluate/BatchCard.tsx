/** One batch of predictions: how sure they are, and taking or leaving them by a threshold. */
import { Button, Group, Slider, Text } from "@mantine/core";
import { IconCheck, IconPhoto, IconX } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { acceptBatch, rejectBatch } from "../../api/queries/evaluation";
import type { PredictionBatch } from "../../api/types";
import { PrecisionLine } from "../../parts/PrecisionLine";
import { useAction } from "../../parts/useAction";
import { useProjectId } from "../../parts/useProjectId";
import { formatAgo, formatCount, formatDecimal } from "../../ui/format";
import { Histogram } from "../../ui/Histogram";
import { Section } from "../../ui/Page";
import { StackBar } from "../../ui/StackBar";
import { atOrAbove } from "./histogram";
import classes from "./Evaluate.module.css";

interface BatchCardProps {
  readonly batch: PredictionBatch;
}

export function BatchCard({ batch }: BatchCardProps) {
  const { t } = useTranslation();
  const project = useProjectId();
  const [threshold, setThreshold] = useState(0.7);
  const { counts } = batch;
  const invalidate = [["project", project], ["projects"], ["annotations"]];
  const accept = useAction((value: number) => acceptBatch(batch.id, value), {
    failure: t("prelabel.acceptFailed"),
    done: (answer) => t("prelabel.accepted", { count: answer.accepted, revision: answer.revision }),
    invalidate,
  });
  const reject = useAction((value: number) => rejectBatch(batch.id, value), {
    failure: t("prelabel.rejectFailed"),
    done: () => t("prelabel.rejected"),
    invalidate,
  });
  const title = t("prelabel.batch", { number: batch.id, model: batch.model_name });
  return (
    <Section
      title={title}
      note={`${formatAgo(batch.created_at)} · ${t("prelabel.batchImages", { count: batch.images })}`}
      actions={
        <Button
          component={Link}
          to={"../images?has_predictions=true"}
          variant="default"
          size="compact-xs"
          leftSection={<IconPhoto size={13} />}
        >
          {t("prelabel.review")}
        </Button>
      }
    >
      {counts.pending + counts.accepted + counts.rejected === 0 ? (
        <Text size="sm" c="dimmed">
          {t("prelabel.nothing", { score: batch.min_score })}
        </Text>
      ) : (
        <div className={classes.batch}>
          <div>
            <Histogram label={t("prelabel.histogram")} bins={batch.histogram} threshold={threshold} />
            <Slider
              mt={6}
              min={0}
              max={1}
              step={0.01}
              value={threshold}
              onChange={setThreshold}
              label={(value) => formatDecimal(value)}
              size="sm"
              thumbLabel={t("prelabel.threshold", { number: batch.id })}
            />
          </div>
          <div className={classes.decide}>
            <StackBar
              label={t("prelabel.decided")}
              height={8}
              parts={[
                { key: "accepted", label: t("prelabel.acceptedLabel"), value: counts.accepted, color: "var(--good)" },
                { key: "pending", label: t("prelabel.pendingLabel"), value: counts.pending, color: "var(--accent)" },
                { key: "rejected", label: t("prelabel.rejectedLabel"), value: counts.rejected, color: "var(--faint)" },
              ]}
            />
            <Text size="xs" c="dimmed" className="num">
              {t("prelabel.counts", {
                pending: formatCount(counts.pending),
                accepted: formatCount(counts.accepted),
                rejected: formatCount(counts.rejected),
              })}
            </Text>
            <Group gap="xs" mt="xs">
              <Button
                leftSection={<IconCheck size={15} />}
                disabled={counts.pending === 0}
                loading={accept.isPending}
                onClick={() => accept.mutate(threshold)}
              >
                {t("prelabel.accept", { threshold: formatDecimal(threshold) })}
              </Button>
              <Button
                variant="default"
                leftSection={<IconX size={15} />}
                disabled={counts.pending === 0}
                loading={reject.isPending}
                onClick={() => reject.mutate(threshold)}
              >
                {t("prelabel.reject", { threshold: formatDecimal(threshold) })}
              </Button>
            </Group>
            <Text size="xs" c="dimmed" className="num">
              {t("prelabel.wouldAccept", { value: formatCount(atOrAbove(batch.histogram, threshold)) })}
            </Text>
            <PrecisionLine model={batch.model} threshold={threshold} />
          </div>
        </div>
      )}
    </Section>
  );
}
