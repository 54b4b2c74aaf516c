/** One run, live: figures, curves, checkpoints, settings, log, and the ways to stop, resume and extend it. */
import { Alert, Button, Group, SimpleGrid, Table, Text } from "@mantine/core";
import { IconChartHistogram } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { Link, useParams } from "react-router";
import { isRunning, runLogQuery, runQuery } from "../../api/queries/training";
import type { Run } from "../../api/types";
import { Loaded } from "../../parts/Loaded";
import { formatFigure, useMetricName } from "../../parts/metricName";
import { RunStateBadge } from "../../parts/RunStateBadge";
import { useArchitectureNames } from "../../parts/useArchitectureNames";
import { formatMetric, formatPercent, formatShare } from "../../ui/format";
import { LineChart } from "../../ui/LineChart";
import { Page, Section } from "../../ui/Page";
import { PALETTE, paletteColor } from "../../ui/palette";
import { RunActions } from "./RunActions";
import { RunFigures } from "./RunFigures";
import { chartsOf } from "./series";
import { useMetrics } from "./useMetrics";
import classes from "./Train.module.css";

export function Component() {
  const id = Number(useParams().runId);
  const query = useQuery(runQuery(id));
  return <Loaded query={query}>{(run) => <RunView key={run.id} run={run} />}</Loaded>;
}

function RunView({ run }: { readonly run: Run }) {
  const { t } = useTranslation();
  const live = isRunning(run);
  const { titleOf, presetOf } = useArchitectureNames();
  return (
    <Page
      title={run.name}
      note={
        <Group gap="xs">
          <RunStateBadge state={run.state} reason={run.reason} />
          <span>
            {run.version_name} · {titleOf(run.architecture)}
            {run.preset !== "" && ` · ${presetOf(run.architecture, run.preset)}`}
          </span>
        </Group>
      }
      actions={
        <>
          {run.model !== null && (
            <Button
              component={Link}
              to={`../models?model=${run.model}`}
              variant="default"
              leftSection={<IconChartHistogram size={15} />}
            >
              {t("train.evaluate")}
            </Button>
          )}
          <RunActions run={run} />
        </>
      }
    >
      <div className={classes.run}>
        {run.job?.error != null && (
          <Alert color="red" variant="light" title={t("train.failedTitle")} role="alert">
            {run.job.error.detail}
          </Alert>
        )}
        <RunFigures run={run} />
        {run.notes.map((note) => (
          <Alert key={note.code} color="gray" variant="light" p="xs">
            {note.detail}
          </Alert>
        ))}
        <Curves run={run} live={live} />
        <SimpleGrid cols={{ base: 1, md: 2 }} spacing="md">
          <Checkpoints run={run} />
          <Settings run={run} />
        </SimpleGrid>
        <Log run={run} live={live} />
      </div>
    </Page>
  );
}

function Curves({ run, live }: { readonly run: Run; readonly live: boolean }) {
  const { t } = useTranslation();
  const metricName = useMetricName();
  const points = useMetrics(run.id, live);
  const charts = useMemo(() => chartsOf(points), [points]);
  const bestColor = PALETTE[2] ?? "#009e73";
  if (charts.length === 0) {
    return (
      <Section title={t("train.curves")}>
        <Text size="sm" c="dimmed">
          {live ? t("train.noPointsYet") : t("train.noPoints")}
        </Text>
      </Section>
    );
  }
  return (
    <SimpleGrid cols={{ base: 1, md: 2, lg: Math.min(3, charts.length) }} spacing="md">
      {charts.map((chart) => (
        <Section key={chart.key} title={t(`train.chart.${chart.key}`)}>
          <LineChart
            label={t(`train.chart.${chart.key}`)}
            x={chart.steps}
            xLabel={t("train.step")}
            curves={chart.series.map((series, index) => ({
              label: metricName(series.name),
              color: chart.key === "quality" && index === 0 ? bestColor : paletteColor(index),
              values: series.values,
            }))}
            {...(chart.key === "quality"
              ? { yRange: [0, 1] as const, format: (value: number) => formatPercent(value), formatTick: formatShare }
              : {})}
            {...(chart.key === "loss" ? { format: formatMetric } : {})}
          />
        </Section>
      ))}
    </SimpleGrid>
  );
}

function Checkpoints({ run }: { readonly run: Run }) {
  const { t } = useTranslation();
  const metricName = useMetricName();
  return (
    <Section title={t("train.checkpoints")}>
      {run.checkpoints.length === 0 ? (
        <Text size="sm" c="dimmed">
          {t("train.noCheckpoints")}
        </Text>
      ) : (
        <Table className="num">
          <Table.Tbody>
            {run.checkpoints.map((checkpoint) => (
              <Table.Tr key={checkpoint.id}>
                <Table.Td fw={570} className={classes.short}>
                  {t(`train.checkpoint.${checkpoint.kind}`)}
                </Table.Td>
                <Table.Td className={classes.short}>{t("train.atEpoch", { epoch: checkpoint.epoch })}</Table.Td>
                <Table.Td c="dimmed">
                  {Object.entries(checkpoint.metrics)
                    .slice(0, 4)
                    .map(([name, value]) => (
                      <span key={name} className={classes.metric}>
                        {metricName(name)} {formatFigure(name, value)}
                      </span>
                    ))}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
    </Section>
  );
}

function Settings({ run }: { readonly run: Run }) {
  const { t } = useTranslation();
  const { settingsOf } = useArchitectureNames();
  return (
    <Section title={t("train.settings")}>
      <dl className={`${classes.config ?? ""} num`}>
        {settingsOf(run.architecture, run.config).map(({ key, title, value }) => (
          <div key={key}>
            <dt>{title}</dt>
            <dd>{value === null ? "–" : String(value)}</dd>
          </div>
        ))}
      </dl>
    </Section>
  );
}

function Log({ run, live }: { readonly run: Run; readonly live: boolean }) {
  const { t } = useTranslation();
  const query = useQuery(runLogQuery(run.id, live));
  return (
    <Section title={t("train.log")}>
      <pre className={classes.log} tabIndex={0} aria-label={t("train.log")}>
        {query.data === undefined || query.data === "" ? t("train.noLog") : query.data}
      </pre>
    </Section>
  );
}
