/** A picture with boxes drawn over it, in the coordinates of the full-size picture. */
import { memo } from "react";
import classes from "./Picture.module.css";

export interface PictureBox {
  readonly key: string;
  /** x, y, width, height */
  readonly box: readonly number[];
  readonly color: string;
  readonly dashed?: boolean;
}

interface PictureProps {
  readonly src: string;
  readonly alt: string;
  readonly width: number;
  readonly height: number;
  readonly boxes?: readonly PictureBox[];
}

export const Picture = memo(function Picture({ src, alt, width, height, boxes = [] }: PictureProps) {
  return (
    <div className={classes.picture}>
      <img src={src} alt={alt} loading="lazy" decoding="async" draggable={false} />
      {boxes.length > 0 && (
        <svg viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="xMidYMid meet" aria-hidden>
          {boxes.map((item) => (
            <rect
              key={item.key}
              x={item.box[0]}
              y={item.box[1]}
              width={item.box[2]}
              height={item.box[3]}
              stroke={item.color}
              strokeDasharray={item.dashed ? "4 3" : undefined}
            />
          ))}
        </svg>
      )}
    </div>
  );
});
