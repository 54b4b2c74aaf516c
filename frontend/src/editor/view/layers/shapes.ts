/**
 * Owns the layer of idle objects. They are drawn into a raster somewhat larger than the screen; panning and zooming only
 * moves that picture (0.8 ms), and it is drawn anew, a slice a frame, when the camera rests or the raster no longer covers
 * the screen. An edit redraws only the boxes it touched. 10,000 polygons take 213 ms without a GPU: hence all this.
 */

import { boxExpand, boxesIntersect, boxUnion, boxWithin, type Box } from "../../geometry/box";
import type { Surface, SurfaceFactory } from "../../surface";
import { drawBatches, SORTED_IN_A_FRAME, type Step, type StyledRecord } from "../batches";
import { Pace } from "../Pace";
import type { CameraState, Viewport } from "../Camera";
import { Painter } from "../Painter";
import type { Tints } from "../Tints";

/** Of the screen, added on each side. */
const MARGIN = 0.25;
/** Of the margin: when less is left, the redraw begins, so that it is done before the edge shows. */
const EARLY = 0.4;
/** Above this many objects, a redraw in slices is better than a repair within one frame. */
const REPAIR_RECORDS = 600;
/** Touched boxes: above, everything is drawn anew. */
const REPAIR_BOXES = 300;
/** Half the widest outline and the smallest dot, in CSS pixels. */
const OUTLINE = 4;

export interface ShapeSource {
  /** Visible objects that touch `box` and are not drawn by the overlay, in drawing order. */
  idle(box: Box): StyledRecord[];
}

interface Raster {
  readonly surface: Surface;
  /** Of the raster: image pixels to CSS pixels from its own upper left corner. */
  camera: CameraState;
  /** Image pixels that it covers. */
  box: Box;
}

interface Redraw {
  readonly raster: Raster;
  readonly steps: Iterator<Step>;
}

export class ShapeLayer {
  private readonly createSurface: SurfaceFactory;
  private readonly source: ShapeSource;
  private readonly tints: Tints;
  private readonly pace: Pace;
  private shown: Raster | null = null;
  private spare: Raster | null = null;
  private redraw: Redraw | null = null;
  private stale = true;
  private dirty: Box[] = [];

  constructor(createSurface: SurfaceFactory, source: ShapeSource, tints: Tints, now: () => number) {
    this.createSurface = createSurface;
    this.source = source;
    this.tints = tints;
    this.pace = new Pace(now);
  }

  /** Everything must be drawn anew (settings, classes). */
  invalidate(): void {
    this.stale = true;
  }

  /** Another image: the old picture must not be shown for a single frame. */
  reset(): void {
    this.recycle(this.shown);
    this.shown = null;
    this.redraw = null;
    this.dirty = [];
    this.stale = true;
  }

  /** Something changed inside `box`, image pixels. */
  touch(box: Box): void {
    // One more than can be repaired is enough to know that everything is drawn anew.
    if (this.dirty.length <= REPAIR_BOXES) this.dirty.push(box);
  }

  /** Draws one frame; true when more frames are needed to finish. `resting`: the camera has stopped for a moment. */
  draw(target: Surface, camera: CameraState, viewport: Viewport, resting: boolean): boolean {
    this.repair(viewport);
    if (this.needsRedraw(camera, viewport, resting)) this.beginRedraw(camera, viewport);
    this.continueRedraw(viewport, resting);
    this.compose(target, camera, viewport);
    return this.redraw !== null || this.stale;
  }

  private needsRedraw(camera: CameraState, viewport: Viewport, resting: boolean): boolean {
    const latest = this.redraw?.raster ?? this.shown;
    if (latest === null) return true;
    const reserve = (EARLY * MARGIN * Math.min(viewport.width, viewport.height)) / camera.zoom;
    const covered = boxWithin(boxExpand(visibleBox(camera, viewport), reserve), latest.box);
    const outdated = !covered || latest.camera.zoom !== camera.zoom;
    // A redraw under way is finished first, or a moving slider would never see its effect.
    if (this.redraw !== null) return resting && outdated;
    return this.stale || !covered || (resting && outdated);
  }

  private beginRedraw(camera: CameraState, viewport: Viewport): void {
    const raster = this.redraw?.raster ??
      this.spare ?? { surface: this.createSurface(1, 1), camera, box: [0, 0, 0, 0] };
    this.spare = null;
    const marginX = Math.round(viewport.width * MARGIN);
    const marginY = Math.round(viewport.height * MARGIN);
    const width = viewport.width + 2 * marginX;
    const height = viewport.height + 2 * marginY;
    raster.camera = { x: camera.x + marginX, y: camera.y + marginY, zoom: camera.zoom };
    raster.box = visibleBox(raster.camera, { width, height });
    wipe(raster.surface, Math.ceil(width * viewport.pixelRatio), Math.ceil(height * viewport.pixelRatio));
    this.redraw = { raster, steps: this.drawInto(raster, raster.box, viewport) };
    this.stale = false;
    this.dirty = [];
  }

  private continueRedraw(viewport: Viewport, resting: boolean): void {
    if (this.redraw === null) {
      this.pace.stop();
      return;
    }
    const { raster, steps } = this.redraw;
    for (let paths = this.pace.next(resting); paths > 0; paths -= 1) {
      const step = steps.next();
      if (step.done !== true) {
        if (step.value === "all") return;
        continue;
      }
      this.recycle(this.shown);
      this.shown = raster;
      this.redraw = null;
      // What changed while the slices were drawn.
      this.repair(viewport);
      return;
    }
  }

  /** Draws the touched boxes of the shown raster anew; during a redraw they are kept for its end as well. */
  private repair(viewport: Viewport): void {
    const raster = this.shown;
    if (raster === null || this.stale) return;
    if (this.dirty.length > REPAIR_BOXES) {
      this.stale = true;
      return;
    }
    const boxes = mergeBoxes(this.dirty.map((box) => boxExpand(box, OUTLINE / raster.camera.zoom)));
    if (this.redraw === null) this.dirty = [];
    for (const box of boxes) {
      if (boxesIntersect(box, raster.box))
        this.repairBox(raster, alignToPixels(box, raster.camera, viewport), viewport);
    }
  }

  private repairBox(raster: Raster, box: Box, viewport: Viewport): void {
    const items = this.source.idle(box);
    if (items.length > REPAIR_RECORDS) {
      this.stale = true;
      return;
    }
    const painter = this.painterOf(raster, viewport);
    const { context } = painter;
    context.save();
    context.beginPath();
    context.rect(...box);
    context.clip();
    context.clearRect(...box);
    const steps = drawBatches(painter, items);
    while (steps.next().done !== true);
    context.restore();
  }

  private *drawInto(raster: Raster, box: Box, viewport: Viewport): Generator<Step> {
    const items = this.source.idle(box);
    if (items.length > SORTED_IN_A_FRAME) yield "all";
    yield* drawBatches(this.painterOf(raster, viewport), items);
  }

  private painterOf(raster: Raster, viewport: Viewport): Painter {
    const painter = new Painter(raster.surface.context, raster.camera, viewport.pixelRatio, this.tints);
    painter.toImageSpace();
    return painter;
  }

  private compose(target: Surface, camera: CameraState, viewport: Viewport): void {
    const { context } = target;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, target.width, target.height);
    // The first redraw of an image shows itself as it grows.
    const raster = this.shown ?? this.redraw?.raster;
    if (!raster) return;
    const scale = camera.zoom / raster.camera.zoom;
    const x = (camera.x - raster.camera.x * scale) * viewport.pixelRatio;
    const y = (camera.y - raster.camera.y * scale) * viewport.pixelRatio;
    context.imageSmoothingEnabled = scale !== 1;
    if (scale === 1) context.drawImage(raster.surface.image, Math.round(x), Math.round(y));
    else context.drawImage(raster.surface.image, x, y, raster.surface.width * scale, raster.surface.height * scale);
  }

  private recycle(raster: Raster | null): void {
    if (raster !== null) this.spare = raster;
  }
}

function visibleBox(camera: CameraState, size: { width: number; height: number }): Box {
  return [-camera.x / camera.zoom, -camera.y / camera.zoom, size.width / camera.zoom, size.height / camera.zoom];
}

/** Making a canvas anew costs more than clearing it. */
function wipe(surface: Surface, width: number, height: number): void {
  if (surface.width !== width || surface.height !== height) surface.resize(width, height);
  surface.context.setTransform(1, 0, 0, 1, 0, 0);
  surface.context.clearRect(0, 0, width, height);
}

/** Boxes that overlap become one, so that nothing is drawn twice over itself. */
function mergeBoxes(boxes: readonly Box[]): Box[] {
  const merged: Box[] = [];
  for (let box of boxes) {
    for (let at = merged.findIndex((other) => boxesIntersect(other, box)); at !== -1;) {
      box = boxUnion(merged[at] ?? null, box) ?? box;
      merged.splice(at, 1);
      at = merged.findIndex((other) => boxesIntersect(other, box));
    }
    merged.push(box);
  }
  return merged;
}

/** Outwards to whole device pixels: a clip through a pixel would blend its border twice. */
function alignToPixels(box: Box, camera: CameraState, viewport: Viewport): Box {
  const scale = camera.zoom * viewport.pixelRatio;
  const [offsetX, offsetY] = [camera.x * viewport.pixelRatio, camera.y * viewport.pixelRatio];
  const left = (Math.floor(box[0] * scale + offsetX) - offsetX) / scale;
  const top = (Math.floor(box[1] * scale + offsetY) - offsetY) / scale;
  const right = (Math.ceil((box[0] + box[2]) * scale + offsetX) - offsetX) / scale;
  const bottom = (Math.ceil((box[1] + box[3]) * scale + offsetY) - offsetY) / scale;
  return [left, top, right - left, bottom - top];
}
