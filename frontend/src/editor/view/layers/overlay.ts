/** Owns the top layer: selected and hovered objects, handles, labels, crosshair, and what the tool in hand draws. */

import type { Point, Size } from "../../geometry/point";
import { shapeUtil } from "../../shapes";
import type { ObjectRecord } from "../../store/records";
import type { ViewSettings } from "../../store/session";
import type { Store } from "../../store/Store";
import type { Surface } from "../../surface";
import type { CameraState, Viewport } from "../Camera";
import { LABEL_HEIGHT, Painter, type PlacedLabel } from "../Painter";
import { recordToColor, recordToStyle, SELECTED_WIDTH, type PaintStyle } from "../styles";
import type { Tints } from "../Tints";

/** Boxes that mark what is selected when it is too much to be drawn one by one. */
const MARKS = 3000;

export interface OverlayInput {
  readonly store: Store;
  readonly settings: ViewSettings;
  readonly camera: CameraState;
  readonly viewport: Viewport;
  readonly size: Size | null;
  /** Drawn by this layer alone. */
  readonly active: readonly ObjectRecord[];
  /** Selected, but too many: marked only. */
  readonly marked: readonly ObjectRecord[];
  readonly hovered: ObjectRecord | null;
  readonly labelled: readonly ObjectRecord[];
  readonly pointer: Point | null;
  readonly drawTool: (painter: Painter) => void;
}

export function drawOverlayLayer(surface: Surface, tints: Tints, input: OverlayInput): void {
  const { context } = surface;
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.clearRect(0, 0, surface.width, surface.height);
  const painter = new Painter(context, input.camera, input.viewport, tints);
  painter.toImageSpace();
  for (const record of input.active) painter.shape(record.shape, activeStyle(record, input));
  drawMarks(painter, input);
  if (input.hovered) drawHover(painter, input.hovered, input);
  if (input.settings.labels) {
    painter.labels(
      input.labelled.map((record) => placeLabel(painter, record, input)).filter((label) => label !== null),
    );
  }
  input.drawTool(painter);
  if (input.settings.crosshair && input.pointer) drawCrosshair(painter, input.pointer, input);
}

function activeStyle(record: ObjectRecord, { store, settings }: OverlayInput): PaintStyle {
  const style = recordToStyle(record, store, settings);
  return { ...style, fill: Math.min(settings.opacity + 0.15, 1), width: SELECTED_WIDTH };
}

/** One path a colour: there may be thousands. */
function drawMarks(painter: Painter, { marked, store, settings }: OverlayInput): void {
  const colors = new Map<string, ObjectRecord[]>();
  for (const record of marked.slice(0, MARKS)) {
    const color = recordToColor(record, store, settings);
    const same = colors.get(color);
    if (same) same.push(record);
    else colors.set(color, [record]);
  }
  for (const [color, records] of colors) {
    const boxes = records.map(({ shape }) => shapeUtil(shape).bounds(shape)).filter((box) => box !== null);
    painter.boxes(boxes, { color, fill: 0, width: 1, dash: [] });
  }
}

function drawHover(painter: Painter, record: ObjectRecord, { store, settings }: OverlayInput): void {
  const color = recordToColor(record, store, settings);
  const util = shapeUtil(record.shape);
  const bounds = util.bounds(record.shape);
  if (util.paint === "bitmap" && bounds) painter.box(bounds, { color, fill: 0, width: 1, dash: [4, 3] });
  else painter.shape(record.shape, { color, fill: 0.1, width: SELECTED_WIDTH, dash: [] });
}

/** At the upper left corner, or as near to it as the screen shows. */
function placeLabel(painter: Painter, record: ObjectRecord, input: OverlayInput): PlacedLabel | null {
  const { store, settings, camera, viewport } = input;
  const bounds = shapeUtil(record.shape).bounds(record.shape);
  if (bounds === null) return null;
  const name = store.findClass(record.classId)?.name ?? "";
  const text = record.kind === "prediction" ? `${name} ${Math.round(record.score * 100)} %` : name;
  const [left, top, width, height] = bounds;
  const visibleLeft = -camera.x * painter.pixel;
  const visibleTop = (LABEL_HEIGHT - camera.y) * painter.pixel;
  const isGone =
    left + width < visibleLeft || top + height < visibleTop || top * camera.zoom + camera.y > viewport.height;
  if (text === "" || isGone) return null;
  const at = { x: Math.max(left, visibleLeft), y: Math.max(top, visibleTop) };
  return { at, text, color: recordToColor(record, store, settings) };
}

function drawCrosshair(painter: Painter, at: Point, { size }: OverlayInput): void {
  if (size === null) return;
  const style: PaintStyle = { color: "#ffffffb0", fill: 0, width: 1, dash: [] };
  painter.line(
    [
      { x: 0, y: at.y },
      { x: size.width, y: at.y },
    ],
    style,
  );
  painter.line(
    [
      { x: at.x, y: 0 },
      { x: at.x, y: size.height },
    ],
    style,
  );
}
