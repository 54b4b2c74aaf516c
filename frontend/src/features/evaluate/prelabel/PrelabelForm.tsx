/** A new batch: the model, the images, the rules; tried on some images first, or started at once. */
import { Button, Collapse, Group, Select, SimpleGrid, Slider, Stack, Text } from "@mantine/core";
import { IconFlask, IconSparkles } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useSearchParams } from "react-router";
import { startAutoLabel, tryAutoLabel } from "../../../api/queries/evaluation";
import type { AutoLabelResult, AutoLabelTrial, Job, Model, PrelabelRules } from "../../../api/types";
import { JobLine } from "../../../parts/JobLine";
import { STATES } from "../../../parts/StateBadge";
import { useAction } from "../../../parts/useAction";
import { useJob } from "../../../parts/useJob";
import { useProject, useProjectId } from "../../../parts/useProjectId";
import { formatDecimal } from "../../../ui/format";
import { MoreButton } from "../../../ui/MoreButton";
import { Section } from "../../../ui/Page";
import { LeftOutLine } from "./LeftOutLine";
import { PrelabelTrial } from "./PrelabelTrial";
import { Labelled, RulesFields } from "./RulesFields";
import classes from "./Prelabel.module.css";

const ANY = "any";

export function PrelabelForm({ models }: { readonly models: readonly Model[] }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const project = useProject();
  const projectId = useProjectId();
  const [search] = useSearchParams();
  const [model, setModel] = useState(search.get("model") ?? String(models[0]?.id ?? ""));
  const [state, setState] = useState<string>("unlabelled");
  const [minScore, setMinScore] = useState(0.3);
  const [rules, setRules] = useState<PrelabelRules>({});
  const [isOpen, setOpen] = useState(false);
  const [jobId, setJobId] = useState<string | null>(null);
  const [trialId, setTrialId] = useState<string | null>(null);
  const trial = useJob<AutoLabelTrial>(trialId);
  const job = useJob<AutoLabelResult>(jobId, () => {
    void client.invalidateQueries({ queryKey: ["project", projectId] });
  });
  const input = { model: Number(model), filter: state === ANY ? {} : { state }, min_score: minScore, ...rules };
  const invalidate = [["jobs"]];
  const start = useAction(() => startAutoLabel(projectId, input), {
    failure: t("prelabel.failed"),
    invalidate,
    onSuccess: (started) => setJobId(started.id),
  });
  const tryIt = useAction(() => tryAutoLabel(projectId, input), {
    failure: t("prelabel.tryFailed"),
    invalidate,
    onSuccess: (started) => setTrialId(started.id),
  });
  const counts = project?.counts;
  const images = counts === undefined ? 0 : state === ANY ? counts.images : counts[state as keyof typeof counts];
  const chosen = models.find((item) => String(item.id) === model);
  return (
    <Section title={t("prelabel.start")}>
      <SimpleGrid cols={{ base: 1, sm: 3 }} spacing="md">
        <Select
          label={t("prelabel.model")}
          value={model}
          onChange={(value) => {
            setModel(value ?? model);
            setRules({});
          }}
          data={models.map((item) => ({ value: String(item.id), label: item.name }))}
          allowDeselect={false}
        />
        <Select
          label={t("prelabel.images")}
          value={state}
          onChange={(value) => setState(value ?? state)}
          data={[
            { value: ANY, label: t("prelabel.allImages") },
            ...STATES.map((value) => ({ value: value, label: t(`imageState.${value}`) })),
          ]}
          allowDeselect={false}
        />
        <Labelled text={t("prelabel.minScore", { value: formatDecimal(minScore) })}>
          <Slider
            min={0.05}
            max={0.95}
            step={0.05}
            value={minScore}
            onChange={setMinScore}
            label={null}
            size="sm"
            thumbLabel={t("prelabel.minScoreLabel")}
          />
        </Labelled>
      </SimpleGrid>
      <div className={classes.more}>
        <MoreButton isOpen={isOpen} onToggle={setOpen}>
          {t("prelabel.more")}
        </MoreButton>
      </div>
      <Collapse expanded={isOpen}>
        {chosen !== undefined && <RulesFields model={chosen} minScore={minScore} rules={rules} onChange={setRules} />}
      </Collapse>
      <Group mt="md" gap="sm">
        <Button
          leftSection={<IconSparkles size={15} />}
          disabled={images === 0}
          loading={start.isPending}
          onClick={() => start.mutate(undefined)}
        >
          {t("prelabel.run", { count: images })}
        </Button>
        <Button
          variant="default"
          leftSection={<IconFlask size={15} />}
          disabled={images === 0}
          loading={tryIt.isPending}
          onClick={() => tryIt.mutate(undefined)}
        >
          {t("prelabel.try")}
        </Button>
        <Text size="xs" c="dimmed">
          {images === 0 ? t("prelabel.noImages") : t("prelabel.harmless")}
        </Text>
      </Group>
      {trial !== null && <TrialLine job={trial} />}
      {job !== null && <BatchLine job={job} />}
    </Section>
  );
}

function TrialLine({ job }: { readonly job: Job<AutoLabelTrial> }) {
  return job.state === "succeeded" && job.result !== null ? (
    <PrelabelTrial trial={job.result} />
  ) : (
    <Stack mt="md">
      <JobLine job={job} />
    </Stack>
  );
}

function BatchLine({ job }: { readonly job: Job<AutoLabelResult> }) {
  const { t } = useTranslation();
  return (
    <Stack gap={6} mt="md">
      <JobLine job={job} />
      {job.state === "succeeded" && job.result !== null && (
        <>
          <Text size="sm">
            {t("prelabel.result", { predictions: job.result.predictions, images: job.result.images })}
          </Text>
          <LeftOutLine counts={job.result.left_out} />
        </>
      )}
    </Stack>
  );
}
