/** Owns a driver for tests: a whole editor without a screen, moved by pointer and keys in image coordinates. */

import { Editor } from "../Editor";
import { normaliseChord } from "../input/chord";
import type { KeyInput, PointerInput, PointerKind } from "../input/events";
import type { SmartAnswer, SmartProvider, SmartRequest } from "../smart";
import type { AnnotationRecord, ApiAnnotation, ApiClass, ApiPrediction } from "../store/records";
import { MemoryJournal, type Journal } from "../sync/journal";
import type { Picture } from "../surface";
import type { RasterPortFactory } from "../view/raster/messages";
import type { WirePortFactory } from "../wire/messages";
import { FakeClock } from "./FakeClock";
import { FakeServer } from "./FakeServer";
import { RecordingSurface } from "./RecordingContext";

export const CLASSES: readonly ApiClass[] = [
  { id: 11, number: 1, name: "cat", color: "#e69f00", hotkey: "1", position: 1 },
  { id: 12, number: 2, name: "dog", color: "#56b4e9", hotkey: "2", position: 2 },
];

export const IMAGE = { id: 5, name: "a.jpg", width: 200, height: 100, state: "unlabelled" } as const;

export class FakeSmart implements SmartProvider {
  readonly requests: SmartRequest[] = [];
  answer: SmartAnswer = { shapes: [{ shape: { type: "box", box: [10, 10, 20, 20] }, score: 0.9 }], seconds: 0.1 };
  failure: Error | null = null;

  predict(request: SmartRequest): Promise<SmartAnswer> {
    this.requests.push(request);
    return this.failure ? Promise.reject(this.failure) : Promise.resolve(this.answer);
  }
}

export interface TestEditorOptions {
  readonly annotations?: readonly ApiAnnotation[];
  readonly predictions?: readonly ApiPrediction[];
  readonly server?: FakeServer;
  readonly journal?: Journal;
  readonly image?: {
    readonly id: number;
    readonly name: string;
    readonly width: number;
    readonly height: number;
    readonly state: string;
  };
  readonly empty?: boolean;
  readonly openRasterPort?: RasterPortFactory;
  readonly openWirePort?: WirePortFactory;
  readonly picture?: Picture;
}

type Held = Partial<Pick<PointerInput, "shift" | "ctrl" | "alt" | "button" | "pointerType" | "pointerId" | "pressure">>;

export class TestEditor {
  readonly clock = new FakeClock();
  readonly server: FakeServer;
  readonly journal: Journal;
  readonly smart = new FakeSmart();
  readonly surfaces = {
    image: new RecordingSurface(),
    shapes: new RecordingSurface(),
    overlay: new RecordingSurface(),
  };
  readonly offscreen: RecordingSurface[] = [];
  readonly editor: Editor;
  private ids = 0;
  private readonly prefix: string;

  constructor(options: TestEditorOptions = {}) {
    this.server = options.server ?? new FakeServer();
    this.journal = options.journal ?? new MemoryJournal();
    this.prefix = options.server ? "again" : "id";
    for (const annotation of options.annotations ?? [])
      this.server.rows.set(annotation.uuid, { value: annotation, revision: 1 });
    this.editor = new Editor({
      createSurface: (width, height) => this.createSurface(width, height),
      ...(options.openRasterPort ? { openRasterPort: options.openRasterPort } : {}),
      ...(options.openWirePort ? { openWirePort: options.openWirePort } : {}),
      transport: this.server,
      journal: this.journal,
      smart: this.smart,
      clock: this.clock,
      uuid: () => this.uuid(),
    });
    this.editor.mount(this.surfaces);
    this.editor.setClasses(CLASSES);
    if (options.empty !== true) this.open(options);
  }

  /** One image pixel is one CSS pixel, and the picture begins at the corner. */
  open(options: TestEditorOptions = {}): void {
    const image = options.image ?? IMAGE;
    this.editor.open({
      image,
      revision: this.server.revision,
      annotations: this.server.annotations(image.id),
      predictions: options.predictions ?? [],
      ...(options.picture ? { picture: options.picture } : {}),
    });
    this.editor.resize(image.width, image.height, 1);
    this.editor.camera.show([0, 0, image.width, image.height], 0);
    this.clock.runFrames();
  }

  pointerDown(x: number, y: number, held: Held = {}): this {
    return this.pointer("down", x, y, held);
  }

  pointerMove(x: number, y: number, held: Held = {}): this {
    return this.pointer("move", x, y, held);
  }

  pointerUp(x: number, y: number, held: Held = {}): this {
    return this.pointer("up", x, y, held);
  }

  pointerCancel(x: number, y: number, held: Held = {}): this {
    return this.pointer("cancel", x, y, held);
  }

  click(x: number, y: number, held: Held = {}): this {
    this.clock.skip(1000);
    return this.pointerDown(x, y, held).pointerUp(x, y, held);
  }

  doubleClick(x: number, y: number, held: Held = {}): this {
    this.click(x, y, held);
    this.clock.skip(100);
    return this.pointerDown(x, y, held).pointerUp(x, y, held);
  }

  drag(path: readonly (readonly [number, number])[], held: Held = {}): this {
    this.clock.skip(1000);
    const [first = [0, 0]] = path;
    const last = path.at(-1) ?? first;
    this.pointerDown(first[0], first[1], held);
    for (const [x, y] of path.slice(1)) this.pointerMove(x, y, held);
    return this.pointerUp(last[0], last[1], held);
  }

  /** Presses and releases a combination such as "Ctrl+Z". */
  key(chord: string, options: { readonly repeat?: boolean } = {}): this {
    this.keyDown(chord, options);
    return this.keyUp(chord);
  }

  keyDown(chord: string, options: { readonly repeat?: boolean } = {}): this {
    this.editor.key({ ...chordToKey(chord, "down"), repeat: options.repeat ?? false });
    return this;
  }

  keyUp(chord: string): this {
    this.editor.key(chordToKey(chord, "up"));
    return this;
  }

  wheel(x: number, y: number, deltaY: number, held: Held = {}): this {
    const screen = this.editor.camera.toScreen({ x, y });
    this.editor.wheel({ screen, deltaX: 0, deltaY, shift: held.shift ?? false, ctrl: held.ctrl ?? false, alt: false });
    return this;
  }

  /** Throws when the tool in hand is in another state. */
  expectPath(path: string): this {
    const actual = this.editor.toolPath.get();
    if (actual !== path) throw new Error(`The tool is at "${actual}", not at "${path}".`);
    return this;
  }

  get objects(): readonly AnnotationRecord[] {
    return this.editor.objects.get();
  }

  /** The only object. */
  get only(): AnnotationRecord {
    const [first, ...others] = this.objects;
    if (!first || others.length > 0) throw new Error(`There are ${this.objects.length} objects, not one.`);
    return first;
  }

  /** All records as JSON, for "nothing has changed". */
  snapshot(): string {
    return JSON.stringify([this.objects, this.editor.predictions.get(), this.editor.image.get()]);
  }

  private pointer(kind: PointerKind, x: number, y: number, held: Held): this {
    const screen = this.editor.camera.toScreen({ x, y });
    this.editor.pointer({
      kind,
      screen,
      pointerId: held.pointerId ?? 1,
      pointerType: held.pointerType ?? "mouse",
      button: held.button ?? (kind === "move" ? -1 : 0),
      shift: held.shift ?? false,
      ctrl: held.ctrl ?? false,
      alt: held.alt ?? false,
      pressure: held.pressure ?? 1,
    });
    return this;
  }

  private createSurface(width: number, height: number): RecordingSurface {
    const surface = new RecordingSurface(width, height);
    this.offscreen.push(surface);
    return surface;
  }

  private uuid(): string {
    this.ids += 1;
    return `${this.prefix}-${this.ids}`;
  }
}

/** What a keyboard of the United States makes of its digits with Shift. */
const SHIFTED_DIGITS = [")", "!", "@", "#", "$", "%", "^", "&", "*", "("] as const;
const KEY_NAMES: Readonly<Record<string, string>> = { Esc: "Escape", Del: "Delete", Space: " " };

function chordToKey(chord: string, kind: "down" | "up"): KeyInput {
  const normal = normaliseChord(chord);
  const name = normal.endsWith("+") ? "+" : (normal.split("+").at(-1) ?? "");
  const parts = normal.slice(0, -name.length).split("+");
  const code = /^[A-Z]$/.test(name) ? `Key${name}` : /^\d$/.test(name) ? `Digit${name}` : name;
  const has = (modifier: string): boolean => parts.includes(modifier);
  const typed = has("Shift") ? (SHIFTED_DIGITS[Number(name)] ?? name) : name.toLowerCase();
  const key = KEY_NAMES[name] ?? (name.length === 1 ? typed : name);
  return { kind, key, code, repeat: false, shift: has("Shift"), ctrl: has("Ctrl"), alt: has("Alt") };
}

export function boxAnnotation(
  uuid: string,
  box: readonly [number, number, number, number],
  more: Partial<ApiAnnotation> = {},
): ApiAnnotation {
  return {
    uuid,
    class: 11,
    shape: { type: "box", box },
    attributes: {},
    occluded: false,
    truncated: false,
    crowd: false,
    z_order: 0,
    group: null,
    source: "human",
    score: null,
    created_by: 1,
    created_in: 1,
    ...more,
  };
}
