/** Pre-labelling: a model looks at the images without labels; its predictions are taken or left by score. */
import { Button, Group, Select, SimpleGrid, Slider, Stack, Text } from "@mantine/core";
import { IconSparkles } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useSearchParams } from "react-router";
import { batchesQuery, startAutoLabel } from "../../api/queries/evaluation";
import { modelsQuery } from "../../api/queries/training";
import type { AutoLabelResult, Model } from "../../api/types";
import { JobLine } from "../../parts/JobLine";
import { Loaded } from "../../parts/Loaded";
import { STATES } from "../../parts/StateBadge";
import { useAction } from "../../parts/useAction";
import { useJob } from "../../parts/useJob";
import { useProject, useProjectId } from "../../parts/useProjectId";
import { Empty } from "../../ui/Empty";
import { Page, Section } from "../../ui/Page";
import { BatchCard } from "./BatchCard";
import { formatDecimal } from "../../ui/format";

const ANY = "any";

export function Component() {
  const { t } = useTranslation();
  const project = useProjectId();
  const models = useQuery(modelsQuery(project));
  const batches = useQuery(batchesQuery(project));
  return (
    <Page title={t("prelabel.title")} note={t("prelabel.note")}>
      <Loaded query={models}>
        {(all) =>
          all.length === 0 ? (
            <Empty
              icon={<IconSparkles size={22} />}
              title={t("prelabel.noModelTitle")}
              action={
                <Button component={Link} to="../train">
                  {t("models.toTrain")}
                </Button>
              }
            >
              {t("prelabel.noModel")}
            </Empty>
          ) : (
            <Stack gap="md" maw={1080}>
              <StartSection models={all} />
              <Loaded query={batches} rows={2}>
                {(rows) => (
                  <>
                    {rows.map((batch) => (
                      <BatchCard key={batch.id} batch={batch} />
                    ))}
                  </>
                )}
              </Loaded>
            </Stack>
          )
        }
      </Loaded>
    </Page>
  );
}

function StartSection({ models }: { readonly models: readonly Model[] }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const project = useProject();
  const projectId = useProjectId();
  const [search] = useSearchParams();
  const [model, setModel] = useState(search.get("model") ?? String(models[0]?.id ?? ""));
  const [state, setState] = useState<string>("unlabelled");
  const [minScore, setMinScore] = useState(0.3);
  const [jobId, setJobId] = useState<string | null>(null);
  const job = useJob<AutoLabelResult>(jobId, () => {
    void client.invalidateQueries({ queryKey: ["project", projectId] });
  });
  const start = useAction(
    () =>
      startAutoLabel(projectId, {
        model: Number(model),
        filter: state === ANY ? {} : { state },
        min_score: minScore,
      }),
    { failure: t("prelabel.failed"), invalidate: [["jobs"]], onSuccess: (started) => setJobId(started.id) },
  );
  const counts = project?.counts;
  const images = counts === undefined ? 0 : state === ANY ? counts.images : counts[state as keyof typeof counts];
  return (
    <Section title={t("prelabel.start")}>
      <SimpleGrid cols={{ base: 1, sm: 3 }} spacing="md">
        <Select
          label={t("prelabel.model")}
          value={model}
          onChange={(value) => setModel(value ?? model)}
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
        <div>
          <Text size="xs" fw={500} mb={10}>
            {t("prelabel.minScore", { value: formatDecimal(minScore) })}
          </Text>
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
        </div>
      </SimpleGrid>
      <Group mt="md" gap="sm">
        <Button
          leftSection={<IconSparkles size={15} />}
          disabled={images === 0}
          loading={start.isPending}
          onClick={() => start.mutate(undefined)}
        >
          {t("prelabel.run", { count: images })}
        </Button>
        <Text size="xs" c="dimmed">
          {images === 0 ? t("prelabel.noImages") : t("prelabel.harmless")}
        </Text>
      </Group>
      {job !== null && (
        <Stack gap={6} mt="md">
          <JobLine job={job} />
          {job.state === "succeeded" && job.result !== null && (
            <Text size="sm">
              {t("prelabel.result", { predictions: job.result.predictions, images: job.result.images })}
            </Text>
          )}
        </Stack>
      )}
    </Section>
  );
}
