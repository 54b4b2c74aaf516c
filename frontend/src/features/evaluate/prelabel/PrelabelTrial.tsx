/** What a batch would do, on the images that it was tried on. */
import { Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { imageFileUrl } from "../../../api/queries/images";
import type { AutoLabelTrial } from "../../../api/types";
import { useProject } from "../../../parts/useProjectId";
import { formatCount, formatDuration } from "../../../ui/format";
import { Picture } from "../../../ui/Picture";
import { LeftOutLine } from "./LeftOutLine";
import classes from "./Prelabel.module.css";

export function PrelabelTrial({ trial }: { readonly trial: AutoLabelTrial }) {
  const { t } = useTranslation();
  const known = useProject()?.classes ?? [];
  const colors = new Map(known.map((item) => [item.id, item.color]));
  return (
    <section className={classes.trial} aria-label={t("prelabel.samples")}>
      <Text size="sm" className="num">
        {t("prelabel.tried", {
          predictions: formatCount(trial.predictions),
          images: formatCount(trial.images),
          total: formatCount(trial.total),
          all: formatCount(trial.estimate.predictions),
          time: formatDuration(trial.estimate.seconds),
        })}
      </Text>
      <LeftOutLine counts={trial.left_out} />
      <ul className={classes.samples}>
        {trial.samples.map((sample) => (
          <li key={sample.image} title={sample.name}>
            <Picture
              src={imageFileUrl(sample.image)}
              alt={sample.name}
              width={sample.width}
              height={sample.height}
              boxes={sample.predictions.map((item, index) => ({
                key: String(index),
                box: item.box,
                color: colors.get(item.class) ?? "#8a8f98",
              }))}
            />
            <span className="num">{formatCount(sample.predictions.length)}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
