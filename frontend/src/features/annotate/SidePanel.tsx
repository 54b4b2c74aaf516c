/** The panels at the right of the canvas. */
import { memo } from "react";
import { deferred, Once } from "../../ui/deferred";
import { useEditor } from "./EditorContext";
import { useSignal } from "./useSignal";
import { useTranslation } from "react-i18next";
import { CommentPanel } from "./review/CommentPanel";
import { ReviewPanel } from "./review/ReviewPanel";
import { ClassPanel } from "./ClassPanel";
import { ImagePanel } from "./imageLabels/ImagePanel";
import { ObjectPanel } from "./objects/ObjectPanel";
import classes from "./Annotate.module.css";

const PredictionPanel = deferred(async () => (await import("./PredictionPanel")).PredictionPanel);
const SelectionPanel = deferred(async () => (await import("./SelectionPanel")).SelectionPanel);
const AttributePanel = deferred(async () => (await import("./attributes/AttributePanel")).AttributePanel);

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
        <Predicted predicted={predicted} />
        <ClassPanel />
      </div>
      <div className={classes.details}>
        <Selected />
        <ImagePanel />
      </div>
      <ObjectPanel />
      <div className={classes.talk}>
        <CommentPanel />
      </div>
      <div className={classes.judge}>
        <ReviewPanel onDone={onDone} />
      </div>
    </aside>
  );
});

/** Of a model, or of a tool that proposes objects. */
function Predicted({ predicted }: { readonly predicted: number }) {
  const editor = useEditor();
  const proposed = useSignal(editor.predictions).length;
  return (
    <Once when={predicted > 0 || proposed > 0}>
      <PredictionPanel predicted={predicted} />
    </Once>
  );
}

function Selected() {
  const editor = useEditor();
  return (
    <Once when={useSignal(editor.selection).size > 0}>
      <SelectionPanel />
      <AttributePanel />
    </Once>
  );
}
