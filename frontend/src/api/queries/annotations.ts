import { at, body, http } from "../client";
import type { components } from "../schema";

interface SaveOptions {
  /** Lets the request outlive the page. */
  readonly keepalive: boolean;
}

type Schemas = components["schemas"];

/** The editor's own types of the two batches say the same as the schema's, with shapes left open. */
interface Batch {
  readonly batch_id: string;
}

export const saveChanges = (image: number, batch: Batch, options: SaveOptions): Promise<Schemas["Changed"]> =>
  body(
    http.POST("/api/v1/images/{id}/changes/", {
      params: at(image),
      body: batch as Schemas["ChangesRequest"],
      ...options,
    }),
  );

export const decidePredictions = (
  image: number,
  batch: Batch,
  options: SaveOptions,
): Promise<{ readonly revision: number }> =>
  body(
    http.POST("/api/v1/images/{id}/predictions/decide/", {
      params: at(image),
      body: batch,
      ...options,
    }),
  );
