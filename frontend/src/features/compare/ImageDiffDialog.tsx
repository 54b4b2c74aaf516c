/** One picture with both sides of a comparison over it: before dashed, after solid, in the colour of what changed. */
import { Button, Checkbox, Modal, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { imageDiffQuery } from "../../api/queries/diff";
import { imageFileUrl } from "../../api/queries/images";
import type { DiffAnnotation, DiffEnds, DiffImage, DiffObject, ImageDiff } from "../../api/types";
import { Loaded } from "../../parts/Loaded";
import { useProject, useProjectId } from "../../parts/useProjectId";
import { shapePath } from "../../parts/shapePath";
import { Swatch } from "../../ui/Swatch";
import classes from "./Compare.module.css";
import { colorOf, KINDS } from "./kinds";
import { formatDecimal } from "../../ui/format";

type Layer = "before" | "after" | "unchanged";

const LAYERS: readonly Layer[] = ["before", "after", "unchanged"];
const UNCHANGED = "#8a8f98";

interface ImageDiffDialogProps {
  readonly image: DiffImage;
  readonly ends: DiffEnds;
  readonly onClose: () => void;
}

export function ImageDiffDialog({ image, ends, onClose }: ImageDiffDialogProps) {
  const { t } = useTranslation();
  const query = useQuery(imageDiffQuery(image.id, ends));
  return (
    <Modal
      opened
      onClose={onClose}
      title={image.name}
      size="min(1360px, 96vw)"
      closeButtonProps={{ "aria-label": t("actions.close") }}
    >
      <Loaded query={query}>{(diff) => <Viewer image={image} diff={diff} />}</Loaded>
    </Modal>
  );
}

function Viewer({ image, diff }: { readonly image: DiffImage; readonly diff: ImageDiff }) {
  const { t } = useTranslation();
  const project = useProjectId();
  const [layers, setLayers] = useState<ReadonlySet<Layer>>(new Set(LAYERS));
  const [hot, setHot] = useState<string | null>(null);
  const toggle = (layer: Layer) =>
    setLayers((now) => new Set(LAYERS.filter((item) => now.has(item) !== (item === layer))));
  return (
    <div className={classes.viewer}>
      <div className={classes.stage}>
        <img src={imageFileUrl(image.id)} alt={image.name} draggable={false} />
        <svg viewBox={`0 0 ${image.width} ${image.height}`} preserveAspectRatio="xMidYMid meet" aria-hidden>
          {layers.has("unchanged") &&
            diff.unchanged.map((item) => <Outline key={item.uuid} annotation={item} color={UNCHANGED} />)}
          {diff.objects.map((object) => (
            <g key={object.uuid} onPointerEnter={() => setHot(object.uuid)} onPointerLeave={() => setHot(null)}>
              {layers.has("before") && object.from !== null && (
                <Outline annotation={object.from} color={colorOf(object)} dashed hot={hot === object.uuid} />
              )}
              {layers.has("after") && object.to !== null && (
                <Outline annotation={object.to} color={colorOf(object)} hot={hot === object.uuid} />
              )}
            </g>
          ))}
        </svg>
      </div>
      <div className={classes.side}>
        <div className={classes.legend} role="group" aria-label={t("compare.show")}>
          {LAYERS.map((layer) => (
            <Checkbox
              key={layer}
              size="xs"
              label={t(`compare.${layer}`)}
              checked={layers.has(layer)}
              onChange={() => toggle(layer)}
            />
          ))}
        </div>
        <StateChange diff={diff} />
        {diff.objects.length === 0 ? (
          <Text size="sm" c="dimmed" flex={1}>
            {t("compare.noObjects")}
          </Text>
        ) : (
          <ul className={classes.objects} aria-label={t("compare.changes")}>
            {diff.objects.map((object) => (
              <li
                key={object.uuid}
                onPointerEnter={() => setHot(object.uuid)}
                onPointerLeave={() => setHot(null)}
                data-hot={hot === object.uuid || undefined}
              >
                <ObjectLine object={object} />
              </li>
            ))}
          </ul>
        )}
        {image.to !== null && (
          <Button component={Link} to={`/projects/${project}/images/${image.id}`} variant="default">
            {t("compare.inEditor")}
          </Button>
        )}
      </div>
    </div>
  );
}

function Outline(props: {
  readonly annotation: DiffAnnotation;
  readonly color: string;
  readonly dashed?: boolean;
  readonly hot?: boolean;
}) {
  const path = shapePath(props.annotation.shape);
  if (path === null) return null;
  return (
    <path
      d={path.d}
      stroke={props.color}
      fill={path.open ? "none" : props.color}
      fillRule="evenodd"
      strokeDasharray={props.dashed === true ? "5 4" : undefined}
      data-filled={path.open ? undefined : true}
      data-hot={props.hot === true ? true : undefined}
    />
  );
}

function ObjectLine({ object }: { readonly object: DiffObject }) {
  const { t } = useTranslation();
  const known = new Map((useProject()?.classes ?? []).map((item) => [item.id, item.name]));
  const nameOf = (side: DiffAnnotation | null) =>
    side === null ? null : (known.get(side.class) ?? t("compare.noClass"));
  const names = [nameOf(object.from), nameOf(object.to)].filter(
    (name, index, all) => name !== null && all.indexOf(name) === index,
  );
  const author = (object.to ?? object.from)?.created_by;
  return (
    <>
      <Swatch color={colorOf(object)} /> {names.join(" → ")}
      <small className="num">
        {KINDS.filter((kind) => object.kinds.includes(kind))
          .map((kind) => t(`compare.kind.${kind}`))
          .join(", ")}
        {object.iou !== null && ` · ${t("compare.overlap", { value: formatDecimal(object.iou) })}`}
        {author === null || author === undefined ? "" : ` · ${author}`}
      </small>
    </>
  );
}

function StateChange({ diff }: { readonly diff: ImageDiff }) {
  const { t } = useTranslation();
  const { from, to } = diff;
  if (from === null || to === null) return null;
  const text = (value: string) => (value === "" ? t("compare.none") : value);
  const lines = [
    from.state !== to.state &&
      t("compare.stateOf", { from: t(`imageState.${from.state}`), to: t(`imageState.${to.state}`) }),
    from.split !== to.split && t("compare.splitOf", { from: text(from.split), to: text(to.split) }),
    from.tags.join() !== to.tags.join() &&
      t("compare.tagsOf", { from: text(from.tags.join(", ")), to: text(to.tags.join(", ")) }),
    from.group !== to.group && t("compare.groupOf", { from: text(from.group), to: text(to.group) }),
  ].filter((line) => line !== false);
  return (
    <>
      {lines.map((line) => (
        <Text key={line} size="xs">
          {line}
        </Text>
      ))}
    </>
  );
}
