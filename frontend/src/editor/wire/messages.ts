/** Owns what the editor and the worker that finds the live wire's way say to each other. */

/** Pixels of the window, which is a part of the picture at some scale. */
export type WirePixel = readonly [x: number, y: number];

export interface WindowOrder {
  readonly kind: "window";
  readonly width: number;
  readonly height: number;
  /** RGBA. */
  readonly pixels: Uint8ClampedArray;
}

export interface TraceOrder {
  readonly kind: "trace";
  readonly number: number;
  /** Null: only where `to` would go. */
  readonly from: WirePixel | null;
  readonly to: WirePixel;
  /** 0: straight on, 1: along edges at any price. */
  readonly pull: number;
  /** `to` goes to the strongest edge within so many pixels. */
  readonly reach: number;
}

export type WireOrder = WindowOrder | TraceOrder;

export interface WireAnswer {
  readonly number: number;
  /** x and y of each pixel of the way, both ends included. */
  readonly way: Int32Array;
}

/** The worker, as the editor sees it. */
export interface WirePort {
  readonly post: (order: WireOrder, handOver: readonly ArrayBufferLike[]) => void;
  /** `fail` is called when it will never answer again. */
  readonly listen: (ears: { readonly receive: (answer: WireAnswer) => void; readonly fail: () => void }) => void;
  readonly close: () => void;
}

/** Null where there are no such workers: the wire is straight then. */
export type WirePortFactory = () => WirePort | null;
