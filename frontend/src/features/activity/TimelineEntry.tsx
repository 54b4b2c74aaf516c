/** One entry of the timeline: what was done, by whom, how much, on which pictures; and the ways on from it. */
import { Avatar, Badge, Button, Menu, Text } from "@mantine/core";
import { IconArrowBackUp, IconDots, IconGitCompare, IconRestore, IconStack2 } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { NounCounts, Revision } from "../../api/types";
import { useProject, useProjectId } from "../../parts/useProjectId";
import { formatAgo, formatCount, formatDateTime } from "../../ui/format";
import { IconButton } from "../../ui/IconButton";
import { Swatch } from "../../ui/Swatch";
import classes from "./Activity.module.css";

const CLASSES_SHOWN = 4;
const NOUNS = ["objects", "images", "classes"] as const;

export interface EntryActs {
  readonly onRevert: (row: Revision) => void;
  readonly onRestore: (row: Revision) => void;
}

interface TimelineEntryProps extends EntryActs {
  readonly row: Revision;
  readonly mayChange: boolean;
  /** The timeline is of one image. */
  readonly image?: number | undefined;
}

export function TimelineEntry({ row, mayChange, image, onRevert, onRestore }: TimelineEntryProps) {
  const { t } = useTranslation();
  const project = useProjectId();
  return (
    <li className={classes.entry} data-reverted={row.is_reverted || undefined}>
      <span className={`${classes.number ?? ""} num`}>
        {row.revisions > 1 ? t("activity.range", { first: row.first_number, last: row.number }) : row.number}
      </span>
      <div className={classes.what}>
        <span className={classes.message}>
          {row.message === "" ? t(`activity.kinds.${row.kind}` as "activity.kinds.edit", row.kind) : row.message}
        </span>
        <Badges row={row} />
        <Text size="xs" c="dimmed" component="div" className={classes.byline}>
          {row.author !== null && (
            <>
              <Avatar size={16} radius="xl" name={row.author} color="initials" /> {row.author} ·{" "}
            </>
          )}
          <span title={formatDateTime(row.created_at)}>{formatAgo(row.created_at)}</span>
          {row.touched > 0 && ` · ${t("activity.touched", { count: row.touched, value: formatCount(row.touched) })}`}
        </Text>
      </div>
      <Counts row={row} />
      <span className={classes.sample}>
        {row.sample.map((item) => (
          <Link key={item.image} to={`/projects/${project}/images/${item.image}`} title={item.name}>
            <img src={item.thumbnail_url} alt={item.name} loading="lazy" />
          </Link>
        ))}
      </span>
      <span className={classes.acts}>
        <Button
          component={Link}
          to={`../compare?from=${row.first_number - 1}&to=${row.number}`}
          size="compact-xs"
          variant="subtle"
          leftSection={<IconGitCompare size={13} />}
          aria-label={t("activity.showChangesNamed", { number: row.number })}
        >
          {t("activity.showChanges")}
        </Button>
        {mayChange && !row.is_reverted && (
          <Button
            size="compact-xs"
            variant="default"
            leftSection={<IconArrowBackUp size={13} />}
            aria-label={t("activity.revertNamed", { number: row.number })}
            onClick={() => onRevert(row)}
          >
            {t("activity.revert")}
          </Button>
        )}
        {mayChange && (
          <Menu position="bottom-end" shadow="md" width={270}>
            <Menu.Target>
              <IconButton label={t("activity.menu", { number: row.number })} size={24}>
                <IconDots size={15} />
              </IconButton>
            </Menu.Target>
            <Menu.Dropdown>
              <Menu.Item leftSection={<IconRestore size={14} />} onClick={() => onRestore(row)}>
                {image === undefined ? t("activity.restoreHere") : t("activity.restoreImage")}
              </Menu.Item>
            </Menu.Dropdown>
          </Menu>
        )}
      </span>
    </li>
  );
}

function Badges({ row }: { readonly row: Revision }) {
  const { t } = useTranslation();
  return (
    <>
      {row.versions.map((version) => (
        <Badge key={version.id} color="accent" ms={8} leftSection={<IconStack2 size={11} />}>
          {t("activity.named", { number: version.number, name: version.name })}
        </Badge>
      ))}
      {row.is_running && (
        <Badge color="orange" ms={8}>
          {t("activity.running")}
        </Badge>
      )}
      {row.is_reverted && (
        <Badge color="gray" ms={8}>
          {row.reverted_by === null ? t("activity.wasReverted") : t("activity.revertedBy", { number: row.reverted_by })}
        </Badge>
      )}
    </>
  );
}

function Counts({ row }: { readonly row: Revision }) {
  const { t } = useTranslation();
  const known = new Map((useProject()?.classes ?? []).map((item) => [item.id, item]));
  const shown = row.per_class.filter((item) => known.has(item.class));
  return (
    <div className={`${classes.counts ?? ""} num`}>
      {NOUNS.map((noun) => (
        <Noun key={noun} title={t(`activity.${noun}`)} counts={row.counts[noun]} />
      ))}
      {shown.length > 0 && (
        <span className={classes.perClass}>
          {shown.slice(0, CLASSES_SHOWN).map((item) => (
            <span key={item.class} title={known.get(item.class)?.name}>
              <Swatch color={known.get(item.class)?.color ?? "var(--faint)"} size={8} />
              {item.added > 0 && ` +${formatCount(item.added)}`}
              {item.removed > 0 && ` −${formatCount(item.removed)}`}
            </span>
          ))}
        </span>
      )}
    </div>
  );
}

function Noun({ title, counts }: { readonly title: string; readonly counts: NounCounts }) {
  if (counts.added + counts.removed + counts.changed === 0) return null;
  return (
    <span className={classes.noun}>
      {title} {counts.added > 0 && <b data-tone="good">+{formatCount(counts.added)}</b>}{" "}
      {counts.removed > 0 && <b data-tone="bad">−{formatCount(counts.removed)}</b>}{" "}
      {counts.changed > 0 && <b data-tone="accent">±{formatCount(counts.changed)}</b>}
    </span>
  );
}
