/** The models of a project with their figures, and the evaluations made of them. */
import { Anchor, Badge, Button, Group, Stack, Table, Text } from "@mantine/core";
import { IconChartHistogram, IconFileExport, IconFileUpload, IconSparkles } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useSearchParams } from "react-router";
import { evaluationsQuery } from "../../api/queries/evaluation";
import { modelsQuery } from "../../api/queries/training";
import type { Evaluation, Model } from "../../api/types";
import { JobStateBadge } from "../../parts/JobLine";
import { Loaded } from "../../parts/Loaded";
import { formatFigure, isFraction, useMetricName } from "../../parts/metricName";
import { useArchitectureNames } from "../../parts/useArchitectureNames";
import { roleAtLeast, useProject, useProjectId } from "../../parts/useProjectId";
import { Empty } from "../../ui/Empty";
import { formatAgo, formatBytes, formatPercent } from "../../ui/format";
import { Page, Section, TableCard } from "../../ui/Page";
import { AddDetectorDialog } from "./detector/AddDetectorDialog";
import { EvaluateDialog } from "./EvaluateDialog";
import { ModelExportDialog } from "./ModelExportDialog";
import classes from "./Evaluate.module.css";

export function Component() {
  const { t } = useTranslation();
  const project = useProjectId();
  const models = useQuery(modelsQuery(project));
  const evaluations = useQuery(evaluationsQuery(project));
  const [search] = useSearchParams();
  const [chosen, setChosen] = useState<Model | null>(null);
  const [isAdding, setAdding] = useState(false);
  const mayAdd = roleAtLeast(useProject(), "manager");
  const add = mayAdd && (
    <Button variant="default" leftSection={<IconFileUpload size={15} />} onClick={() => setAdding(true)}>
      {t("detector.add")}
    </Button>
  );
  const [exported, setExported] = useState<Model | null>(null);
  return (
    <Page title={t("models.title")} note={t("models.note")} actions={add}>
      <Loaded query={models}>
        {(all) =>
          all.length === 0 ? (
            <Empty
              icon={<IconChartHistogram size={22} />}
              title={t("models.emptyTitle")}
              action={
                <Button component={Link} to="../train">
                  {t("models.toTrain")}
                </Button>
              }
            >
              {t("models.empty")}
            </Empty>
          ) : (
            <Stack gap="md">
              <ModelTable
                models={all}
                marked={Number(search.get("model"))}
                onEvaluate={setChosen}
                onExport={setExported}
              />
              <Section title={t("evaluation.list")}>
                <Loaded query={evaluations} rows={2}>
                  {(rows) => <EvaluationTable rows={rows} />}
                </Loaded>
              </Section>
            </Stack>
          )
        }
      </Loaded>
      <AddDetectorDialog opened={isAdding} onClose={() => setAdding(false)} />
      <EvaluateDialog model={chosen} onClose={() => setChosen(null)} />
      <ModelExportDialog model={exported} onClose={() => setExported(null)} />
    </Page>
  );
}

interface ModelTableProps {
  readonly models: readonly Model[];
  /** The model that a link pointed to. */
  readonly marked: number;
  readonly onEvaluate: (model: Model) => void;
  readonly onExport: (model: Model) => void;
}

function ModelTable({ models, marked, onEvaluate, onExport }: ModelTableProps) {
  const { t } = useTranslation();
  const { titleOf } = useArchitectureNames();
  const metricName = useMetricName();
  return (
    <TableCard>
      <Table className={`${classes.table ?? ""} num`} highlightOnHover aria-label={t("models.title")}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t("models.model")}</Table.Th>
            <Table.Th>{t("models.architecture")}</Table.Th>
            <Table.Th>{t("models.metrics")}</Table.Th>
            <Table.Th w={90}>{t("models.size")}</Table.Th>
            <Table.Th w={130}>{t("models.created")}</Table.Th>
            <Table.Th w={330} />
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {models.map((model) => (
            <Table.Tr key={model.id} data-marked={model.id === marked || undefined}>
              <Table.Td>
                <Text size="sm" fw={570} dir="auto">
                  {model.name}
                </Text>
                <Text size="xs" c="dimmed">
                  {model.run === null ? (
                    [t("detector.brought"), model.licence].filter(Boolean).join(" · ")
                  ) : (
                    <Anchor component={Link} to={`../train/${model.run}`} size="xs" c="dimmed">
                      {t("models.run", { run: model.run })}
                    </Anchor>
                  )}{" "}
                  · {t("models.classes", { count: model.classes.length })}
                </Text>
              </Table.Td>
              <Table.Td>{titleOf(model.architecture)}</Table.Td>
              <Table.Td>
                <Group gap={6}>
                  {Object.entries(model.metrics)
                    .filter(([name]) => isFraction(name))
                    .slice(0, 3)
                    .map(([name, value]) => (
                      <Badge key={name} color="gray">
                        {metricName(name)} {formatFigure(name, value)}
                      </Badge>
                    ))}
                </Group>
              </Table.Td>
              <Table.Td c="dimmed">{formatBytes(model.size)}</Table.Td>
              <Table.Td c="dimmed">{formatAgo(model.created_at)}</Table.Td>
              <Table.Td>
                <Group gap={6} justify="flex-end" wrap="nowrap">
                  {model.run !== null && (
                    <Button
                      size="compact-xs"
                      variant="default"
                      leftSection={<IconFileExport size={13} />}
                      aria-label={t("modelExport.named", { name: model.name })}
                      onClick={() => onExport(model)}
                    >
                      {t("modelExport.button")}
                    </Button>
                  )}
                  <Button
                    size="compact-xs"
                    variant="default"
                    leftSection={<IconChartHistogram size={13} />}
                    aria-label={t("models.evaluateNamed", { name: model.name })}
                    onClick={() => onEvaluate(model)}
                  >
                    {t("models.evaluate")}
                  </Button>
                  <Button
                    size="compact-xs"
                    variant="default"
                    component={Link}
                    to={`../prelabel?model=${model.id}`}
                    leftSection={<IconSparkles size={13} />}
                    aria-label={t("models.prelabelNamed", { name: model.name })}
                  >
                    {t("models.prelabel")}
                  </Button>
                </Group>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </TableCard>
  );
}

function EvaluationTable({ rows }: { readonly rows: readonly Evaluation[] }) {
  const { t } = useTranslation();
  const metricName = useMetricName();
  if (rows.length === 0) {
    return (
      <Text size="sm" c="dimmed">
        {t("evaluation.none")}
      </Text>
    );
  }
  return (
    <Table className="num" highlightOnHover aria-label={t("evaluation.list")}>
      <Table.Tbody>
        {rows.map((row) => (
          <Table.Tr key={row.id}>
            <Table.Td>
              <Anchor component={Link} to={`../evaluations/${row.id}`} size="sm" fw={570}>
                {t("evaluation.name", {
                  model: row.model_name,
                  version: row.version_name,
                  split: t(`split.${row.split}`),
                })}
              </Anchor>
            </Table.Td>
            <Table.Td>
              {row.job !== null && row.job.state !== "succeeded" ? (
                <JobStateBadge state={row.job.state} />
              ) : (
                <Group gap={6}>
                  {Object.entries(row.summary)
                    .filter(([name]) => isFraction(name))
                    .slice(0, 4)
                    .map(([name, value]) => (
                      <Badge key={name} color="gray">
                        {metricName(name)} {formatPercent(value)}
                      </Badge>
                    ))}
                </Group>
              )}
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
