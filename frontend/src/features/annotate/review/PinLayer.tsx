/** Pins of the comments over the picture; they follow the camera, and the object that they speak of. */
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { commentsQuery } from "../../../api/queries/review";
import { type AnnotationRecord, shapeUtil } from "../../../editor";
import { useEditor } from "../EditorContext";
import { useSignal } from "../useSignal";
import { useReviewView } from "./ReviewView";
import classes from "./Review.module.css";

type Point = readonly [x: number, y: number];

/** The upper right corner of the object as it is now. */
function cornerOf(object: AnnotationRecord | undefined): Point | null {
  const box = object === undefined ? null : shapeUtil(object.shape).bounds(object.shape);
  return box === null ? null : [box[0] + box[2], box[1]];
}

export function PinLayer() {
  const { t } = useTranslation();
  const editor = useEditor();
  const { image, shown, draft, onShow } = useReviewView();
  const camera = useSignal(editor.camera.state);
  const objects = useSignal(editor.objects);
  const tool = useSignal(editor.toolPath);
  const comments = useQuery(commentsQuery(image)).data ?? [];
  const place = (point: Point) => ({
    transform: `translate(${point[0] * camera.zoom + camera.x}px, ${point[1] * camera.zoom + camera.y}px)`,
  });
  const pins = comments.map((comment, index) => {
    const live = comment.object === null ? undefined : objects.find((object) => object.id === comment.object);
    const kept = comment.point === null ? null : ([comment.point[0] ?? 0, comment.point[1] ?? 0] as const);
    return { comment, number: index + 1, point: cornerOf(live) ?? kept };
  });
  const drafted = draft?.point ?? cornerOf(objects.find((object) => object.id === draft?.object));
  return (
    // While a tool draws, a click on a pin is a click on the picture.
    <div className={classes.pins} data-passive={!tool.startsWith("select") || undefined}>
      {pins.map(({ comment, number, point }) =>
        point === null ? null : (
          <button
            key={comment.id}
            type="button"
            className={classes.pin}
            style={place(point)}
            data-resolved={comment.resolved_at !== null || undefined}
            data-shown={comment.id === shown || undefined}
            aria-label={t("comment.pin", { number, text: comment.text })}
            onClick={() => onShow(comment.id)}
          >
            <span>{number}</span>
          </button>
        ),
      )}
      {drafted != null && (
        <span className={classes.pin} style={place(drafted)} data-draft>
          <span />
        </span>
      )}
    </div>
  );
}
