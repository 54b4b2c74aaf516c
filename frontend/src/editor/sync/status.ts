/** Owns what the badge says: derived from the logs alone, so that it cannot be wrong. */

import type { ImageRecord } from "../store/records";
import type { ImageLog } from "./ImageLog";
import type { ApiConflict, TransportError } from "./transport";

export interface Conflict extends ApiConflict {
  readonly imageId: number;
  readonly image: ImageRecord | null;
}

export interface Refusal {
  readonly imageId: number;
  /** Null for the image's state. */
  readonly uuid: string | null;
  readonly detail: string;
}

/** An image with something that the server does not have. */
export interface UnsavedImage {
  readonly imageId: number;
  /** Null when the image was not opened since the browser was started. */
  readonly image: ImageRecord | null;
  /** Objects that are kept here. */
  readonly count: number;
  /** Why the server takes nothing of it at present (it was deleted, the role is gone). */
  readonly barred: string | null;
}

export interface SyncStatus {
  readonly state: "saved" | "dirty" | "saving" | "offline" | "conflict" | "refused";
  /** Objects of all images that the server does not have as they are here. */
  readonly pending: number;
  /** Milliseconds since 1970. */
  readonly savedAt: number | null;
  /** Why it is offline. */
  readonly reason: "network" | "unauthenticated" | "stranger" | null;
  /** What the last failure said. */
  readonly detail: string | null;
  readonly conflicts: readonly Conflict[];
  readonly refusals: readonly Refusal[];
  readonly images: readonly UnsavedImage[];
  /** Milliseconds since 1970 of the first change that is not saved. */
  readonly since: number | null;
  /** False when this browser could not keep what is unsaved: closing the page would lose it. */
  readonly isKept: boolean;
}

export const SAVED: SyncStatus = {
  state: "saved",
  pending: 0,
  savedAt: null,
  reason: null,
  detail: null,
  conflicts: [],
  refusals: [],
  images: [],
  since: null,
  isKept: true,
};

interface Sending {
  readonly failure: TransportError | null;
  readonly isSending: boolean;
  readonly savedAt: number | null;
  readonly isKept: boolean;
  /** False while the journal does not have the last change yet. */
  readonly isCurrent: boolean;
}

export function logsToStatus(logs: readonly ImageLog[], sending: Sending): SyncStatus {
  const { failure, isSending, savedAt, isKept, isCurrent } = sending;
  const unsaved = logs.filter((log) => log.pending > 0);
  const conflicts = unsaved.flatMap(({ conflicts: own, imageId, about: image }) =>
    own.map((one) => ({ ...one, imageId, image })),
  );
  const refusals = unsaved.flatMap(({ refusals: own, imageId }) => own.map((one) => ({ ...one, imageId })));
  const images = unsaved.map(({ imageId, about: image, pending: count, barredBecause: barred }) => ({
    imageId,
    image,
    count,
    barred,
  }));
  const pending = images.reduce((sum, { count }) => sum + count, 0);
  const trouble = pending > 0 ? failure : null;
  const since = unsaved.map((log) => log.unsavedSince).filter((time) => time !== null);
  return {
    state: chooseState({
      pending,
      trouble,
      conflicts: conflicts.length,
      refusals: refusals.length + images.filter(({ barred }) => barred !== null).length,
      isSending,
      isCurrent,
    }),
    pending,
    savedAt,
    reason: asReason(trouble),
    detail: trouble?.message ?? null,
    conflicts,
    refusals,
    images,
    since: since.length === 0 ? null : Math.min(...since),
    isKept,
  };
}

function asReason(trouble: TransportError | null): SyncStatus["reason"] {
  return trouble === null || trouble.kind === "refused" || trouble.kind === "barred" ? null : trouble.kind;
}

interface Counts {
  readonly pending: number;
  readonly trouble: TransportError | null;
  readonly conflicts: number;
  readonly refusals: number;
  readonly isSending: boolean;
  readonly isCurrent: boolean;
}

/** What needs a person comes first. That something is kept here is said when it is. */
function chooseState({ pending, trouble, conflicts, refusals, isSending, isCurrent }: Counts): SyncStatus["state"] {
  if (trouble !== null) return isCurrent ? "offline" : "dirty";
  if (conflicts > 0) return "conflict";
  if (refusals > 0) return "refused";
  if (pending === 0) return "saved";
  return isSending ? "saving" : "dirty";
}
