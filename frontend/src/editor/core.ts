/** Owns the wiring of the parts into one editor. Decides nothing itself; the facade in Editor.ts is what others use. */

import type { Clock } from "./clock";
import { COMMANDS } from "./commands";
import { classActions } from "./commands/classes";
import type { EditorContext } from "./context";
import { toolAction } from "./actions";
import type { KeyBindings } from "./input/bindings";
import { drawingActions } from "./input/drawingActions";
import { Keymap, type KeyAction } from "./input/Keymap";
import { Router } from "./input/Router";
import { showRemote } from "./opening";
import { shapeUtil } from "./shapes";
import { Derived, Value } from "./signal";
import { SMART_IDLE, type SmartProvider, type SmartState } from "./smart";
import { Clipboard } from "./store/Clipboard";
import { Edits } from "./store/Edits";
import { History } from "./store/History";
import { Selection } from "./store/Selection";
import type { AnnotationRecord } from "./store/records";
import { DEFAULT_SETTINGS, NEW_SESSION, type Session, type ViewSettings } from "./store/session";
import { Store, type StoreEvent } from "./store/Store";
import type { SurfaceFactory } from "./surface";
import { ChangeLog } from "./sync/ChangeLog";
import type { Journal } from "./sync/journal";
import type { SyncTransport } from "./sync/transport";
import { TOOLS } from "./tools";
import { Toolbox } from "./tools/Toolbox";
import { Camera } from "./view/Camera";
import { HitTester, isVisible } from "./view/HitTester";
import type { RasterPortFactory } from "./view/raster/messages";
import { Renderer } from "./view/Renderer";
import { Snapping } from "./view/Snapping";
import { drawSnap } from "./view/snapMark";
import { SpatialIndex } from "./view/SpatialIndex";
import type { WirePortFactory } from "./wire/messages";

export interface EditorOptions {
  /** Makes canvases that are never shown: the raster of idle objects, coloured masks. */
  readonly createSurface: SurfaceFactory;
  /** Starts the worker that draws idle objects where there are many; without it the page does, a slice a frame. */
  readonly openRasterPort?: RasterPortFactory;
  /** Starts the worker of the live wire; without it the wire is straight. */
  readonly openWirePort?: WirePortFactory;
  readonly transport: SyncTransport;
  readonly journal?: Journal;
  readonly smart?: SmartProvider;
  readonly clock?: Clock;
  readonly uuid?: () => string;
  /** The person's own keys. */
  readonly keyBindings?: KeyBindings;
  readonly settings?: Partial<ViewSettings>;
}

export class EditorCore implements EditorContext {
  readonly store = new Store();
  readonly selection = new Selection();
  readonly history = new History(this.store, this.selection);
  readonly session = new Value<Session>(NEW_SESSION);
  readonly settings: Value<ViewSettings>;
  readonly smart = new Value<SmartState>(SMART_IDLE);
  readonly clipboard = new Clipboard();
  readonly camera = new Camera();
  readonly index = new SpatialIndex(this.store);
  readonly edits: Edits;
  readonly hits: HitTester;
  readonly snapping: Snapping;
  readonly clock: Clock;
  smartProvider: SmartProvider | null;
  readonly keymap: Keymap;
  readonly toolbox: Toolbox;
  readonly router: Router;
  readonly renderer: Renderer;
  readonly pixels: Renderer;
  readonly openWirePort: WirePortFactory;
  readonly sync: ChangeLog;
  /** Pending and not under the threshold, also while they are hidden on the canvas. */
  readonly shownPredictions = new Derived(() => {
    const settings = { ...this.settings.get(), hideAll: false, showPredictions: true };
    return this.store.predictions.get().filter((record) => isVisible(record, settings));
  });
  private forgetClassKeys: (() => void) | null = null;

  constructor(options: EditorOptions & { readonly clock: Clock; readonly uuid: () => string }) {
    const { clock, uuid, createSurface } = options;
    const { store, selection, history, session, camera, index } = this;
    this.clock = clock;
    this.smartProvider = options.smart ?? null;
    this.openWirePort = options.openWirePort ?? (() => null);
    this.settings = new Value({ ...DEFAULT_SETTINGS, ...options.settings });
    this.edits = new Edits({ store, history, selection, session, uuid });
    this.hits = new HitTester(index, this.settings, store);
    this.snapping = new Snapping({ hits: this.hits, session, imageSize: () => this.imageSize() });
    this.toolbox = new Toolbox(TOOLS, this);
    this.keymap = new Keymap(options.keyBindings);
    this.keymap.register([...drawingActions(this.toolbox), ...this.toolActions(), ...this.commandActions()]);
    this.router = new Router({
      camera,
      toolbox: this.toolbox,
      keymap: this.keymap,
      clock,
      snapping: this.snapping,
      imageSize: () => this.imageSize(),
      requestOverlay: () => this.requestOverlay(),
    });
    this.keymap.register(this.router.cursor.actions());
    this.renderer = new Renderer({
      store,
      selection,
      settings: this.settings,
      camera,
      index,
      clock,
      createSurface,
      openRasterPort: options.openRasterPort ?? (() => null),
      drawTool: (painter) => {
        this.toolbox.current.draw(painter);
        drawSnap(painter, this.snapping.current, this.imageSize());
        this.router.cursor.draw(painter);
      },
      pointer: () => this.router.pointerPoint.get(),
      isDragging: () => history.isOpen,
    });
    this.pixels = this.renderer;
    this.sync = new ChangeLog({
      transport: options.transport,
      journal: options.journal,
      clock,
      uuid,
      isBusy: () => history.isOpen || this.toolbox.current.isBusy,
      news: {
        record: (id, record) => this.showTheirs(id, record),
        imageState: (state) => this.showState(state),
        changes: (remote) => showRemote(this, remote),
      },
    });
    store.listen((event) => {
      this.sync.follow(event);
      const gone = [...event.diff].filter(([, { after }]) => after === null).map(([id]) => id);
      if (gone.length > 0) selection.forget(new Set(gone));
      this.forgetVertices(event);
    });
    store.predictions.subscribe(() => this.shownPredictions.invalidate());
    this.settings.subscribe(() => this.shownPredictions.invalidate());
    store.classes.subscribe(() => this.rebuildClassKeys());
  }

  imageSize(): { readonly width: number; readonly height: number } {
    return this.store.image.get() ?? { width: 0, height: 0 };
  }

  imageId(): number | null {
    return this.store.image.get()?.imageId ?? null;
  }

  requestOverlay(): void {
    this.renderer.requestOverlay();
  }

  claim(ids: readonly string[]): void {
    this.renderer.claim(new Set(ids));
  }

  moveTint(bitmap: object, shape: object | null): void {
    this.renderer.moveTint(bitmap, shape);
  }

  setTool(id: string): void {
    this.toolbox.use(id);
  }

  previousTool(): string {
    return this.toolbox.previous;
  }

  refreshTool(): void {
    this.toolbox.refresh();
  }

  cancelTool(): boolean {
    const cancelled = this.toolbox.current.cancel();
    this.toolbox.refresh();
    return cancelled;
  }

  isDrafting(): boolean {
    return this.toolbox.current.isBusy;
  }

  undoDraft(): boolean {
    const undone = this.toolbox.current.state.onUndo?.() === true;
    this.toolbox.refresh();
    return undone;
  }

  /** Somebody else's version of an object takes the place of ours. */
  private showTheirs(id: string, record: AnnotationRecord | null): void {
    this.history.forget(new Set([id]));
    this.store.change((transaction) => (record ? transaction.put(record) : transaction.delete(id)), {
      origin: "remote",
      history: "ignore",
    });
  }

  /** Handles count vertices: once there are more or fewer of them, they are others. */
  private forgetVertices({ diff }: StoreEvent): void {
    const id = this.selection.single();
    if (id === null || this.selection.vertices.get().size === 0) return;
    const { before, after } = diff.get(id) ?? {};
    if (before?.kind !== "annotation" || after?.kind !== "annotation") return;
    const [then, now] = [before.shape, after.shape].map((shape) => shapeUtil(shape).handles(shape).length);
    if (then !== now) this.selection.setVertices(new Set());
  }

  private showState(state: string): void {
    const image = this.store.image.get();
    if (!image || image.state === state) return;
    this.store.change((transaction) => transaction.put({ ...image, state }), { origin: "remote", history: "ignore" });
  }

  private toolActions(): KeyAction[] {
    return this.toolbox.definitions.map(({ id, keys }) => ({
      id: toolAction(id),
      keys,
      scope: "global",
      isEnabled: () => this.toolbox.canUse(id),
      run: () => this.toolbox.use(id),
    }));
  }

  private commandActions(): KeyAction[] {
    return COMMANDS.map(({ id, keys, scope, isEnabled, run }) => ({
      id,
      keys,
      scope,
      isEnabled: () => isEnabled(this),
      run: (options) => run(this, options),
    }));
  }

  private rebuildClassKeys(): void {
    this.forgetClassKeys?.();
    this.forgetClassKeys = this.keymap.register(classActions(this, this.store.classes.get()));
  }
}
