/** Owns what tools and commands may use of the editor. Types only: nothing here depends on the facade. */

import type { Clock } from "./clock";
import type { Size } from "./geometry/point";
import type { Value } from "./signal";
import type { SmartProvider, SmartState } from "./smart";
import type { Clipboard } from "./store/Clipboard";
import type { Edits } from "./store/Edits";
import type { History } from "./store/History";
import type { Selection } from "./store/Selection";
import type { Session, ViewSettings } from "./store/session";
import type { Store } from "./store/Store";
import type { Camera } from "./view/Camera";
import type { HitTester } from "./view/HitTester";
import type { PixelSource } from "./view/PictureReader";
import type { Snapping } from "./view/Snapping";
import type { WirePortFactory } from "./wire/messages";

export interface EditorContext {
  readonly store: Store;
  readonly selection: Selection;
  readonly history: History;
  readonly edits: Edits;
  readonly clipboard: Clipboard;
  readonly camera: Camera;
  readonly hits: HitTester;
  readonly snapping: Snapping;
  readonly session: Value<Session>;
  readonly settings: Value<ViewSettings>;
  readonly smart: Value<SmartState>;
  readonly smartProvider: SmartProvider | null;
  /** Of the open picture. */
  readonly pixels: PixelSource;
  /** Starts the worker that finds the way of the live wire. */
  readonly openWirePort: WirePortFactory;
  readonly clock: Clock;
  /** Of the open image; 0 x 0 without one. */
  imageSize(): Size;
  imageId(): number | null;
  /** Draw what the tool shows again. */
  requestOverlay(): void;
  /** The tool draws these objects itself. */
  claim(ids: readonly string[]): void;
  /** What was painted has become this shape (null: nothing), so its picture need not be made again. */
  moveTint(bitmap: object, shape: object | null): void;
  setTool(id: string): void;
  /** The tool in hand changed its state by itself: an answer came. */
  refreshTool(): void;
  /** Cancels what the tool in hand is doing; false when it did nothing. */
  cancelTool(): boolean;
  /** The tool has something unfinished in hand. */
  isDrafting(): boolean;
  /** Takes back the last step of an unfinished object; false when there is none. */
  undoDraft(): boolean;
  previousTool(): string;
}
