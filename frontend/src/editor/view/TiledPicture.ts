/**
 * Owns a picture that is too large to be decoded as a whole: tiles of what the screen shows, at the size that it shows,
 * over the nearest coarser ones until they are there. Fetches nothing itself.
 */

import type { Box } from "../geometry/box";
import type { Size } from "../geometry/point";
import type { Context2D, Picture } from "../surface";

export type TileImage = Picture & { readonly close?: () => void };

export interface TileSource extends Size {
  /** Pixels of a tile's side. */
  readonly tile: number;
  /** Level 0 is the picture, level n is 2 ** n times smaller, the last one is one tile. */
  readonly levels: number;
  readonly load: (level: number, x: number, y: number, signal: AbortSignal) => Promise<TileImage>;
}

export interface PictureView {
  /** Device pixels per image pixel. */
  readonly scale: number;
  /** Where image pixel (0, 0) lies, in device pixels. */
  readonly x: number;
  readonly y: number;
  /** Image pixels on the screen. */
  readonly shown: Box;
}

interface Place {
  readonly level: number;
  readonly x: number;
  readonly y: number;
}

/** A tile of 512 pixels holds 1 MB; a screen of 4K shows 60 of them. */
const KEPT = 96;
const AT_ONCE = 6;
const ATTEMPTS = 3;

export class TiledPicture {
  private readonly source: TileSource;
  /** The whole picture, small: shown until the first tiles are there. */
  private readonly preview: TileImage | null;
  /** Least recently used first. */
  private readonly tiles = new Map<string, TileImage>();
  private readonly loading = new Set<string>();
  private readonly failures = new Map<string, number>();
  private readonly aborter = new AbortController();
  private wanted: readonly Place[] = [];
  private announce: () => void = () => undefined;

  constructor(source: TileSource, preview: TileImage | null = null) {
    this.source = source;
    this.preview = preview;
  }

  /** Called whenever there is more to draw; a later listener takes the place of the one before. */
  listen(announce: () => void): void {
    this.announce = announce;
  }

  /** Draws in device pixels what is there, and asks for what is not. */
  draw(context: Context2D, view: PictureView): void {
    const top: Place = { level: this.source.levels - 1, x: 0, y: 0 };
    this.wanted = [top, ...this.paint(context, view)];
    this.loadNext();
  }

  /** Draws in device pixels what is there. Answers the tiles that the view shows. */
  paint(context: Context2D, view: PictureView): readonly Place[] {
    const { width, height, levels } = this.source;
    if (this.preview) context.drawImage(this.preview, ...place([0, 0, width, height], view));
    const level = Math.min(Math.max(Math.floor(Math.log2(1 / view.scale)), 0), levels - 1);
    const shown = this.placesIn(level, view.shown);
    for (const one of shown) this.drawTile(context, one, view);
    return shown;
  }

  /** Nothing of it is drawn any more. */
  close(): void {
    this.aborter.abort();
    this.announce = () => undefined;
    for (const tile of this.tiles.values()) tile.close?.();
    this.tiles.clear();
    this.preview?.close?.();
  }

  /** From the middle of the screen outwards. */
  private placesIn(level: number, [x, y, width, height]: Box): Place[] {
    const step = this.source.tile * 2 ** level;
    const right = Math.min(x + width, this.source.width);
    const bottom = Math.min(y + height, this.source.height);
    const places: Place[] = [];
    for (let i = Math.max(Math.floor(x / step), 0); i * step < right; i += 1) {
      for (let j = Math.max(Math.floor(y / step), 0); j * step < bottom; j += 1) places.push({ level, x: i, y: j });
    }
    const away = (one: Place): number =>
      Math.hypot((one.x + 0.5) * step - x - width / 2, (one.y + 0.5) * step - y - height / 2);
    return places.sort((a, b) => away(a) - away(b));
  }

  private drawTile(context: Context2D, one: Place, view: PictureView): void {
    const box = this.boxOf(one);
    for (let up = 0; one.level + up < this.source.levels; up += 1) {
      const from = { level: one.level + up, x: one.x >> up, y: one.y >> up };
      const tile = this.find(from);
      if (!tile) continue;
      const grid = 2 ** from.level;
      const [left, top] = this.boxOf(from);
      const part = [(box[0] - left) / grid, (box[1] - top) / grid, box[2] / grid, box[3] / grid] as const;
      context.drawImage(tile, ...part, ...place(box, view));
      return;
    }
  }

  /** Image pixels of a tile. */
  private boxOf({ level, x, y }: Place): Box {
    const step = this.source.tile * 2 ** level;
    const { width, height } = this.source;
    return [x * step, y * step, Math.min(step, width - x * step), Math.min(step, height - y * step)];
  }

  private find(one: Place): TileImage | null {
    const key = keyOf(one);
    const tile = this.tiles.get(key);
    if (!tile) return null;
    this.tiles.delete(key);
    this.tiles.set(key, tile);
    return tile;
  }

  private loadNext(): void {
    if (this.aborter.signal.aborted) return;
    for (const one of this.wanted) {
      if (this.loading.size >= AT_ONCE) return;
      const key = keyOf(one);
      const isHopeless = (this.failures.get(key) ?? 0) >= ATTEMPTS;
      if (!isHopeless && !this.tiles.has(key) && !this.loading.has(key)) void this.load(one, key);
    }
  }

  private async load(one: Place, key: string): Promise<void> {
    this.loading.add(key);
    try {
      const tile = await this.source.load(one.level, one.x, one.y, this.aborter.signal);
      if (this.aborter.signal.aborted) {
        tile.close?.();
        return;
      }
      this.keep(key, tile);
    } catch {
      // The coarser tile stays; what cannot be had is not asked for for ever.
      this.failures.set(key, (this.failures.get(key) ?? 0) + 1);
    } finally {
      this.loading.delete(key);
    }
    this.announce();
    this.loadNext();
  }

  /** The last level stands in for everything, so it is never let go. */
  private keep(key: string, tile: TileImage): void {
    this.tiles.set(key, tile);
    const last = keyOf({ level: this.source.levels - 1, x: 0, y: 0 });
    for (const [oldest, old] of this.tiles) {
      if (this.tiles.size <= KEPT) return;
      if (oldest === last) continue;
      this.tiles.delete(oldest);
      old.close?.();
    }
  }
}

/** On whole device pixels, so that neighbours meet without a seam. */
function place([x, y, width, height]: Box, view: PictureView): [number, number, number, number] {
  const left = Math.round(x * view.scale + view.x);
  const top = Math.round(y * view.scale + view.y);
  const right = Math.round((x + width) * view.scale + view.x);
  const bottom = Math.round((y + height) * view.scale + view.y);
  return [left, top, right - left, bottom - top];
}

function keyOf({ level, x, y }: Place): string {
  return `${level} ${x} ${y}`;
}
