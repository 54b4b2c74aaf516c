/** One project as a card. */
import { Badge, Tooltip } from "@mantine/core";
import { IconPhoto } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { Project } from "../../api/types";
import { STATE_COLORS } from "../../parts/StateBadge";
import { formatCompact, formatCount } from "../../ui/format";
import { StackBar } from "../../ui/StackBar";
import { Swatch } from "../../ui/Swatch";
import classes from "./ProjectCard.module.css";

const DONE = ["annotated", "verified_empty", "skipped", "in_progress"] as const;
const CLASSES_SHOWN = 5;

export function ProjectCard({ project }: { readonly project: Project }) {
  const { t } = useTranslation();
  const { counts } = project;
  const done = counts.annotated + counts.verified_empty + counts.skipped;
  const percent = counts.images === 0 ? 0 : Math.floor((100 * done) / counts.images);
  return (
    <div className={classes.card}>
      <Covers urls={project.covers} />
      <div className={classes.body}>
        <div className={classes.head}>
          <h2 dir="auto">
            <Link to={`/projects/${project.id}/images`}>{project.name}</Link>
          </h2>
          <Badge color="gray">{t(`task.${project.task}` as "task.detection", { defaultValue: project.task })}</Badge>
        </div>
        <div className={`${classes.counts ?? ""} num`}>
          <span>{t("projects.images", { count: counts.images, value: formatCount(counts.images) })}</span>
          <span>
            {t("projects.annotations", { count: counts.annotations, value: formatCompact(counts.annotations) })}
          </span>
          <span className={classes.percent}>{t("projects.done", { percent })}</span>
        </div>
        <StackBar
          label={t("projects.progress")}
          total={counts.images}
          parts={DONE.map((state) => ({
            key: state,
            label: t(`imageState.${state}`),
            value: counts[state],
            color: STATE_COLORS[state],
          }))}
        />
        <div className={classes.classes}>
          {project.classes.slice(0, CLASSES_SHOWN).map((item) => (
            <span key={item.id}>
              <Swatch color={item.color} size={8} /> {item.name}
            </span>
          ))}
          {project.classes.length > CLASSES_SHOWN && (
            <Tooltip
              label={project.classes
                .slice(CLASSES_SHOWN)
                .map((item) => item.name)
                .join(", ")}
            >
              <span>{t("projects.moreClasses", { number: project.classes.length - CLASSES_SHOWN })}</span>
            </Tooltip>
          )}
        </div>
      </div>
    </div>
  );
}

function Covers({ urls }: { readonly urls: readonly string[] }) {
  if (urls.length === 0) {
    return (
      <div className={classes.covers} data-count={0}>
        <IconPhoto size={26} stroke={1.3} />
      </div>
    );
  }
  const shown = urls.slice(0, 4);
  return (
    <div className={classes.covers} data-count={shown.length}>
      {shown.map((url) => (
        <img key={url} src={url} alt="" loading="lazy" />
      ))}
    </div>
  );
}
