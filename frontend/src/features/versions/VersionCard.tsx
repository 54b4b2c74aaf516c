/** One version: name, split, statistics per class, and the ways on (images, export, train). */
import { Anchor, Button, Group, Text, Tooltip } from "@mantine/core";
import { IconArrowsExchange, IconGitCompare, IconPhoto, IconRestore, IconTimeline } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { Version } from "../../api/types";
import { RestoreDialog } from "../../parts/RestoreDialog";
import { roleAtLeast, useProject, useProjectId } from "../../parts/useProjectId";
import { formatAgo, formatCount, formatDateTime } from "../../ui/format";
import { LeakBadge } from "./LeakBadge";
import { RecipeChips } from "./RecipeChips";
import { StatisticsTable } from "./StatisticsTable";
import classes from "./Versions.module.css";

interface VersionCardProps {
  readonly version: Version;
  /** Starts a new version with this one's recipe. */
  readonly onReuse: () => void;
}

export function VersionCard({ version, onReuse }: VersionCardProps) {
  const { t } = useTranslation();
  const { statistics, split } = version;
  const base = `/projects/${useProjectId()}`;
  const mayRestore = roleAtLeast(useProject(), "manager");
  const [restoring, setRestoring] = useState(false);
  return (
    <section className={classes.card} aria-label={version.name}>
      <header className={classes.head}>
        <span className={`${classes.number ?? ""} num`}>{t("versions.short", { number: version.number })}</span>
        <h2 dir="auto">{version.name}</h2>
        <Text size="xs" c="dimmed" className="num">
          {t("versions.revision", { number: version.revision })} ·{" "}
          <span title={formatDateTime(version.created_at)}>{formatAgo(version.created_at)}</span>
          {version.author !== null && ` · ${version.author}`}
        </Text>
        <Group gap="xs" ms="auto" wrap="nowrap">
          <Button
            component={Link}
            to={`${base}/compare?from_version=${version.id}`}
            variant="default"
            leftSection={<IconGitCompare size={14} />}
          >
            {t("versions.compare")}
          </Button>
          {mayRestore && (
            <Button variant="default" leftSection={<IconRestore size={14} />} onClick={() => setRestoring(true)}>
              {t("restore.action")}
            </Button>
          )}
          <Button
            component={Link}
            to={`${base}/exchange?version=${version.id}`}
            variant="default"
            leftSection={<IconArrowsExchange size={14} />}
          >
            {t("versions.export")}
          </Button>
          <Button
            component={Link}
            to={`${base}/train?version=${version.id}`}
            variant="default"
            leftSection={<IconTimeline size={14} />}
          >
            {t("versions.train")}
          </Button>
        </Group>
      </header>
      {version.notes !== "" && (
        <Text size="sm" mb={8}>
          {version.notes}
        </Text>
      )}
      <div className={`${classes.facts ?? ""} num`}>
        <span>
          <IconPhoto size={13} />{" "}
          {t("versions.images", { count: statistics.images, value: formatCount(statistics.images) })}
        </span>
        <span>
          {t("versions.annotations", { count: statistics.annotations, value: formatCount(statistics.annotations) })}
        </span>
        <span>{t("versions.seed", { seed: split.seed })}</span>
        <span>{split.stratify ? t("versions.stratified") : t("versions.notStratified")}</span>
        <span>
          {split.group_by.startsWith("tag:")
            ? t("versions.groupByTag", { prefix: split.group_by.slice("tag:".length) })
            : t(`versions.groupBy.${split.group_by as "group"}`)}
        </span>
        {split.pattern !== "" && <span>{t("versions.groupByPattern", { pattern: split.pattern })}</span>}
        {split.sticky !== null && <span>{t("versions.isSticky")}</span>}
        <LeakBadge version={version} />
        <Tooltip label={version.digest}>
          <span className={classes.digest}>{version.digest.slice(0, 12)}</span>
        </Tooltip>
      </div>
      <RecipeChips version={version} onReuse={onReuse} />
      <StatisticsTable
        statistics={statistics}
        linkOf={(name, label) => (
          <Anchor component={Link} to={`${base}/images?version=${version.id}&split=${name}`} size="xs">
            {label}
          </Anchor>
        )}
      />
      {restoring && (
        <RestoreDialog
          part={{ revision: version.revision }}
          what={t("restore.version", { name: version.name })}
          onClose={() => setRestoring(false)}
        />
      )}
    </section>
  );
}
