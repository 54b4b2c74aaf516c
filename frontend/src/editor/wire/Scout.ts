/** Owns the worker's side of the live wire: one window of the picture, and the searches that were begun in it. */

import { findEdges, type Edges } from "./costs";
import type { TraceOrder, WireAnswer, WireOrder, WirePixel } from "./messages";
import { WireSearch } from "./WireSearch";

/** From the latest anchor and from the first one; each holds 9 bytes for a pixel of the window. */
const KEPT = 3;
/** A weaker edge draws nobody to it. */
const WEAKEST = 0.15;

export class Scout {
  private edges: Edges | null = null;
  /** Latest used last. */
  private searches: { readonly pull: number; readonly search: WireSearch }[] = [];

  /** Null: nothing to answer. */
  receive(order: WireOrder): WireAnswer | null {
    if (order.kind === "trace") return this.trace(order);
    this.edges = findEdges(order.pixels, order.width, order.height);
    this.searches = [];
    return null;
  }

  private trace({ number, from, to, pull, reach }: TraceOrder): WireAnswer {
    const { edges } = this;
    if (edges === null) return { number, way: Int32Array.from([...(from ?? []), ...to]) };
    const goal = strongestNear(edges, to, reach);
    const way = from === null ? [goal] : this.searchFrom(indexOf(edges, from), pull).wayTo(goal);
    return { number, way: Int32Array.from(way.flatMap((at) => [at % edges.width, Math.floor(at / edges.width)])) };

    function indexOf({ width }: Edges, [x, y]: WirePixel): number {
      return x + y * width;
    }
  }

  private searchFrom(seed: number, pull: number): WireSearch {
    const known = this.searches.find((one) => one.search.seed === seed && one.pull === pull);
    const found = known ?? (this.edges ? { pull, search: new WireSearch(this.edges, seed, pull) } : null);
    if (found === null) throw new Error("There is no window to search in.");
    this.searches = [...this.searches.filter((one) => one !== found), found].slice(-KEPT);
    return found.search;
  }
}

/** The nearer of two edges of the same strength. */
function strongestNear(edges: Edges, [x, y]: WirePixel, reach: number): number {
  let best = x + y * edges.width;
  let most = WEAKEST;
  for (let dy = -Math.floor(reach); dy <= reach; dy += 1) {
    for (let dx = -Math.floor(reach); dx <= reach; dx += 1) {
      const away = Math.hypot(dx, dy);
      const [nextX, nextY] = [x + dx, y + dy];
      if (away > reach || nextX < 0 || nextY < 0 || nextX >= edges.width || nextY >= edges.height) continue;
      const index = nextX + nextY * edges.width;
      const worth = (edges.strength[index] ?? 0) * (1 - away / (2 * reach + 1));
      if (worth <= most) continue;
      most = worth;
      best = index;
    }
  }
  return best;
}
