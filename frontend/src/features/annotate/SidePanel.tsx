/** The panels at the right of the canvas. */
import { memo } from "react";
import { useTranslation } from "react-i18next";
import { CommentPanel } from "./review/CommentPanel";
import { ReviewPanel } from "./review/ReviewPanel";
import { PredictionPanel } from "./PredictionPanel";
import { AttributePanel } from "./attributes/AttributePanel";
import { ClassPanel } from "./ClassPanel";
import { ImagePanel } from "./imageLabels/ImagePanel";
import { ObjectPanel } from "./objects/ObjectPanel";
import { SelectionPanel } from "./SelectionPanel";
import classes from "./Annotate.module.css";

interface SidePanelProps {
  readonly predicted: number;
  /** The image was submitted or judged. */
  readonly onDone: () => void;
}

export const SidePanel = memo(function SidePanel({ predicted, onDone }: SidePanelProps) {
  const { t } = useTranslation();
  return (
    <aside className={classes.side} data-region aria-label={t("editor.panels")}>
      <div className={classes.upper}>
        <PredictionPanel predicted={predicted} />
        <ClassPanel />
      </div>
      <div className={classes.details}>
        <SelectionPanel />
        <AttributePanel />
        <ImagePanel />
      </div>
      <ObjectPanel />
      <div className={classes.talk}>
        <CommentPanel />
        <ReviewPanel onDone={onDone} />
      </div>
    </aside>
  );
});
