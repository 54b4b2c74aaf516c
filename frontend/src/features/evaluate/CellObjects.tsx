/** The objects behind one cell of the confusion matrix, each on its image. */
import { Text } from "@mantine/core";
import { IconX } from "@tabler/icons-react";
import { useQueries, useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { evaluationCellsQuery } from "../../api/queries/evaluation";
import { imageQuery } from "../../api/queries/images";
import type { Evaluation, EvaluationCell } from "../../api/types";
import type { ImageRecord } from "../../api/types";
import { Loaded } from "../../parts/Loaded";
import { useProjectId } from "../../parts/useProjectId";
import { formatCompact, formatCount, formatDecimal } from "../../ui/format";
import { IconButton } from "../../ui/IconButton";
import { Section } from "../../ui/Page";
import { Picture } from "../../ui/Picture";
import type { Cell } from "./ConfusionMatrix";
import classes from "./Evaluate.module.css";
import { useLabelName } from "./useLabelName";

const SHOWN = 48;

interface CellObjectsProps {
  readonly evaluation: Evaluation;
  readonly cell: Cell;
  readonly threshold: number;
  readonly onClose: () => void;
}

export function CellObjects({ evaluation, cell, threshold, onClose }: CellObjectsProps) {
  const { t } = useTranslation();
  const query = useQuery(evaluationCellsQuery(evaluation.id, cell.truth, cell.predicted, threshold));
  const right = cell.truth === cell.predicted;
  const name = useLabelName();
  return (
    <Section
      title={t("evaluation.cellTitle", { truth: name(cell.truth), predicted: name(cell.predicted) })}
      note={query.data === undefined ? undefined : t("evaluation.cellCount", { count: query.data.total })}
      actions={
        <IconButton label={t("evaluation.closeCell")} onClick={onClose}>
          <IconX size={15} />
        </IconButton>
      }
    >
      <Loaded query={query} rows={2}>
        {(cells) => <Objects objects={cells.results} total={cells.total} color={right ? "#1f9d61" : "#d9483b"} />}
      </Loaded>
    </Section>
  );
}

interface ObjectsProps {
  readonly objects: readonly EvaluationCell[];
  readonly total: number;
  readonly color: string;
}

function Objects({ objects, total, color }: ObjectsProps) {
  const { t } = useTranslation();
  const project = useProjectId();
  const shown = objects.slice(0, SHOWN);
  const images = useQueries({ queries: [...new Set(shown.map((object) => object.image))].map((id) => imageQuery(id)) });
  const imageOf = new Map(images.flatMap((query) => (query.data === undefined ? [] : [[query.data.id, query.data]])));
  return (
    <>
      <ul className={classes.objects} aria-label={t("evaluation.objects")}>
        {shown.map((object, index) => {
          const image = imageOf.get(object.image);
          return (
            <li key={index}>
              <Link
                to={`/projects/${project}/images/${object.image}${object.annotation === null ? "" : `?object=${object.annotation}`}`}
                aria-label={image?.name ?? String(object.image)}
              >
                {image !== undefined && <ObjectPicture image={image} object={object} color={color} />}
              </Link>
              <span className="num">
                {object.pixels === undefined ? "" : t("evaluation.pixels", { value: formatCompact(object.pixels) })}
                {object.score === null ? "" : t("evaluation.score", { value: formatDecimal(object.score) })}
                {object.iou === null || object.iou === 0
                  ? ""
                  : ` · ${t("evaluation.iou", { value: formatDecimal(object.iou) })}`}
              </span>
            </li>
          );
        })}
      </ul>
      {total > SHOWN && (
        <Text size="xs" c="dimmed">
          {t("evaluation.moreObjects", { value: formatCount(total - SHOWN) })}
        </Text>
      )}
    </>
  );
}

function ObjectPicture(props: {
  readonly image: ImageRecord;
  readonly object: EvaluationCell;
  readonly color: string;
}) {
  const { image, object, color } = props;
  return (
    <Picture
      src={image.thumbnail_url}
      alt=""
      width={image.width}
      height={image.height}
      boxes={object.box === null ? [] : [{ key: "object", box: object.box, color }]}
    />
  );
}
