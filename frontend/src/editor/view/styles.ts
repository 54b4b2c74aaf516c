/** Owns the colours and line styles of objects. */

import { shapeUtil } from "../shapes";
import type { Edges } from "../shapes/ShapeUtil";
import type { ObjectRecord } from "../store/records";
import type { ViewSettings } from "../store/session";
import type { Store } from "../store/Store";
import { isAside } from "./aside";

export interface PaintStyle {
  readonly color: string;
  /** Of the fill, 0 … 1. */
  readonly fill: number;
  /** CSS pixels; 0 = no outline. */
  readonly width: number;
  /** CSS pixels; empty = solid. */
  readonly dash: readonly number[];
  /** Which points of a skeleton are connected. */
  readonly edges?: Edges;
}

export const SELECTED_WIDTH = 2.5;
const WIDTH = 1.5;
const GHOST_DASH = [5, 4];
const SOLID: readonly number[] = [];
const NO_EDGES: Edges = [];
const NO_CLASS = "#9a9a9a";

/** Distinguishable for colour-blind people on light and dark pictures (Okabe and Ito). */
const OBJECT_COLORS = ["#e69f00", "#56b4e9", "#009e73", "#f0e442", "#0072b2", "#d55e00", "#cc79a7"] as const;
const SOURCE_COLORS: Readonly<Record<string, string>> = {
  human: "#56b4e9",
  import: "#e69f00",
  method: "#009e73",
  run: "#cc79a7",
  model: "#cc79a7",
};

export function recordToStyle(record: ObjectRecord, store: Store, settings: ViewSettings): PaintStyle {
  const aside = isAside(record, settings);
  const color = aside ? NO_CLASS : recordToColor(record, store, settings);
  const edges = recordToEdges(record, store);
  if (aside) return { color, fill: settings.opacity / 4, width: WIDTH / 2, dash: SOLID, edges };
  if (record.kind === "prediction") {
    return { color, fill: settings.opacity / 3, width: WIDTH, dash: GHOST_DASH, edges };
  }
  const isLine = shapeUtil(record.shape).paint === "line";
  return { color, fill: settings.opacity, width: settings.outlines || isLine ? WIDTH : 0, dash: SOLID, edges };
}

export function recordToEdges(record: ObjectRecord, store: Store): Edges {
  return store.findClass(record.classId)?.skeleton?.edges ?? NO_EDGES;
}

export function recordToColor(record: ObjectRecord, store: Store, settings: ViewSettings): string {
  if (settings.colorBy === "object") return OBJECT_COLORS[record.order % OBJECT_COLORS.length] ?? NO_CLASS;
  if (settings.colorBy === "source") {
    const source = record.kind === "prediction" ? "run" : (record.source.split(":")[0] ?? "");
    return SOURCE_COLORS[source] ?? NO_CLASS;
  }
  return classToColor(record.classId, store);
}

export function classToColor(classId: number | null, store: Store): string {
  return (classId === null ? null : store.findClass(classId))?.color ?? NO_CLASS;
}
