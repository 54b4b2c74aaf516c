/** Tiles of pictures that are too large to be shown as a whole. */
import { at, body, http } from "../client";
import type { Tiles } from "../types";

/** Starts making them where they are not there yet: then `job` is not null. */
export const askForTiles = (image: number, signal?: AbortSignal): Promise<Tiles> =>
  body(http.POST("/api/v1/images/{id}/tiles/", { params: at(image), ...(signal ? { signal } : {}) }));
