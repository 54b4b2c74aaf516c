/** One object that two people changed: both sides on the picture next to each other, and the choice between them. */
import { Button, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Conflict, ConflictSide } from "../../../editor";
import { imageFileUrl } from "../../../api/queries/images";
import { shapePath } from "../../../parts/shapePath";
import { useEditor } from "../EditorContext";
import { useSignal } from "../useSignal";
import { conflictView, differingFields, type Side } from "./conflictView";
import classes from "./Saving.module.css";

interface ConflictCardProps {
  readonly conflict: Conflict;
  readonly isFirst: boolean;
  readonly onChoose: (side: ConflictSide) => void;
}

export function ConflictCard({ conflict, isFirst, onChoose }: ConflictCardProps) {
  const { t } = useTranslation();
  const { mine, theirs, image, reason } = conflict;
  const fields = differingFields(conflict).map((field) => t(`conflict.field.${field}`));
  const both = mine !== null && theirs !== null;
  return (
    <section className={classes.conflict} aria-label={t("conflict.object", { image: image?.name ?? "" })}>
      <header>
        <Text size="sm" fw={550} truncate dir="auto">
          {image?.name}
        </Text>
        <Text size="xs" c="dimmed">
          {t(`conflict.reason.${reason}` as "conflict.reason.changed", { defaultValue: reason })}{" "}
          {fields.length > 0 && t("conflict.differing", { fields: fields.join(", ") })}
        </Text>
      </header>
      <div className={classes.sides}>
        <ConflictSideView conflict={conflict} side="mine">
          <Button size="compact-sm" onClick={() => onChoose("mine")} data-autofocus={isFirst || undefined}>
            {t("conflict.keep.mine")}
          </Button>
        </ConflictSideView>
        <ConflictSideView conflict={conflict} side="theirs">
          <Button size="compact-sm" variant="default" onClick={() => onChoose("theirs")}>
            {t("conflict.keep.theirs")}
          </Button>
        </ConflictSideView>
      </div>
      {both && (
        <Button size="compact-sm" variant="subtle" onClick={() => onChoose("both")} title={t("conflict.bothHelp")}>
          {t("conflict.keep.both")}
        </Button>
      )}
    </section>
  );
}

function ConflictSideView(props: {
  readonly conflict: Conflict;
  readonly side: Side;
  readonly children: React.ReactNode;
}) {
  const { t } = useTranslation();
  const { conflict, side, children } = props;
  const all = useSignal(useEditor().classes);
  const shown = conflict[side];
  const other = conflict[side === "mine" ? "theirs" : "mine"];
  const known = all.find((item) => item.classId === shown?.class);
  const { viewBox, width, height } = conflictView(conflict);
  return (
    <figure className={classes.side} data-side={side}>
      <svg viewBox={viewBox.join(" ")} role="img" aria-label={t(`conflict.side.${side}`)}>
        <image href={imageFileUrl(conflict.imageId)} width={width} height={height} />
        {other !== null && <path className={classes.other} d={shapePath(other.shape as Shape)?.d} />}
        {shown !== null && (
          <path
            d={shapePath(shown.shape as Shape)?.d}
            stroke={known?.color ?? "currentColor"}
            fill={shapePath(shown.shape as Shape)?.open === false ? (known?.color ?? "currentColor") : "none"}
            fillRule="evenodd"
          />
        )}
      </svg>
      <figcaption>
        <span>
          <b>{t(`conflict.side.${side}`)}</b>{" "}
          {shown === null ? t("conflict.deleted") : (known?.name ?? t("conflict.changed"))}
        </span>
        {children}
      </figcaption>
    </figure>
  );
}

type Shape = Readonly<Record<string, unknown>>;
