/**
 * Owns coloured pictures of masks: tiles of what the screen shows at the fineness that it shows, kept while memory allows.
 * A mask of 100 megapixels costs as much as the screen.
 */

import { boxWithin, type Box } from "../geometry/box";
import type { MaskRuns } from "../geometry/runs";
import type { Context2D, Surface, SurfaceFactory } from "../surface";
import type { CameraState } from "./Camera";
import { tintPixels } from "./tintPixels";

/** Pixels of a tile's side. */
const SIDE = 512;
/** 16 M pixels are 64 MB. */
const KEPT_PIXELS = 16_000_000;

interface Tile {
  readonly owner: Tiles;
  readonly key: string;
  readonly surface: Surface;
  /** Image pixels that it covers, a pixel of the surface for 2 ** level of them. */
  readonly box: Box;
  readonly level: number;
}

/** The tiles of one mask, by level and place. */
interface Tiles {
  key: object;
  readonly color: string;
  readonly byPlace: Map<string, Tile>;
}

/** What a painter knows of the surface that it draws on. */
export interface TintView {
  readonly context: Context2D;
  readonly camera: CameraState;
  readonly pixelRatio: number;
  /** Image pixels that the surface shows. */
  readonly shown: Box;
}

export interface TintSource {
  /** Holds all set pixels. */
  readonly box: Box;
  /** It will grow, so its tiles are whole ones. */
  readonly isDraft: boolean;
  readonly runs: () => MaskRuns | null;
}

export class Tints {
  private readonly createSurface: SurfaceFactory;
  /** Keys are shapes and drafts: both stay the same object as long as they mean the same. */
  private readonly masks = new Map<object, Tiles>();
  private readonly kept = new Set<Tile>();
  private pixels = 0;

  constructor(createSurface: SurfaceFactory) {
    this.createSurface = createSurface;
  }

  /** Draws a mask that does not change, in device pixels; the context's transform is the caller's to put back. */
  draw(view: TintView, key: object, source: TintSource, color: string): void {
    const scale = view.camera.zoom * view.pixelRatio;
    const level = Math.max(Math.round(Math.log2(1 / scale)), 0);
    const tiles = this.tilesOf(key, color);
    const step = SIDE * 2 ** level;
    const [left, top, right, bottom] = overlap(source.box, view.shown);
    view.context.setTransform(1, 0, 0, 1, 0, 0);
    view.context.imageSmoothingEnabled = level > 0;
    for (let x = Math.floor(left / step); x * step < right; x += 1) {
      for (let y = Math.floor(top / step); y * step < bottom; y += 1) {
        const tile = this.tileAt(tiles, level, [x * step, y * step, step, step], source);
        if (tile) drawTile(view, tile, scale);
      }
    }
  }

  /** A mask that is being painted takes over the tiles of what it was before; only `dirty` (image pixels) is coloured anew. */
  repaint(key: object, runs: MaskRuns, color: string, dirty: Box | null, from: object | null): void {
    if (from !== null && !this.masks.has(key)) this.move(from, key);
    const tiles = this.tilesOf(key, color);
    if (dirty === null) return;
    for (const tile of [...tiles.byPlace.values()]) {
      const part = clip(dirty, tileArea(tile));
      if (part[2] === 0 || part[3] === 0) continue;
      // A tile that was cut to its mask is too small for a mask that grew out of it.
      if (boxWithin(part, tile.box)) tintPixels(tile.surface, tile, runs, color, part);
      else this.drop(tile);
    }
  }

  /** A draft became a shape, or a shape a draft: its tiles go on as that one's. */
  move(from: object, to: object): void {
    const tiles = this.masks.get(from);
    this.masks.delete(from);
    this.forget(to);
    if (!tiles) return;
    tiles.key = to;
    this.masks.set(to, tiles);
  }

  forget(key: object): void {
    for (const tile of [...(this.masks.get(key)?.byPlace.values() ?? [])]) this.drop(tile);
    this.masks.delete(key);
  }

  /** Another image: none of its masks are these. */
  clear(): void {
    for (const key of [...this.masks.keys()]) this.forget(key);
  }

  private tilesOf(key: object, color: string): Tiles {
    const known = this.masks.get(key);
    if (known?.color === color) return known;
    this.forget(key);
    const tiles: Tiles = { key, color, byPlace: new Map() };
    this.masks.set(key, tiles);
    return tiles;
  }

  private tileAt(tiles: Tiles, level: number, area: Box, source: TintSource): Tile | null {
    const key = `${level} ${area[0]} ${area[1]}`;
    const known = tiles.byPlace.get(key);
    if (known) {
      this.kept.delete(known);
      this.kept.add(known);
      return known;
    }
    const runs = source.runs();
    const box = source.isDraft ? area : clipToGrid(source.box, area, 2 ** level);
    if (runs === null || box[2] <= 0 || box[3] <= 0) return null;
    const surface = this.createSurface(box[2] / 2 ** level, box[3] / 2 ** level);
    const tile: Tile = { owner: tiles, key, surface, box, level };
    tintPixels(surface, tile, runs, tiles.color, box);
    this.keep(tile);
    return tile;
  }

  private keep(tile: Tile): void {
    tile.owner.byPlace.set(tile.key, tile);
    this.masks.set(tile.owner.key, tile.owner);
    this.kept.add(tile);
    this.pixels += tile.surface.width * tile.surface.height;
    for (const oldest of this.kept) {
      if (this.pixels <= KEPT_PIXELS || oldest === tile) return;
      this.drop(oldest);
    }
  }

  private drop(tile: Tile): void {
    const { owner, surface } = tile;
    owner.byPlace.delete(tile.key);
    if (owner.byPlace.size === 0 && this.masks.get(owner.key) === owner) this.masks.delete(owner.key);
    this.kept.delete(tile);
    this.pixels -= surface.width * surface.height;
    // Browsers free a canvas late; one without pixels has nothing to free.
    surface.resize(0, 0);
  }
}

/** On whole device pixels: tiles that meet between two pixels would blend their border twice. */
function drawTile({ context, camera, pixelRatio }: TintView, tile: Tile, scale: number): void {
  const [x, y, width, height] = tile.box;
  const left = Math.round(x * scale + camera.x * pixelRatio);
  const top = Math.round(y * scale + camera.y * pixelRatio);
  const right = Math.round((x + width) * scale + camera.x * pixelRatio);
  const bottom = Math.round((y + height) * scale + camera.y * pixelRatio);
  context.drawImage(tile.surface.image, left, top, Math.max(right - left, 1), Math.max(bottom - top, 1));
}

/** The whole tile's place, of which its box may be a part. */
function tileArea({ box, level }: Tile): Box {
  const step = SIDE * 2 ** level;
  return [Math.floor(box[0] / step) * step, Math.floor(box[1] / step) * step, step, step];
}

/** The part of `box` in `area`, outwards to multiples of `grid`. */
function clipToGrid(box: Box, area: Box, grid: number): Box {
  const [left, top, right, bottom] = overlap(box, area);
  const x = Math.floor(left / grid) * grid;
  const y = Math.floor(top / grid) * grid;
  return [x, y, Math.ceil(right / grid) * grid - x, Math.ceil(bottom / grid) * grid - y];
}

function clip(box: Box, area: Box): Box {
  const [left, top, right, bottom] = overlap(box, area);
  return [left, top, Math.max(right - left, 0), Math.max(bottom - top, 0)];
}

function overlap(a: Box, b: Box): [left: number, top: number, right: number, bottom: number] {
  return [
    Math.max(a[0], b[0]),
    Math.max(a[1], b[1]),
    Math.min(a[0] + a[2], b[0] + b[2]),
    Math.min(a[1] + a[3], b[1] + b[3]),
  ];
}
