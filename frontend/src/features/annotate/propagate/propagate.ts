/** Puts copies of objects on other images through the API, and takes them back: one batch, and so one revision, an image. */
import type { QueryClient } from "@tanstack/react-query";
import { saveChanges } from "../../../api/queries/annotations";
import { fetchAnnotations, imageQuery } from "../../../api/queries/images";
import { type AnnotationRecord, copiesFor, uuid4 } from "../../../editor";
import { conflictOf } from "../saving/transport";

/** What was put on one image; `revision` is the one that put it there. */
export interface Copies {
  readonly image: number;
  readonly revision: number;
  readonly uuids: readonly string[];
  /** States of the image. */
  readonly before: string;
  readonly after: string;
}

export interface Propagated {
  /** Of images that were gone through. */
  readonly images: number;
  readonly copies: number;
  readonly made: readonly Copies[];
}

export interface TakenBack {
  readonly copies: number;
  /** Changed or deleted by somebody since: they stay as they are. */
  readonly kept: number;
}

export interface CopyingParts {
  readonly client: QueryClient;
  /** The id of the user whose work it is. */
  readonly person: number;
  /** Hears of every image whose objects changed. */
  readonly onChanged: (image: number) => void;
}

interface Propagating extends CopyingParts {
  /** Hears after every image. */
  readonly onStep: (done: Propagated) => void;
}

export const NOTHING_COPIED: Propagated = { images: 0, copies: 0, made: [] };

/** A failure leaves the images before it done; `onStep` has heard of them. */
export async function propagate(
  records: readonly AnnotationRecord[],
  images: readonly number[],
  { client, person, onChanged, onStep }: Propagating,
): Promise<Propagated> {
  let done = NOTHING_COPIED;
  for (const image of images) {
    const [size, present] = await Promise.all([
      client.query({ ...imageQuery(image), staleTime: "static" }),
      fetchAnnotations(image),
    ]);
    const create = copiesFor(records, size, present.annotations, uuid4);
    const made: Copies[] = [];
    if (create.length > 0) {
      const batch = { base_revision: present.revision, batch_id: uuid4(), create };
      const { revision, state } = await saveChanges(image, batch, { keepalive: false, person });
      made.push({ image, revision, uuids: create.map(({ uuid }) => uuid), before: present.state, after: state });
      onChanged(image);
      void client.invalidateQueries({ queryKey: ["image", image] });
    }
    done = { images: done.images + 1, copies: done.copies + create.length, made: [...done.made, ...made] };
    onStep(done);
  }
  return done;
}

/**
 * The copies go from all images, and an image that was unlabelled before is so again. What was changed since it was put
 * there stays, as the server says. `onStep` hears what is left to do after every image.
 */
export async function takeBack(
  made: readonly Copies[],
  { client, person, onChanged, onStep }: CopyingParts & { readonly onStep: (left: readonly Copies[]) => void },
): Promise<TakenBack> {
  let [copies, kept] = [0, 0];
  for (const [index, one] of made.entries()) {
    const { image, uuids } = one;
    const conflicts = await remove(one, person);
    copies += uuids.length - conflicts;
    kept += conflicts;
    onChanged(image);
    void client.invalidateQueries({ queryKey: ["image", image] });
    onStep(made.slice(index + 1));
  }
  return { copies, kept };
}

/** Answers how many the server kept. */
async function remove({ image, revision, uuids, before, after }: Copies, person: number): Promise<number> {
  const now = await fetchAnnotations(image);
  const own = new Set(uuids);
  const isAsMade = now.state === after && now.annotations.every(({ uuid }) => own.has(uuid));
  const state = isAsMade && before !== after ? { state: before } : {};
  const batch = { base_revision: revision, batch_id: uuid4(), delete: uuids, ...state };
  try {
    await saveChanges(image, batch, { keepalive: false, person });
    return 0;
  } catch (error) {
    const conflict = conflictOf(error);
    if (conflict === null) throw error;
    return conflict.conflicts?.length ?? 0;
  }
}
