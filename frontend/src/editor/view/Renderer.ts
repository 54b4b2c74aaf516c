/** Owns frames: decides which of the three layers must be drawn and when. Reads the editor, changes nothing. */

import type { Clock } from "../clock";
import { boxArea, boxesIntersect, type Box } from "../geometry/box";
import type { ImagePoint } from "../geometry/point";
import type { Signal } from "../signal";
import { shapeUtil } from "../shapes";
import type { ObjectRecord } from "../store/records";
import type { Selection } from "../store/Selection";
import type { ViewSettings } from "../store/session";
import type { Store, StoreEvent } from "../store/Store";
import type { Picture, Surface, SurfaceFactory } from "../surface";
import type { Camera } from "./Camera";
import { isVisible } from "./HitTester";
import { drawImageLayer } from "./layers/image";
import { drawOverlayLayer } from "./layers/overlay";
import { ShapeLayer } from "./layers/shapes";
import type { Painter } from "./Painter";
import { PictureReader, type Pixels, type PixelSource } from "./PictureReader";
import { idleObjects } from "./raster/idle";
import type { RasterPortFactory } from "./raster/messages";
import { Studio } from "./raster/Studio";
import type { SpatialIndex } from "./SpatialIndex";
import { TiledPicture } from "./TiledPicture";
import { Tints } from "./Tints";

export interface Surfaces {
  readonly image: Surface;
  readonly shapes: Surface;
  readonly overlay: Surface;
}

export interface RendererParts {
  readonly store: Store;
  readonly selection: Selection;
  readonly settings: Signal<ViewSettings>;
  readonly camera: Camera;
  readonly index: SpatialIndex;
  readonly clock: Clock;
  readonly createSurface: SurfaceFactory;
  readonly openRasterPort: RasterPortFactory;
  readonly drawTool: (painter: Painter) => void;
  readonly pointer: () => ImagePoint | null;
  /** A drag goes on. */
  readonly isDragging: () => boolean;
}

/** Selected objects drawn by the overlay one by one; of more, only the boxes are marked. */
const ACTIVE_LIMIT = 200;
const LABEL_LIMIT = 150;
/** CSS pixels: a label on anything smaller would hide it. */
const LABEL_SIDE = 28;
/** Without a camera move for this long, the picture is drawn sharp again. */
const REST_MS = 80;

export class Renderer implements PixelSource {
  private readonly parts: RendererParts;
  private readonly tints: Tints;
  private readonly studio: Studio;
  private readonly shapes: ShapeLayer;
  private surfaces: Surfaces | null = null;
  private picture: Picture | TiledPicture | null = null;
  private readonly reader: PictureReader;
  version = 0;
  private pending = { image: true, shapes: true, overlay: true };
  private cancelFrame: (() => void) | null = null;
  private cancelRest: (() => void) | null = null;
  private resting = true;
  private active: ReadonlySet<string> = new Set();
  /** Objects that the tool draws itself (a mask under the brush). */
  private claimed: ReadonlySet<string> = new Set();
  private labelled: readonly string[] | null = null;
  private readonly unsubscribe: (() => void)[];

  constructor(parts: RendererParts) {
    this.parts = parts;
    this.tints = new Tints(parts.createSurface);
    this.reader = new PictureReader(parts.createSurface);
    const { store, index, settings, clock, createSurface } = parts;
    this.studio = new Studio(parts.openRasterPort, store, () => this.fallBack());
    this.shapes = new ShapeLayer({
      createSurface,
      source: {
        idle: (box) => idleObjects({ store, index, settings: settings.get(), without: this.active }, box),
        count: (box) => index.count(box),
        weight: (box) => index.weight(box),
        settings: settings.get,
        without: () => this.active,
      },
      tints: this.tints,
      studio: this.studio,
      now: () => clock.now(),
      requestFrame: () => this.request({ shapes: true }),
    });
    this.unsubscribe = [
      parts.store.listen((event) => this.followStore(event)),
      parts.selection.ids.subscribe(() => this.followActive()),
      parts.selection.hovered.subscribe(() => this.requestOverlay()),
      parts.settings.subscribe(() => this.invalidate()),
      parts.camera.state.subscribe(() => this.followCamera()),
      parts.camera.viewport.subscribe(() => this.followViewport()),
    ];
  }

  mount(surfaces: Surfaces): () => void {
    this.surfaces = surfaces;
    this.followViewport();
    return () => {
      if (this.surfaces === surfaces) this.surfaces = null;
    };
  }

  setPicture(picture: Picture | TiledPicture | null): void {
    this.picture = picture;
    if (picture instanceof TiledPicture) picture.listen(() => this.showPicture());
    this.showPicture();
  }

  read(box: Box, grid: number): Pixels | null {
    const size = this.parts.store.image.get();
    return this.picture && size && this.reader.read(this.picture, size, box, grid);
  }

  /** Another image. */
  reset(): void {
    this.shapes.reset();
    this.tints.clear();
    this.picture = null;
    this.version += 1;
    this.labelled = null;
    this.request({ image: true, shapes: true, overlay: true });
  }

  requestOverlay(): void {
    this.request({ overlay: true });
  }

  claim(ids: ReadonlySet<string>): void {
    this.claimed = ids;
    this.followActive();
  }

  moveTint(from: object, to: object | null): void {
    if (to) this.tints.move(from, to);
    else this.tints.forget(from);
  }

  dispose(): void {
    this.cancelFrame?.();
    this.cancelRest?.();
    this.studio.close();
    for (const stop of this.unsubscribe) stop();
  }

  private showPicture(): void {
    this.version += 1;
    this.request({ image: true });
  }

  private fallBack(): void {
    this.shapes.fallBack();
    this.request({ shapes: true });
  }

  private invalidate(): void {
    this.shapes.invalidate();
    this.labelled = null;
    this.request({ image: true, shapes: true, overlay: true });
  }

  private followStore({ diff }: StoreEvent): void {
    for (const [id, { before, after }] of diff) {
      if ((after ?? before)?.kind === "class") this.shapes.invalidate();
      this.studio.note(id, after);
      if (this.active.has(id)) continue;
      for (const record of [before, after]) {
        if (record?.kind === "annotation" || record?.kind === "prediction") this.touch(record);
      }
    }
    // Which objects have a label is not chosen anew on every step of a drag.
    if (!this.parts.isDragging()) this.labelled = null;
    this.request({ shapes: true, overlay: true });
  }

  /** Objects that went to the overlay leave the raster, and those that came back are drawn into it. */
  private followActive(): void {
    const selected = this.parts.selection.ids.get();
    const next = new Set([...(selected.size <= ACTIVE_LIMIT ? selected : []), ...this.claimed]);
    const before = this.active;
    this.active = next;
    for (const id of [...before, ...next]) {
      const record = before.has(id) === next.has(id) ? null : this.parts.store.findObject(id);
      if (record) this.touch(record);
    }
    this.request({ shapes: true, overlay: true });
  }

  private followCamera(): void {
    this.resting = false;
    this.cancelRest?.();
    this.cancelRest = this.parts.clock.after(REST_MS, () => {
      this.resting = true;
      this.labelled = null;
      this.request({ shapes: true, overlay: true });
    });
    this.request({ image: true, shapes: true, overlay: true });
  }

  private followViewport(): void {
    const { width, height, pixelRatio } = this.parts.camera.viewport.get();
    for (const surface of this.surfaces ? (Object.values(this.surfaces) as Surface[]) : []) {
      surface.resize(Math.round(width * pixelRatio), Math.round(height * pixelRatio));
    }
    this.shapes.reset();
    this.labelled = null;
    this.request({ image: true, shapes: true, overlay: true });
  }

  private touch(record: ObjectRecord): void {
    const bounds = shapeUtil(record.shape).bounds(record.shape);
    if (bounds) this.shapes.touch(bounds);
  }

  private request(layers: { image?: boolean; shapes?: boolean; overlay?: boolean }): void {
    this.pending = { ...this.pending, ...layers };
    this.cancelFrame ??= this.parts.clock.frame(() => this.draw());
  }

  private draw(): void {
    this.cancelFrame = null;
    const { surfaces, pending } = this;
    const viewport = this.parts.camera.viewport.get();
    if (surfaces === null || viewport.width === 0 || viewport.height === 0) return;
    this.pending = { image: false, shapes: false, overlay: false };
    const camera = this.parts.camera.state.get();
    const image = this.parts.store.image.get();
    const settings = this.parts.settings.get();
    if (pending.image) {
      const { picture } = this;
      drawImageLayer(surfaces.image, { picture, size: image, camera, viewport, pixelGrid: settings.pixelGrid });
    }
    if (pending.shapes && this.shapes.draw(surfaces.shapes, camera, viewport, this.resting)) {
      this.request({ shapes: true });
    }
    if (!pending.overlay) return;
    drawOverlayLayer(surfaces.overlay, this.tints, {
      ...this.selectedRecords(settings),
      store: this.parts.store,
      settings,
      camera,
      viewport,
      size: image,
      hovered: this.hoveredRecord(),
      labelled: settings.labels ? this.labelledRecords() : [],
      pointer: this.parts.pointer(),
      drawTool: this.parts.drawTool,
    });
  }

  private selectedRecords(settings: ViewSettings): {
    active: readonly ObjectRecord[];
    marked: readonly ObjectRecord[];
  } {
    const all = [...this.parts.selection.ids.get()]
      .map((id) => this.parts.store.findObject(id))
      .filter((record) => record !== null)
      .filter((record) => isVisible(record, settings) && !this.claimed.has(record.id));
    return all.length <= ACTIVE_LIMIT ? { active: all, marked: [] } : { active: [], marked: this.onScreen(all) };
  }

  private onScreen(records: readonly ObjectRecord[]): ObjectRecord[] {
    const visible = this.parts.camera.visibleBox();
    return records.filter((record) => {
      const bounds = shapeUtil(record.shape).bounds(record.shape);
      return bounds !== null && boxesIntersect(bounds, visible);
    });
  }

  private hoveredRecord(): ObjectRecord | null {
    const id = this.parts.selection.hovered.get();
    if (id === null || this.active.has(id)) return null;
    const record = this.parts.store.findObject(id);
    return record && isVisible(record, this.parts.settings.get()) ? record : null;
  }

  /** The largest objects on the screen; which ones is kept while the camera moves. */
  private labelledRecords(): readonly ObjectRecord[] {
    this.labelled ??= this.chooseLabelled();
    return this.labelled.map((id) => this.parts.store.findObject(id)).filter((record) => record !== null);
  }

  private chooseLabelled(): readonly string[] {
    const settings = this.parts.settings.get();
    const side = this.parts.camera.toImageLength(LABEL_SIDE);
    const large: { id: string; area: number }[] = [];
    for (const record of this.parts.index.search(this.parts.camera.visibleBox())) {
      const bounds = shapeUtil(record.shape).bounds(record.shape);
      if (bounds === null || bounds[2] < side || bounds[3] < side / 2) continue;
      if (isVisible(record, settings)) large.push({ id: record.id, area: boxArea(bounds) });
    }
    return large
      .sort((a, b) => b.area - a.area)
      .slice(0, LABEL_LIMIT)
      .map(({ id }) => id);
  }
}
