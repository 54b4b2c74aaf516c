/** One evaluation: summary, per-class table, confusion matrix, curves; the threshold recomputes everything. */
import { Group, SimpleGrid, Slider, Text } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useParams } from "react-router";
import { evaluationQuery } from "../../api/queries/evaluation";
import type { Evaluation } from "../../api/types";
import { JobLine } from "../../parts/JobLine";
import { Loaded } from "../../parts/Loaded";
import { formatCount, formatDecimal } from "../../ui/format";
import { Page, Section } from "../../ui/Page";
import { CellObjects } from "./CellObjects";
import { type Cell, ConfusionMatrix } from "./ConfusionMatrix";
import { EvaluationCurves } from "./EvaluationCurves";
import { PerClassTable } from "./PerClassTable";
import { SummaryFigures } from "./SummaryFigures";
import classes from "./Evaluate.module.css";

const RECOMPUTE_MS = 120;

export function Component() {
  const id = Number(useParams().evaluationId);
  return <EvaluationById key={id} id={id} />;
}

function EvaluationById({ id }: { readonly id: number }) {
  const [threshold, setThreshold] = useState<number | null>(null);
  const [asked] = useDebouncedValue(threshold, RECOMPUTE_MS);
  const query = useQuery(evaluationQuery(id, asked));
  return (
    <Loaded query={query}>
      {(evaluation) => (
        <EvaluationView
          evaluation={evaluation}
          threshold={threshold ?? evaluation.threshold}
          onThreshold={setThreshold}
        />
      )}
    </Loaded>
  );
}

interface EvaluationViewProps {
  readonly evaluation: Evaluation;
  readonly threshold: number;
  readonly onThreshold: (value: number) => void;
}

function EvaluationView({ evaluation, threshold, onThreshold }: EvaluationViewProps) {
  const { t } = useTranslation();
  const [cell, setCell] = useState<Cell | null>(null);
  const ready = evaluation.job === null || evaluation.job.state === "succeeded";
  return (
    <Page
      title={evaluation.model_name}
      note={t("evaluation.on", {
        version: evaluation.version_name,
        split: t(`split.${evaluation.split}`),
        images: formatCount(evaluation.images),
      })}
      actions={ready && <ThresholdSlider value={threshold} onChange={onThreshold} />}
    >
      {ready ? (
        <div className={classes.evaluation}>
          <SummaryFigures evaluation={evaluation} />
          <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="md">
            <Section title={t("evaluation.confusion")} note={t("evaluation.confusionNote")}>
              <ConfusionMatrix evaluation={evaluation} chosen={cell} onChoose={setCell} />
            </Section>
            <Section title={t("evaluation.perClass")}>
              <PerClassTable evaluation={evaluation} />
            </Section>
          </SimpleGrid>
          {cell !== null && (
            <CellObjects
              evaluation={evaluation}
              cell={cell}
              threshold={evaluation.threshold}
              onClose={() => setCell(null)}
            />
          )}
          <EvaluationCurves evaluation={evaluation} threshold={threshold} />
        </div>
      ) : (
        <Section title={t("evaluation.running")}>
          <JobLine job={evaluation.job} />
        </Section>
      )}
    </Page>
  );
}

function ThresholdSlider({ value, onChange }: { readonly value: number; readonly onChange: (value: number) => void }) {
  const { t } = useTranslation();
  return (
    <Group gap="sm" wrap="nowrap">
      <Text size="xs" c="dimmed">
        {t("evaluation.threshold")}
      </Text>
      <Slider
        w={220}
        size="sm"
        min={0}
        max={1}
        step={0.01}
        value={value}
        onChange={onChange}
        label={null}
        thumbLabel={t("evaluation.threshold")}
      />
      <Text size="sm" fw={600} className="num" w={34}>
        {formatDecimal(value)}
      </Text>
    </Group>
  );
}
