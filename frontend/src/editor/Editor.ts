/** Owns the public face of the editor and delegates everything. */

import { systemClock } from "./clock";
import { COMMANDS } from "./commands";
import type { CommandDefinition } from "./commands/Command";
import { EditorCore, type EditorOptions } from "./core";
import { Answering } from "./facade/answering";
import { Drawing } from "./facade/drawing";
import { Focus } from "./facade/focus";
import { Labels } from "./facade/labels";
import { Masks } from "./facade/masks";
import { Outlines } from "./facade/outlines";
import { Past } from "./facade/past";
import type { Box } from "./geometry/box";
import type { KeyInput, PointerInput, WheelInput } from "./input/events";
import type { Keymap } from "./input/Keymap";
import {
  closeImage,
  openImage,
  refreshOpenImage,
  showClasses,
  showPredictions,
  type ImageReading,
  type OpenImage,
  type OpenResult,
} from "./opening";
import { shapeUtil } from "./shapes";
import type { Signal } from "./signal";
import type { SmartState } from "./smart";
import type { AnnotationPatch } from "./store/Edits";
import type { HistoryState } from "./store/History";
import type {
  AnnotationRecord,
  ApiClass,
  ApiPrediction,
  ClassRecord,
  ImageRecord,
  PredictionRecord,
} from "./store/records";
import { chooseMethod, type Session, type SmartMethod, type SmartOptions, type ViewSettings } from "./store/session";
import type { Picture } from "./surface";
import type { ChangeLog } from "./sync/ChangeLog";
import { SmartTool } from "./tools/smart/SmartTool";
import type { ToolDefinition } from "./tools/Tool";
import { uuid4 } from "./uuid";
import type { Camera, Viewport } from "./view/Camera";
import type { Surfaces } from "./view/Renderer";
import type { TiledPicture } from "./view/TiledPicture";

export class Editor {
  private readonly core: EditorCore;

  readonly image: Signal<ImageRecord | null>;
  /** In drawing order. */
  readonly objects: Signal<readonly AnnotationRecord[]>;
  /** Pending and not under `settings.minScore`, best first. */
  readonly predictions: Signal<readonly PredictionRecord[]>;
  readonly classes: Signal<readonly ClassRecord[]>;
  readonly selection: Signal<ReadonlySet<string>>;
  /** Handles of the one selected object that are moved together. */
  readonly selectedVertices: Signal<ReadonlySet<string>>;
  readonly hovered: Signal<string | null>;
  readonly session: Signal<Session>;
  readonly settings: Signal<ViewSettings>;
  readonly smart: Signal<SmartState>;
  readonly clipboard: Signal<number>;
  /** "box.dragging" */
  readonly toolPath: Signal<string>;
  readonly cursor: Signal<string>;
  /** Image pixels under the pointer. */
  readonly pointerPoint: Signal<{ readonly x: number; readonly y: number } | null>;
  /** Where the cursor for the keyboard is; null while it is off. */
  readonly keyboardCursor: Signal<{ readonly x: number; readonly y: number } | null>;
  readonly history: { readonly state: Signal<HistoryState> };
  readonly camera: Camera;
  readonly keymap: Keymap;
  readonly sync: ChangeLog;
  readonly masks: Masks;
  readonly tools: readonly ToolDefinition[];
  readonly commands: readonly CommandDefinition[] = COMMANDS;
  readonly labels: Labels;
  readonly drawing: Drawing;
  readonly answering: Answering;
  readonly outlines: Outlines;
  readonly focus: Focus;
  readonly past: Past;

  constructor(options: EditorOptions) {
    const core = new EditorCore({ ...options, clock: options.clock ?? systemClock, uuid: options.uuid ?? uuid4 });
    this.core = core;
    this.image = core.store.image;
    this.objects = core.store.annotations;
    this.classes = core.store.classes;
    this.selection = core.selection.ids;
    this.selectedVertices = core.selection.vertices;
    this.hovered = core.selection.hovered;
    this.session = core.session;
    this.settings = core.settings;
    this.smart = core.smart;
    this.clipboard = core.clipboard.size;
    this.toolPath = core.toolbox.path;
    this.cursor = core.toolbox.cursor;
    this.pointerPoint = core.router.pointerPoint;
    this.keyboardCursor = core.router.cursor.place;
    this.history = core.history;
    this.camera = core.camera;
    this.keymap = core.keymap;
    this.sync = core.sync;
    this.masks = new Masks(core);
    this.tools = core.toolbox.definitions;
    this.predictions = core.shownPredictions;
    this.labels = new Labels(core);
    this.drawing = new Drawing(core);
    this.answering = new Answering(core);
    this.outlines = new Outlines(core);
    this.focus = new Focus(core);
    this.past = new Past(core);
  }

  // --- canvas and input ---

  /** The returned function lets go of the surfaces. */
  mount(surfaces: Surfaces): () => void {
    return this.core.renderer.mount(surfaces);
  }

  /** CSS pixels. */
  resize(width: number, height: number, pixelRatio: number): void {
    const viewport: Viewport = { width, height, pixelRatio };
    this.core.camera.resize(viewport);
  }

  pointer(input: PointerInput): void {
    this.core.router.pointer(input);
  }

  /** True when the browser must not act on it. */
  wheel(input: WheelInput): boolean {
    return this.core.router.wheel(input);
  }

  /** True when the browser must not act on it. */
  key(input: KeyInput): boolean {
    return this.core.router.key(input);
  }

  /** The window lost the focus. */
  blur(): void {
    this.core.router.blur();
  }

  dispose(): void {
    this.close();
    this.core.renderer.dispose();
    this.core.sync.dispose();
  }

  // --- project and image ---

  setClasses(classes: readonly ApiClass[]): void {
    showClasses(this.core, classes);
  }

  /** Shape types that the project uses; tools that make none of them cannot be taken. Empty = all. */
  setShapes(shapes: readonly string[]): void {
    this.core.session.update((session) => ({ ...session, shapes }));
    if (this.core.toolbox.canUse(this.core.toolbox.current.id) !== true) this.core.setTool("select");
  }

  /** For people who may look only: drawing tools say so, and no edit of theirs reaches the store. */
  setReadOnly(readOnly: boolean): void {
    this.core.store.setReadOnly(readOnly);
    this.core.session.update((session) => ({ ...session, readOnly }));
    if (readOnly) this.core.setTool("select");
  }

  setTagMode(tagMode: Session["tagMode"]): void {
    this.core.session.update((session) => ({ ...session, tagMode }));
  }

  /** Leaves the image that was open; its unsaved changes go on being saved. */
  open(image: OpenImage): OpenResult {
    return openImage(this.core, image);
  }

  close(): void {
    closeImage(this.core);
  }

  setPicture(picture: Picture | TiledPicture | null): void {
    this.core.renderer.setPicture(picture);
  }

  setPredictions(predictions: readonly ApiPrediction[]): OpenResult {
    return showPredictions(this.core, predictions);
  }

  /** The open image, read again: others' changes come in, what is unsaved here stays. */
  refresh(reading: ImageReading): void {
    refreshOpenImage(this.core, reading);
  }

  // --- what is in the hand, how it looks ---

  setTool(id: string): void {
    this.core.setTool(id);
  }

  /** True, or a sentence why not. */
  canUse(tool: string): true | string {
    return this.core.toolbox.canUse(tool);
  }

  setClass(activeClass: number | null): void {
    this.focus.setClass(activeClass);
  }

  /** Parameters that are not given take the method's defaults. */
  setSmartMethod(method: SmartMethod | null, options: SmartOptions = {}): void {
    this.core.session.update((session) => ({ ...session, smart: chooseMethod(session.smart, method, options) }));
  }

  setSmartParameters(parameters: Readonly<Record<string, unknown>>): void {
    this.updateSmart({ parameters: { ...this.core.session.get().smart.parameters, ...parameters } });
  }

  setSmartOutput(output: string): void {
    this.updateSmart({ output });
  }

  /** What a drag of the smart tool draws, and how wide a stroke is. */
  setSmartDrag(change: Partial<Pick<Session["smart"], "drag" | "strokeWidth">>): void {
    this.updateSmart(change);
  }

  /** Whether hovering asks what a click would give, where answers are quick. */
  setSmartHover(hover: boolean): void {
    this.updateSmart({ hover });
  }

  updateSettings(change: Partial<ViewSettings>): void {
    this.core.settings.update((settings) => ({ ...settings, ...change }));
  }

  // --- selection and edits ---

  select(ids: Iterable<string>, options: { readonly add?: boolean; readonly reveal?: boolean } = {}): void {
    const { selection, store, camera } = this.core;
    const existing = [...ids].filter((id) => store.findObject(id) !== null);
    if (options.add === true) selection.add(existing);
    else selection.set(existing);
    const [first] = existing;
    const bounds = first === undefined ? null : this.boundsOf(first);
    if (options.reveal === true && bounds) camera.reveal(bounds);
  }

  setHovered(id: string | null): void {
    this.core.selection.hover(id);
  }

  zoomTo(id: string): void {
    const bounds = this.boundsOf(id);
    if (bounds) this.core.camera.show(bounds);
  }

  /** Runs a command by id; false when it cannot run now. */
  run(command: string): boolean {
    const definition = COMMANDS.find((one) => one.id === command);
    if (definition?.isEnabled(this.core) !== true) return false;
    definition.run(this.core, { repeat: false });
    this.core.toolbox.refresh();
    return true;
  }

  /** True, or a sentence why not. */
  canRun(command: string): true | string {
    return COMMANDS.find((one) => one.id === command)?.isEnabled(this.core) ?? `There is no command "${command}".`;
  }

  /** Enter. */
  finish(): void {
    this.core.toolbox.current.state.onComplete?.();
    this.core.toolbox.refresh();
  }

  /** The selected object's box is what the smart tool is shown; false where nothing with a box is selected. */
  promptSelected(): boolean {
    const [id] = this.core.selection.ids.get();
    const box = id === undefined ? null : this.boundsOf(id);
    const tool = this.core.toolbox.current;
    if (box === null || !(tool instanceof SmartTool)) return false;
    tool.promptBox(box);
    this.core.toolbox.refresh();
    return true;
  }

  /** Esc. */
  cancel(): void {
    this.core.cancelTool();
  }

  relabel(ids: Iterable<string>, classId: number): void {
    this.core.edits.relabel(ids, classId);
  }

  /** One undo step. */
  patch(ids: Iterable<string>, change: AnnotationPatch, name: string): void {
    this.core.edits.patch(ids, change, name);
  }

  remove(ids: Iterable<string>): void {
    this.core.edits.remove(ids);
  }

  toggleTag(classId: number): void {
    this.core.edits.toggleTag(classId);
  }

  setImageState(state: string): void {
    this.core.edits.setImageState(state);
  }

  accept(predictions: Iterable<string>): void {
    this.core.edits.accept(predictions);
  }

  reject(predictions: Iterable<string>): void {
    this.core.edits.reject(predictions);
  }

  private updateSmart(change: Partial<Session["smart"]>): void {
    this.core.session.update((session) => ({ ...session, smart: { ...session.smart, ...change } }));
  }

  private boundsOf(id: string): Box | null {
    const record = this.core.store.findObject(id);
    return record ? shapeUtil(record.shape).bounds(record.shape) : null;
  }
}
