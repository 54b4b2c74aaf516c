/** The square on which a skeleton is drawn: points are set and dragged, or two of them joined by a click on each. */
import { type PointerEvent, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { addPoint, movePoint, type SkeletonDraft, type SkeletonMode, togglePair } from "./template";
import classes from "./Skeleton.module.css";

interface SkeletonCanvasProps {
  readonly draft: SkeletonDraft;
  readonly mode: SkeletonMode;
  readonly color: string;
  readonly onChange: (draft: SkeletonDraft) => void;
}

const SIDE = 360;
const MARGIN = 24;
const REACH = 14;

const toScreen = (value: number): number => MARGIN + value * (SIDE - 2 * MARGIN);
const toPlace = (value: number): number => (value - MARGIN) / (SIDE - 2 * MARGIN);

export function SkeletonCanvas({ draft, mode, color, onChange }: SkeletonCanvasProps) {
  const { t } = useTranslation();
  const square = useRef<SVGSVGElement>(null);
  const [held, setHeld] = useState<number | null>(null);
  const [from, setFrom] = useState<number | null>(null);

  const place = (event: PointerEvent) => {
    const box = square.current?.getBoundingClientRect();
    const scale = SIDE / (box?.width ?? SIDE);
    return { x: (event.clientX - (box?.left ?? 0)) * scale, y: (event.clientY - (box?.top ?? 0)) * scale };
  };
  const pointAt = ({ x, y }: { x: number; y: number }) =>
    draft.points.findIndex((point) => Math.hypot(toScreen(point.x) - x, toScreen(point.y) - y) <= REACH);

  const press = (event: PointerEvent) => {
    event.currentTarget.setPointerCapture(event.pointerId);
    const at = place(event);
    const index = pointAt(at);
    if (mode === "points") {
      if (index < 0) {
        const name = t("settings.newPoint", { number: draft.points.length + 1 });
        onChange(addPoint(draft, name, toPlace(at.x), toPlace(at.y)));
      }
      setHeld(index < 0 ? draft.points.length : index);
      return;
    }
    if (index < 0 || from === null) setFrom(index < 0 ? null : index);
    else {
      onChange(togglePair(draft, mode, from, index));
      setFrom(null);
    }
  };
  const move = (event: PointerEvent) => {
    if (held === null) return;
    const { x, y } = place(event);
    onChange(movePoint(draft, held, toPlace(x), toPlace(y)));
  };

  const line = ([a, b]: readonly [number, number], field: "edges" | "mirrored") => {
    const [one, other] = [draft.points[a], draft.points[b]];
    if (!one || !other) return null;
    const ends = { x1: toScreen(one.x), y1: toScreen(one.y), x2: toScreen(other.x), y2: toScreen(other.y) };
    return <line key={`${field}-${a}-${b}`} className={classes[field]} stroke={color} {...ends} />;
  };
  return (
    <svg
      ref={square}
      className={classes.square}
      viewBox={`0 0 ${SIDE} ${SIDE}`}
      role="img"
      aria-label={t("settings.skeletonCanvas")}
      onPointerDown={press}
      onPointerMove={move}
      onPointerUp={() => setHeld(null)}
      onPointerCancel={() => setHeld(null)}
    >
      {draft.edges.map((pair) => line(pair, "edges"))}
      {mode === "mirrored" && draft.mirrored.map((pair) => line(pair, "mirrored"))}
      {draft.points.map((point, index) => (
        <g key={index} data-chosen={from === index || undefined} className={classes.joint}>
          <circle cx={toScreen(point.x)} cy={toScreen(point.y)} r={6} fill={color} />
          <text x={toScreen(point.x) + 9} y={toScreen(point.y) - 7}>
            {point.name}
          </text>
        </g>
      ))}
    </svg>
  );
}
