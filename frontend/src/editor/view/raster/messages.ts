/** Owns what the editor and the worker that draws idle objects say to each other. */

import type { Box } from "../../geometry/box";
import type { ClassRecord } from "../../store/records";
import type { ViewSettings } from "../../store/session";
import type { CameraState } from "../Camera";
import type { PackedObjects } from "./packing";

export interface DrawOrder {
  readonly kind: "draw";
  /** Answers to any but the latest are of no use. */
  readonly number: number;
  readonly camera: CameraState;
  /** Image pixels. */
  readonly box: Box;
  /** Device pixels. */
  readonly width: number;
  readonly height: number;
  readonly pixelRatio: number;
  /** Objects that the overlay draws. */
  readonly without: ReadonlySet<string>;
  /** What is done so far is wanted now and then. */
  readonly inParts: boolean;
}

export type RasterOrder =
  | DrawOrder
  | { readonly kind: "objects"; readonly objects: PackedObjects; readonly deleted: readonly string[] }
  | { readonly kind: "classes"; readonly classes: readonly ClassRecord[] }
  | { readonly kind: "settings"; readonly settings: ViewSettings };

/** A part of what was ordered; parts lie over each other in the order in which they come. */
export interface RasterAnswer {
  readonly number: number;
  readonly bitmap: ImageBitmap;
  readonly isLast: boolean;
}

/** The first thing that a worker says. */
export const READY = "ready";

/** The worker, as the editor sees it. */
export interface RasterPort {
  readonly post: (order: RasterOrder, handOver: readonly ArrayBufferLike[]) => void;
  /** `ready` is called when it takes orders, `fail` when it will never take one again. */
  readonly listen: (ears: {
    readonly receive: (answer: RasterAnswer) => void;
    readonly ready: () => void;
    readonly fail: () => void;
  }) => void;
  readonly close: () => void;
}

/** Null where there are no such workers: all is drawn in the page then. */
export type RasterPortFactory = () => RasterPort | null;
