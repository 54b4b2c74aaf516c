import { at, body, http } from "../client";
import type { components } from "../schema";

export interface SaveOptions {
  /** Lets the request outlive the page. */
  readonly keepalive: boolean;
  readonly signal?: AbortSignal;
  /** The id of the user whose work it is; the server takes it from nobody else. */
  readonly person: number;
}

export const sending = (image: number, { person, ...options }: SaveOptions) => ({
  params: { ...at(image), header: { "X-Annotator-Person": person } },
  ...options,
});

type Schemas = components["schemas"];

/** The editor's own types of the two batches say the same as the schema's, with shapes left open. */
export interface Batch {
  readonly batch_id: string;
}

export type Saved = Schemas["Changed"];

export const saveChanges = (image: number, batch: Batch, options: SaveOptions): Promise<Saved> =>
  body(
    http.POST("/api/v1/images/{id}/changes/", {
      ...sending(image, options),
      body: batch as Schemas["ChangesRequest"],
    }),
  );

export const decidePredictions = (
  image: number,
  batch: Batch,
  options: SaveOptions,
): Promise<{ readonly revision: number }> =>
  body(
    http.POST("/api/v1/images/{id}/predictions/decide/", {
      ...sending(image, options),
      body: batch,
    }),
  );
