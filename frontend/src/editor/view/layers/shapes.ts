/**
 * Owns the layer of idle objects. They are drawn into a raster somewhat larger than the screen; panning and zooming only
 * moves that picture (0.8 ms), and it is drawn anew when the camera rests or the raster no longer covers the screen: by a
 * worker where there are many objects, a slice a frame where there are few or no workers. An edit redraws only the boxes
 * that it touched, in the page and at once. 10,000 polygons take 213 ms without a GPU: hence all this.
 */

import { boxExpand, boxesIntersect, boxUnion, type Box } from "../../geometry/box";
import type { ViewSettings } from "../../store/session";
import type { Surface, SurfaceFactory } from "../../surface";
import { drawBatches, type StyledRecord } from "../batches";
import type { CameraState, Viewport } from "../Camera";
import { Pace } from "../Pace";
import { OrderedRedraw } from "../raster/ordered";
import {
  rasterAim,
  rasterCovers,
  rasterEmpty,
  rasterMake,
  rasterPainter,
  rasterShow,
  type Raster,
} from "../raster/Raster";
import { SlicedRedraw, type Redraw } from "../raster/redraw";
import type { Studio } from "../raster/Studio";
import type { Tints } from "../Tints";

/** Above this many objects, a redraw apart is better than a repair within one frame. */
const REPAIR_RECORDS = 600;
/** Outlines that are drawn in a few frames; more than that is a worker's. */
const MUCH = 600;
/** Touched boxes: above, everything is drawn anew. */
const REPAIR_BOXES = 300;
/** Half the widest outline and the smallest dot, in CSS pixels. */
const OUTLINE = 4;

export interface ShapeSource {
  /** Visible objects that touch `box` and are not drawn by the overlay, in drawing order. */
  readonly idle: (box: Box) => StyledRecord[];
  /** About how many those are. */
  readonly count: (box: Box) => number;
  /** What they take to be drawn, in outlines. */
  readonly weight: (box: Box) => number;
  readonly settings: () => ViewSettings;
  /** Drawn by the overlay. */
  readonly without: () => ReadonlySet<string>;
}

export interface ShapeLayerParts {
  readonly createSurface: SurfaceFactory;
  readonly source: ShapeSource;
  readonly tints: Tints;
  readonly studio: Studio;
  readonly now: () => number;
  readonly requestFrame: () => void;
}

export class ShapeLayer {
  private readonly parts: ShapeLayerParts;
  private readonly pace: Pace;
  private shown: Raster | null = null;
  private spare: Raster | null = null;
  private redraw: { readonly raster: Raster; readonly work: Redraw } | null = null;
  private stale = true;
  /** Touched and not yet drawn anew. */
  private dirty: Box[] = [];
  /** Touched since the redraw under way began: what it brings is older than they are. */
  private since: Box[] = [];

  constructor(parts: ShapeLayerParts) {
    this.parts = parts;
    this.pace = new Pace(parts.now);
  }

  /** Everything must be drawn anew (settings, classes). */
  invalidate(): void {
    this.stale = true;
  }

  /** Another image: the old picture must not be shown for a single frame. */
  reset(): void {
    this.recycle(this.shown);
    this.shown = null;
    this.giveUp();
    this.dirty = [];
    this.stale = true;
  }

  /** Something changed inside `box`, image pixels. */
  touch(box: Box): void {
    // One more than can be repaired is enough to know that everything is drawn anew.
    if (this.dirty.length <= REPAIR_BOXES) this.dirty.push(box);
    if (this.redraw !== null && this.since.length <= REPAIR_BOXES) this.since.push(box);
  }

  /** Draws one frame; true when more frames are needed to finish. `resting`: the camera has stopped for a moment. */
  draw(target: Surface, camera: CameraState, viewport: Viewport, resting: boolean): boolean {
    this.repair(viewport);
    if (this.needsRedraw(camera, viewport, resting)) this.beginRedraw(camera, viewport);
    this.continueRedraw(viewport, resting);
    this.compose(target, camera, viewport);
    return this.redraw === null ? this.stale : this.redraw.work.needsFrames;
  }

  /** What was drawn in a worker will not come. */
  fallBack(): void {
    this.giveUp();
    this.stale = true;
  }

  private needsRedraw(camera: CameraState, viewport: Viewport, resting: boolean): boolean {
    const latest = this.redraw?.raster ?? this.shown;
    if (latest === null) return true;
    const covered = rasterCovers(latest, camera, viewport);
    const outdated = !covered || latest.camera.zoom !== camera.zoom;
    // A redraw under way is finished first, or a moving slider would never see its effect.
    if (this.redraw !== null) return resting && outdated;
    return this.stale || !covered || (resting && outdated);
  }

  private beginRedraw(camera: CameraState, viewport: Viewport): void {
    const { source, createSurface } = this.parts;
    const raster = this.redraw?.raster ?? this.spare ?? rasterMake(createSurface);
    this.spare = null;
    rasterAim(raster, camera, viewport);
    const isMuch = source.weight(raster.box) > MUCH;
    const work = isMuch && this.parts.studio.isOpen() ? this.order(raster, viewport) : this.slice(raster, viewport);
    this.redraw = { raster, work };
    this.stale = false;
    this.dirty = [];
    this.since = [];
  }

  private order(raster: Raster, viewport: Viewport): Redraw {
    const { source, studio, requestFrame } = this.parts;
    const inParts = this.shown === null;
    const commission = { studio, settings: source.settings(), without: source.without(), inParts };
    return new OrderedRedraw(raster, viewport, { ...commission, onArrived: requestFrame });
  }

  private slice(raster: Raster, { pixelRatio }: Viewport): Redraw {
    const { source, tints } = this.parts;
    const painter = () => rasterPainter(raster, pixelRatio, tints);
    return new SlicedRedraw(() => source.idle(raster.box), painter, this.pace);
  }

  private continueRedraw(viewport: Viewport, resting: boolean): void {
    if (this.redraw === null) {
      this.pace.stop();
      return;
    }
    const { raster, work } = this.redraw;
    work.advance(resting);
    if (!work.isDone()) return;
    this.recycle(this.shown);
    this.shown = raster;
    this.redraw = null;
    this.dirty = this.since;
    this.since = [];
    this.repair(viewport);
  }

  /** Draws the touched boxes of the shown raster anew. */
  private repair(viewport: Viewport): void {
    const raster = this.shown;
    if (raster === null || this.stale) return;
    if (this.dirty.length > REPAIR_BOXES) {
      this.stale = true;
      return;
    }
    const boxes = mergeBoxes(this.dirty.map((box) => boxExpand(box, OUTLINE / raster.camera.zoom)));
    this.dirty = [];
    for (const box of boxes) {
      if (boxesIntersect(box, raster.box))
        this.repairBox(raster, alignToPixels(box, raster.camera, viewport), viewport);
    }
  }

  private repairBox(raster: Raster, box: Box, { pixelRatio }: Viewport): void {
    const { source, tints } = this.parts;
    if (source.count(box) > REPAIR_RECORDS) {
      this.stale = true;
      return;
    }
    const items = source.idle(box);
    const painter = rasterPainter(raster, pixelRatio, tints);
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

  private compose(target: Surface, camera: CameraState, viewport: Viewport): void {
    const { context } = target;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, target.width, target.height);
    // The first redraw of an image shows itself as it grows.
    const raster = this.shown ?? this.redraw?.raster;
    if (raster) rasterShow(raster, target, camera, viewport.pixelRatio);
  }

  /** Gives up the redraw under way. */
  private giveUp(): void {
    this.recycle(this.redraw?.raster ?? null);
    this.redraw = null;
    this.parts.studio.forget();
  }

  private recycle(raster: Raster | null): void {
    if (raster === null) return;
    rasterEmpty(raster);
    this.spare = raster;
  }
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
