/**
 * Owns the cheapest ways from one pixel to others (Dijkstra). It goes no further than it is asked, and goes on from there
 * when it is asked again: following the pointer costs what is new.
 */

import FlatQueue from "flatqueue";

import { stepCost, type Edges } from "./costs";

export class WireSearch {
  private readonly queue = new FlatQueue();
  private readonly cost: Float32Array;
  private readonly before: Int32Array;
  private readonly done: Uint8Array;

  /** `seed` and all pixels are indices into the rows of `edges`. */
  constructor(
    private readonly edges: Edges,
    readonly seed: number,
    private readonly pull: number,
  ) {
    const count = edges.width * edges.height;
    this.cost = new Float32Array(count).fill(Infinity);
    this.before = new Int32Array(count).fill(-1);
    this.done = new Uint8Array(count);
    this.cost[seed] = 0;
    this.queue.push(seed, 0);
  }

  /** The pixels from the seed to `goal`, both included. */
  wayTo(goal: number): number[] {
    while (this.done[goal] === 0) if (!this.settleNext()) return [this.seed, goal];
    const way: number[] = [];
    for (let at = goal; at !== -1; at = this.before[at] ?? -1) way.push(at);
    return way.reverse();
  }

  private settleNext(): boolean {
    const at = this.queue.pop();
    if (at === undefined) return false;
    if (this.done[at] === 1) return true;
    this.done[at] = 1;
    const { width, height } = this.edges;
    const x = at % width;
    const y = (at - x) / width;
    const [left, right] = [Math.max(x - 1, 0), Math.min(x + 1, width - 1)];
    const [top, bottom] = [Math.max(y - 1, 0), Math.min(y + 1, height - 1)];
    for (let nextY = top; nextY <= bottom; nextY += 1) {
      for (let nextX = left; nextX <= right; nextX += 1) this.reach(at, nextX + nextY * width, nextX - x, nextY - y);
    }
    return true;
  }

  private reach(from: number, to: number, dx: number, dy: number): void {
    if (this.done[to] === 1) return;
    const cost = (this.cost[from] ?? 0) + stepCost(this.edges, from, to, dx, dy, this.pull);
    if (cost >= (this.cost[to] ?? 0)) return;
    this.cost[to] = cost;
    this.before[to] = from;
    this.queue.push(to, cost);
  }
}
