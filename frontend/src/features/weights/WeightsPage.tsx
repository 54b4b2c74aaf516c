/** Every file of weights the product can use: licence, size, state, how to get it with and without a network. */
import { Alert, Anchor, Badge, Button, Code, Group, Stack, Text } from "@mantine/core";
import { IconCircleCheckFilled, IconDownload, IconInfoCircle } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { fetchWeights, verifyWeights, weightsQuery } from "../../api/queries/smart";
import type { Weights } from "../../api/types";
import { JobLine } from "../../parts/JobLine";
import { Loaded } from "../../parts/Loaded";
import { useAction } from "../../parts/useAction";
import { useJob } from "../../parts/useJob";
import { Empty } from "../../ui/Empty";
import { formatBytes } from "../../ui/format";
import { Page } from "../../ui/Page";
import classes from "./WeightsPage.module.css";

export function Component() {
  const { t } = useTranslation();
  const query = useQuery(weightsQuery);
  return (
    <Page title={t("weights.title")} note={t("weights.note")}>
      <Stack gap="md" maw={980}>
        <Alert variant="light" color="gray" icon={<IconInfoCircle size={17} />} p="sm">
          {t("weights.byHand")}
        </Alert>
        <Loaded query={query}>
          {(items) =>
            items.length === 0 ? (
              <Empty title={t("weights.emptyTitle")}>{t("weights.empty")}</Empty>
            ) : (
              <ul className={classes.list}>
                {items.map((item) => (
                  <WeightsRow key={item.key} item={item} />
                ))}
              </ul>
            )
          }
        </Loaded>
      </Stack>
    </Page>
  );
}

const BADGES: Readonly<Record<Weights["state"], string>> = {
  present: "green",
  fetching: "accent",
  wrong: "orange",
  unverified: "gray",
  absent: "gray",
};

function WeightsRow({ item }: { readonly item: Weights }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const invalidate = [["weights"], ["smart-methods"], ["architectures"], ["jobs"]];
  const fetch = useAction(fetchWeights, { failure: t("weights.fetchFailed", { title: item.title }), invalidate });
  const verify = useAction(verifyWeights, { failure: t("weights.verifyFailed", { title: item.title }), invalidate });
  const job = useJob(item.job?.id ?? null, () => {
    for (const queryKey of invalidate) void client.invalidateQueries({ queryKey });
  });
  const present = item.state === "present";
  return (
    <li className={classes.row} aria-label={item.title}>
      <div className={classes.main}>
        <Group gap="xs">
          <h2>{item.title}</h2>
          <Badge color={BADGES[item.state]}>{t(`weights.state.${item.state}`)}</Badge>
          <Text size="xs" c="dimmed" className="num">
            {formatBytes(item.size)}
          </Text>
        </Group>
        <Text size="xs" c="dimmed">
          {t("weights.licence", { licence: item.licence })}
          {item.terms !== "" && ` · ${item.terms}`}
        </Text>
        {item.used_by.length > 0 && (
          <Text size="xs" c="dimmed">
            {t("weights.usedBy", { names: item.used_by.join(", ") })}
          </Text>
        )}
        {!present && item.reason !== "" && (
          <Text size="xs" c={item.state === "absent" ? "dimmed" : "var(--warn)"}>
            {item.reason}
          </Text>
        )}
        <div className={classes.file}>
          <Code dir="auto">{item.filename}</Code>
          <Text size="xs" c="var(--faint)" component="span" title={item.sha256}>
            {t("weights.hash", { hash: item.sha256.slice(0, 16) })}
          </Text>
          {item.url !== "" && (
            <Anchor size="xs" href={item.url} target="_blank" rel="noreferrer">
              {t("weights.source")}
            </Anchor>
          )}
        </div>
        {job !== null && !present && (
          <div className={classes.job}>
            <JobLine job={job} />
          </div>
        )}
      </div>
      {present ? (
        <IconCircleCheckFilled size={20} color="var(--good)" aria-hidden />
      ) : (
        <Group gap="xs" wrap="nowrap">
          <Button
            variant={item.state === "unverified" ? "filled" : "default"}
            aria-label={`${t("weights.verify")}: ${item.title}`}
            loading={verify.isPending}
            onClick={() => verify.mutate(item.key)}
          >
            {t("weights.verify")}
          </Button>
          <Button
            variant="light"
            leftSection={<IconDownload size={14} />}
            aria-label={`${t("weights.fetch")}: ${item.title}`}
            disabled={item.state === "fetching"}
            loading={fetch.isPending}
            onClick={() => fetch.mutate(item.key)}
          >
            {t("weights.fetch")}
          </Button>
        </Group>
      )}
    </li>
  );
}
