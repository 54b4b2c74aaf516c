/**
 * The public surface of the editor core. Everything outside src/editor imports from here and from nowhere deeper, save
 * that keys.ts is the surface of keys alone.
 *
 * The core draws on canvases and reads events that others give it. It knows no React, no fetch and no DOM.
 *
 * Construct
 *   const editor = new Editor({
 *     createSurface: (width, height) =>
 *       surfaceOf(Object.assign(document.createElement("canvas"), { width, height })),   // never shown
 *     openRasterPort,       // draws thousands of objects in a worker; without it the page does, a slice a frame
 *     transport,            // SyncTransport: POST images/{id}/changes/ and …/predictions/decide/
 *     journal,              // Journal, e.g. over IndexedDB; default: in memory, which loses a crash
 *     smart,                // SmartProvider: POST images/{id}/smart/{method}/
 *     keyBindings,          // the person's own keys; later ones: editor.keymap.setBindings()
 *   });
 *   await editor.sync.recover();                       // once: sends what a crash or a lost connection left behind
 *
 * Mount: three <canvas> of one size over each other, and a <div> around them that takes the events (touch-action: none)
 *   const unmount = editor.mount({ image: surfaceOf(a), shapes: surfaceOf(b), overlay: surfaceOf(c) });
 *   new ResizeObserver(() => editor.resize(div.clientWidth, div.clientHeight, devicePixelRatio)).observe(div);
 *   a.style.filter = imageFilter(editor.settings.get());     div.style.cursor = editor.cursor.get();
 *
 * Feed events
 *   pointerdown (setPointerCapture), pointermove, pointerup, pointercancel, pointerleave
 *                     editor.pointer(pointerInput("down" | "move" | "up" | "cancel" | "leave", event, div.getBoundingClientRect()))
 *   wheel             if (editor.wheel(wheelInput(event, rect))) event.preventDefault()       (a non-passive listener)
 *   keydown, keyup    if (editor.key(keyInput("down" | "up", event))) event.preventDefault()  (on window; not from text fields)
 *   contextmenu       event.preventDefault()                  blur of the window   editor.blur()
 *
 * Read: every Signal fits useSyncExternalStore(signal.subscribe, signal.get); snapshots are immutable.
 *   editor.image, objects, predictions, classes, selection, hovered, session, settings, smart, clipboard, toolPath, cursor,
 *   pointerPoint, history.state, camera.state, sync.status, keymap.changed
 *
 * Work
 *   editor.setClasses(project.classes); editor.setShapes(["box"]); editor.setReadOnly(role === "viewer");
 *   editor.open({ image, revision, annotations, predictions, picture });   // the image before goes on being saved
 *   editor.setPicture(bitmap);                                             // may come later
 *   editor.setTool("polygon"); editor.setClass(3); editor.run("undo"); editor.canRun("delete") === true || whyNot
 *
 * Save: changes go out 2 s after the last one, when the image is left, and on editor.sync.flush(). On pagehide call
 * editor.sync.leave(); ask before unload unless editor.sync.canLeave(). sync.status.state is what the badge says: saved,
 * dirty, saving, offline (reason "unauthenticated": log in, then sync.retry()), conflict (sync.resolve(uuid, "mine" |
 * "theirs" | "both")) or refused (the object, or with `images[…].barred` the image, is set aside with its sentence, all
 * else is saved; sync.retry(), sync.discard(imageId), or sync.unsaved() for a file to take away).
 */

export { EDITOR_ACTIONS, toolAction, type EditorAction } from "./actions";
export { classKeyAction } from "./commands/classes";
export { boundKeys, clashing, rebind } from "./input/bindings";
export type { Bindable, KeyBindings, Scope } from "./input/bindings";
export { chordOf, chordsOf, normaliseChord } from "./input/chord";
export { systemClock, type Clock } from "./clock";
export type { CommandDefinition } from "./commands/Command";
export type { EditorOptions } from "./core";
export type { DecoderAnswer, DecoderOrder, DecoderPort, Embedding } from "./decoder/messages";
export { openDecoderPort } from "./decoder/port";
export { Editor } from "./Editor";
export { keyInput, pointerInput, wheelInput } from "./input/events";
export type { KeyInput, PointerInput, PointerKind, WheelInput } from "./input/events";
export type { KeyAction, Keymap } from "./input/Keymap";
export type { ImageReading, OpenImage, OpenResult } from "./opening";
export { apiToShape, areImageLabels, SHAPES, shapeUtil, type Shape } from "./shapes";
export type { BoxShape } from "./shapes/box";
export type { MaskShape } from "./shapes/mask";
export type { PolygonShape } from "./shapes/polygon";
export { ShapeError, type ShapeUtil } from "./shapes/ShapeUtil";
export type { Joint, SkeletonShape, Visibility } from "./shapes/skeleton";
export type { TagShape } from "./shapes/tag";
export { type Signal, Value } from "./signal";
export type { SmartAnswer, SmartPrompt, SmartProvider, SmartRequest, SmartState } from "./smart";
export type { AnnotationPatch } from "./store/Edits";
export type { HistoryState } from "./store/History";
export type { LoadProblem } from "./store/loading";
export { copiesFor } from "./store/propagation";
export type {
  AnnotationRecord,
  ApiAnnotation,
  ApiClass,
  ApiImage,
  ApiPrediction,
  AttributeDefinition,
  ClassRecord,
  ImageRecord,
  ObjectRecord,
  PredictionRecord,
  SkeletonTemplate,
} from "./store/records";
export { annotationToApi } from "./store/records";
export {
  DEFAULT_SETTINGS,
  imageFilter,
  type BrushSettings,
  type Session,
  type SmartMethod,
  type ViewSettings,
} from "./store/session";
export { surfaceOf, type Picture, type Surface, type SurfaceFactory } from "./surface";
export type { ChangeLog } from "./sync/ChangeLog";
export { MemoryJournal, type Journal, type JournalEntry } from "./sync/journal";
export type { Conflict, Refusal, SyncStatus, UnsavedImage } from "./sync/status";
export { TransportError } from "./sync/transport";
export type {
  ApiConflict,
  ChangeAnswer,
  ChangeBatch,
  ConflictSide,
  DecisionBatch,
  SendOptions,
  SyncTransport,
  TransportFailure,
} from "./sync/transport";
export type { ToolDefinition } from "./tools/Tool";
export { uuid4 } from "./uuid";
export type { Camera, CameraState } from "./view/Camera";
export { openRasterPort } from "./view/raster/port";
export { openWirePort } from "./wire/port";
export type { Surfaces } from "./view/Renderer";
export { TiledPicture, type TileImage, type TileSource } from "./view/TiledPicture";
