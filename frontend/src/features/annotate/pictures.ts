/** Pictures as the editor draws them: decoded as a whole, or, where that would be too much, tile by tile. */
import { askForTiles } from "../../api/queries/tiles";
import type { ImageRecord, Tiles } from "../../api/types";
import { TiledPicture } from "../../editor";

const ASK_AGAIN_MS = 1000;

export const loadPicture = (image: ImageRecord): Promise<ImageBitmap | TiledPicture> =>
  image.tiled ? loadTiled(image) : loadBitmap(image.url);

/** The browser keeps the bytes: a picture never changes under its address. */
export async function fetchAheadBytes(image: ImageRecord, signal: AbortSignal): Promise<void> {
  await fetchBytes(image.tiled ? image.thumbnail_url : image.url, { signal, priority: "low" });
}

async function loadBitmap(url: string, signal?: AbortSignal): Promise<ImageBitmap> {
  return createImageBitmap(await fetchBytes(url, signal ? { signal } : {}));
}

async function fetchBytes(url: string, options: RequestInit): Promise<Blob> {
  const answer = await fetch(url, { credentials: "same-origin", ...options });
  if (!answer.ok) throw new Error(`The picture could not be fetched (status ${answer.status}).`);
  return answer.blob();
}

/** There at once with the thumbnail; tiles follow when the server has made them. */
async function loadTiled(image: ImageRecord): Promise<TiledPicture> {
  const [tiles, preview] = await Promise.all([askForTiles(image.id), loadBitmap(image.thumbnail_url)]);
  let ready: Promise<void> | null = null;
  const load = async (level: number, x: number, y: number, signal: AbortSignal) => {
    ready ??= untilMade(image.id, tiles, signal);
    await ready;
    return loadBitmap(tileUrl(tiles.url, level, x, y), signal);
  };
  const { width, height, tile, levels } = tiles;
  return new TiledPicture({ width, height, tile, levels, load }, preview);
}

export function tileUrl(url: string, level: number, x: number, y: number): string {
  return url.replace("{level}", String(level)).replace("{x}", String(x)).replace("{y}", String(y));
}

async function untilMade(image: number, first: Tiles, signal: AbortSignal): Promise<void> {
  const begun = first.job?.id ?? null;
  for (let tiles = first; tiles.job !== null; tiles = await askForTiles(image, signal)) {
    // Another job than the one that was waited for: that one failed, and the next would too.
    if (tiles.job.id !== begun) throw new Error("The tiles of this picture could not be made.");
    await new Promise((resolve) => setTimeout(resolve, ASK_AGAIN_MS));
  }
}
