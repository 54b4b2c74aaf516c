/** Owns the interface to the server, which is injected, and the words for what may go wrong. */

import type { ApiAnnotation } from "../store/records";

export interface ChangeBatch {
  readonly base_revision: number;
  readonly batch_id: string;
  readonly create: readonly ApiAnnotation[];
  readonly update: readonly AnnotationUpdate[];
  readonly delete: readonly string[];
  readonly state?: string;
}

export type AnnotationUpdate = Pick<ApiAnnotation, "uuid"> & Partial<ApiAnnotation>;

export interface DecisionBatch {
  readonly batch_id: string;
  readonly accept: readonly string[];
  readonly reject: readonly string[];
}

/** What goes out next for an image. */
export type Outgoing =
  | { readonly kind: "changes"; readonly batch: ChangeBatch }
  | { readonly kind: "decisions"; readonly batch: DecisionBatch };

export type ConflictSide = "mine" | "theirs" | "both";

export interface ApiConflict {
  readonly uuid: string;
  readonly reason: string;
  /** On the wire it may hold the changed fields only; what the editor shows is whole. Null = deleted. */
  readonly mine: ApiAnnotation | null;
  readonly theirs: ApiAnnotation | null;
}

export interface ChangeAnswer {
  readonly revision: number;
  readonly state?: string | null;
  /** What others changed on the image since the base, except the objects of the batch. */
  readonly remote?: RemoteChanges;
  /** These objects were not saved, the rest of the batch was (HTTP 409). */
  readonly conflicts?: readonly ApiConflict[];
}

export interface RemoteChanges {
  readonly annotations: readonly ApiAnnotation[];
  readonly deleted: readonly string[];
}

export interface DecisionAnswer {
  readonly revision: number;
  /** Accepted predictions of which the server made no annotation (their class is gone …). */
  readonly skipped?: number;
}

export interface SendOptions {
  /** The page is going away: `fetch` must outlive it. */
  readonly keepalive: boolean;
}

export interface SyncTransport {
  /** Sending a batch again under its `batch_id` must have no further effect. Rejects with a TransportError. */
  saveChanges(imageId: number, batch: ChangeBatch, options: SendOptions): Promise<ChangeAnswer>;
  decide(imageId: number, batch: DecisionBatch, options: SendOptions): Promise<DecisionAnswer>;
}

/**
 * network: no answer, or one that may be different later; unauthenticated: log in again; stranger: somebody else is
 * signed in by now; barred: nothing of this image is taken (it was deleted, the role is gone); refused: this batch will
 * never be taken.
 */
export type TransportFailure = "network" | "unauthenticated" | "stranger" | "barred" | "refused";

export class TransportError extends Error {
  override readonly name = "TransportError";
  readonly kind: TransportFailure;

  constructor(kind: TransportFailure, detail: string) {
    super(detail);
    this.kind = kind;
  }
}
