/** The points of a skeleton in their order, to be renamed and taken away; the keyboard's way to draw one. */
import { Button, TextInput } from "@mantine/core";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { IconButton } from "../../../ui/IconButton";
import { addPoint, removePoint, renamePoint, type SkeletonDraft } from "./template";
import classes from "./Skeleton.module.css";

interface PointListProps {
  readonly draft: SkeletonDraft;
  readonly onChange: (draft: SkeletonDraft) => void;
}

export function PointList({ draft, onChange }: PointListProps) {
  const { t } = useTranslation();
  return (
    <div className={classes.list}>
      {draft.points.map((point, index) => (
        <div key={index} className={classes.point}>
          <span className="num">{index + 1}</span>
          <TextInput
            size="xs"
            aria-label={t("settings.pointName", { number: index + 1 })}
            value={point.name}
            onChange={(event) => onChange(renamePoint(draft, index, event.currentTarget.value))}
          />
          <IconButton
            label={t("settings.removePoint", { name: point.name })}
            size={24}
            danger
            onClick={() => onChange(removePoint(draft, index))}
          >
            <IconTrash size={14} />
          </IconButton>
        </div>
      ))}
      <Button
        size="xs"
        variant="default"
        leftSection={<IconPlus size={13} />}
        onClick={() => onChange(addPoint(draft, t("settings.newPoint", { number: draft.points.length + 1 }), 0.5, 0.5))}
      >
        {t("settings.addPoint")}
      </Button>
    </div>
  );
}
