/** One finding: its pictures, the sentence, and the ways to what it speaks of. */
import { Button, Checkbox } from "@mantine/core";
import { IconPhoto } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { filtersFromRecord, filtersToSearch } from "../../api/imageFilters";
import type { Finding } from "../../api/types";
import { useProject, useProjectId } from "../../parts/useProjectId";
import { formatAgo, formatCount, formatDateTime } from "../../ui/format";
import { Swatch } from "../../ui/Swatch";
import { editorPath, objectOf } from "./checks";
import { FindingPicture } from "./FindingPicture";
import classes from "./Health.module.css";
import { SeverityIcon } from "./SeverityBadge";

const PICTURES = 4;
/** Images up to which each is named: of two duplicates one wants to know which. */
const NAMED = 2;

interface FindingCardProps {
  readonly finding: Finding;
  readonly rule: string;
  readonly selected: boolean;
  /** Null: the reader may only look. */
  readonly onSelect: (() => void) | null;
}

export function FindingCard({ finding, rule, selected, onSelect }: FindingCardProps) {
  const { t } = useTranslation();
  const label = useProject()?.classes.find((item) => item.id === finding.class);
  const project = useProjectId();
  return (
    <li className={classes.card} data-selected={selected || undefined}>
      <Pictures finding={finding} />
      {onSelect !== null && (
        <Checkbox
          className={classes.check ?? ""}
          size="sm"
          aria-label={t("health.selectFinding", { detail: finding.detail })}
          checked={selected}
          onChange={onSelect}
        />
      )}
      <div className={classes.words}>
        <p dir="auto">{finding.detail}</p>
        <div className={classes.facts}>
          <SeverityIcon severity={finding.severity} size={13} />
          <span>{rule}</span>
          {label !== undefined && (
            <span>
              <Swatch color={label.color} size={8} /> {label.name}
            </span>
          )}
        </div>
        {finding.image_ids.length <= NAMED &&
          finding.images.map((image) => (
            <span key={image.id} className={classes.name} title={image.name} dir="auto">
              {image.name}
            </span>
          ))}
        {finding.filter !== null && (
          <Button
            component={Link}
            size="compact-xs"
            variant="light"
            leftSection={<IconPhoto size={13} />}
            to={`/projects/${project}/images?${filtersToSearch(filtersFromRecord(finding.filter)).toString()}`}
          >
            {t("health.filterImages")}
          </Button>
        )}
        {finding.ignored !== null && (
          <span className={classes.dim} title={formatDateTime(finding.ignored.at)}>
            {finding.ignored.by === null
              ? t("health.ignoredAgo", { ago: formatAgo(finding.ignored.at) })
              : t("health.ignoredBy", { name: finding.ignored.by, ago: formatAgo(finding.ignored.at) })}
            {finding.ignored.note !== "" && ` · ${finding.ignored.note}`}
          </span>
        )}
      </div>
    </li>
  );
}

function Pictures({ finding }: { readonly finding: Finding }) {
  const { t } = useTranslation();
  const project = useProjectId();
  const shown = finding.images.slice(0, PICTURES);
  const object = objectOf(finding);
  const more = finding.image_ids.length - shown.length;
  if (shown.length === 0) return null;
  return (
    <div className={classes.pictures} data-count={shown.length}>
      {shown.map((image) => (
        <Link
          key={image.id}
          to={editorPath(project, image.id, object)}
          aria-label={t(object === null ? "health.openImage" : "health.openObject", { name: image.name })}
          title={image.name}
        >
          <FindingPicture image={image} objects={finding.objects.filter((item) => item.image === image.id)} />
        </Link>
      ))}
      {more > 0 && (
        <span className={`${classes.more ?? ""} num`}>{t("health.moreImages", { value: formatCount(more) })}</span>
      )}
    </div>
  );
}
