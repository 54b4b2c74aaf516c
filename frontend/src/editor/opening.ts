/** Owns opening, refreshing and leaving an image, and taking over a project's classes. */

import type { EditorCore } from "./core";
import {
  loadAnnotations,
  loadPredictions,
  mergeRemote,
  refreshImage,
  replaceImage,
  replacePredictions,
  type LoadProblem,
} from "./store/loading";
import {
  apiToClass,
  apiToImage,
  type ApiAnnotation,
  type ApiClass,
  type ApiImage,
  type ApiPrediction,
} from "./store/records";
import type { Picture } from "./surface";
import type { RemoteChanges } from "./sync/transport";
import type { TiledPicture } from "./view/TiledPicture";

export interface OpenImage {
  readonly image: ApiImage;
  readonly revision: number;
  readonly annotations: readonly ApiAnnotation[];
  readonly predictions?: readonly ApiPrediction[];
  readonly picture?: Picture | TiledPicture;
}

export interface ImageReading {
  readonly revision: number;
  readonly state: string;
  readonly annotations: readonly ApiAnnotation[];
}

export interface OpenResult {
  readonly problems: readonly LoadProblem[];
}

export function openImage(
  core: EditorCore,
  { image, revision, annotations, predictions, picture }: OpenImage,
): OpenResult {
  closeImage(core);
  const loaded = loadAnnotations(annotations, core.store);
  const shown = core.sync.open({ revision, image: apiToImage(image), annotations: loaded.records });
  replaceImage(core.store, shown.image, shown.annotations);
  core.camera.setPicture(image);
  core.renderer.setPicture(picture ?? null);
  return { problems: [...loaded.problems, ...showPredictions(core, predictions ?? []).problems] };
}

export function closeImage(core: EditorCore): void {
  core.cancelTool();
  core.sync.close();
  core.selection.clear();
  replaceImage(core.store, null, []);
  core.history.clear();
  core.renderer.reset();
}

export function showPredictions(core: EditorCore, predictions: readonly ApiPrediction[]): OpenResult {
  const loaded = loadPredictions(predictions, core.store);
  replacePredictions(core.store, loaded.records, (uuid) => core.sync.findDecision(uuid));
  return { problems: loaded.problems };
}

export function refreshOpenImage(core: EditorCore, { revision, state, annotations }: ImageReading): void {
  const image = core.store.image.get();
  if (!image) return;
  const loaded = loadAnnotations(annotations, core.store);
  const shown = core.sync.open({ revision, image: { ...image, state }, annotations: loaded.records });
  core.history.forget(refreshImage(core.store, shown.image, shown.annotations));
}

/** What others changed came with the answer to a save. */
export function showRemote(core: EditorCore, { annotations, deleted }: RemoteChanges): void {
  const loaded = loadAnnotations(annotations, core.store);
  core.history.forget(mergeRemote(core.store, loaded.records, deleted));
}

export function showClasses(core: EditorCore, classes: readonly ApiClass[]): void {
  const { store, session } = core;
  const records = classes.map(apiToClass);
  const kept = new Set(records.map((record) => record.id));
  store.change(
    (transaction) => {
      for (const { id } of store.classes.get()) if (!kept.has(id)) transaction.delete(id);
      for (const record of records) transaction.put(record);
    },
    { origin: "remote", history: "ignore" },
  );
  const { activeClass } = session.get();
  if (activeClass !== null && store.findClass(activeClass) !== null) return;
  const [first] = store.classes.get();
  session.update((before) => ({ ...before, activeClass: first?.classId ?? null }));
}
