/** The points of a selected skeleton with their visibility. */
import { SegmentedControl, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { AnnotationRecord, SkeletonShape, Visibility } from "../../../editor";
import { useEditor } from "../EditorContext";
import { useSignal } from "../useSignal";
import classes from "./Attributes.module.css";

interface SkeletonPointsProps {
  readonly object: AnnotationRecord;
  readonly shape: SkeletonShape;
  readonly disabled: boolean;
}

const MARKS: readonly { readonly value: Visibility; readonly sign: string }[] = [
  { value: 2, sign: "◆" },
  { value: 1, sign: "✕" },
  { value: 0, sign: "–" },
];

export function SkeletonPoints({ object, shape, disabled }: SkeletonPointsProps) {
  const { t } = useTranslation();
  const editor = useEditor();
  const names = useSignal(editor.classes).find((item) => item.classId === object.classId)?.skeleton?.points ?? [];
  return (
    <div>
      <Text size="xs">{t("label.points")}</Text>
      <ul className={classes.points} aria-label={t("label.points")}>
        {shape.points.map(([, , visibility], joint) => {
          const name = names[joint] ?? t("label.point", { number: joint + 1 });
          return (
            <li key={joint}>
              <span dir="auto">{name}</span>
              <SegmentedControl
                size="xs"
                aria-label={t("label.visibilityOf", { name })}
                value={String(visibility)}
                disabled={disabled}
                data={MARKS.map(({ value, sign }) => ({
                  value: String(value),
                  label: (
                    <span title={t(`label.visibility.${value}`)} aria-label={t(`label.visibility.${value}`)}>
                      {sign}
                    </span>
                  ),
                }))}
                onChange={(value) => editor.labels.setVisibility(object.id, joint, Number(value) as Visibility)}
              />
            </li>
          );
        })}
      </ul>
    </div>
  );
}
