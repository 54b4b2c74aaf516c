/** The image as it was at an earlier revision: dashed over the picture, or the same place of it in the right half. */
import { queryOptions, useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { fetchAnnotations, imageFileUrl } from "../../../api/queries/images";
import { shapePath } from "../../../parts/shapePath";
import { useEditor } from "../EditorContext";
import { useSignal } from "../useSignal";
import { useReviewView } from "./ReviewView";
import classes from "./Review.module.css";

const NO_CLASS = "#8a8f98";

const earlierQuery = (image: number, revision: number) =>
  queryOptions({
    queryKey: ["annotations", image, "at", revision],
    queryFn: ({ signal }) => fetchAnnotations(image, signal, revision),
    // What was cannot change.
    staleTime: Infinity,
    enabled: revision > 0,
  });

export function EarlierLayer() {
  const { t } = useTranslation();
  const editor = useEditor();
  const { image, earlier } = useReviewView();
  const size = useSignal(editor.image);
  const known = useSignal(editor.classes);
  const query = useQuery(earlierQuery(image, earlier?.revision ?? 0));
  if (earlier === null || size === null || query.data === undefined) return null;
  const colors = new Map(known.map((item) => [item.classId, item.color]));
  return (
    <div className={classes.earlier} data-mode={earlier.mode} role="img" aria-label={t("review.earlierShown")}>
      <svg>
        <Placed>
          {earlier.mode === "beside" && <image href={imageFileUrl(image)} width={size.width} height={size.height} />}
          {query.data.annotations.map((object) => {
            const path = shapePath(object.shape);
            const color = colors.get(object.class) ?? NO_CLASS;
            return path === null ? null : (
              <path
                key={object.uuid}
                d={path.d}
                fill={path.open ? "none" : color}
                fillOpacity={earlier.mode === "beside" ? 0.15 : 0}
                fillRule="evenodd"
                stroke={color}
                vectorEffect="non-scaling-stroke"
              />
            );
          })}
        </Placed>
      </svg>
      {earlier.mode === "beside" && <span className={classes.caption}>{t("review.earlierShown")}</span>}
    </div>
  );
}

/** Follows the camera; what is in it is not rendered anew for that. */
function Placed({ children }: { readonly children: ReactNode }) {
  const { x, y, zoom } = useSignal(useEditor().camera.state);
  return <g transform={`translate(${x} ${y}) scale(${zoom})`}>{children}</g>;
}
