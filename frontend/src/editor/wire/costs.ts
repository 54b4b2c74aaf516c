/**
 * Owns what a step of the live wire costs: little along edges of the picture, much across its plain parts (Mortensen and
 * Barrett, "Intelligent scissors for image composition", SIGGRAPH 1995; weights as in OpenCV's IntelligentScissorsMB).
 */

/** Rows of the window one after the other. */
export interface Edges {
  readonly width: number;
  readonly height: number;
  /** Of the gradient, 0 … 1: 1 is what few pixels of the window have. */
  readonly strength: Float32Array;
  /** 1 where the gradient is strongest across an edge. */
  readonly ridge: Uint8Array;
  /** Unit vector along the gradient; 0 where there is none. */
  readonly gradientX: Float32Array;
  readonly gradientY: Float32Array;
}

const CHANNELS = 3;
/** So many of the gradients are stronger than what counts as full strength: one bright border must not outdo all others. */
const STRONGEST = 0.02;
/** Less than this is noise. */
const FAINTEST = 0.08;
const BUCKETS = 1024;
/** A byte's greatest possible Sobel gradient. */
const MOST = 1024 * Math.SQRT2;

/** `rgba`: 4 bytes for each pixel. */
export function findEdges(rgba: Uint8ClampedArray, width: number, height: number): Edges {
  const count = width * height;
  const strength = new Float32Array(count);
  const gradientX = new Float32Array(count);
  const gradientY = new Float32Array(count);
  for (let channel = 0; channel < CHANNELS; channel += 1) {
    const plane = smoothPlane(rgba, channel, width, height);
    takeStronger(plane, { width, height, strength, gradientX, gradientY });
  }
  scaleStrength(strength);
  return { width, height, strength, gradientX, gradientY, ridge: findRidge(strength, gradientX, gradientY, width) };
}

/** Binomial 5 x 5, the border repeated. */
function smoothPlane(rgba: Uint8ClampedArray, channel: number, width: number, height: number): Float32Array {
  const plane = new Float32Array(width * height);
  for (let index = 0; index < plane.length; index += 1) plane[index] = rgba[4 * index + channel] ?? 0;
  const across = new Float32Array(plane.length);
  for (let y = 0; y < height; y += 1) smoothLine(plane, across, y * width, 1, width);
  for (let x = 0; x < width; x += 1) smoothLine(across, plane, x, width, height);
  return plane;
}

/** A line of `length` pixels that are `step` apart. */
function smoothLine(from: Float32Array, to: Float32Array, start: number, step: number, length: number): void {
  const end = start + (length - 1) * step;
  let [before, last, here] = [from[start] ?? 0, from[start] ?? 0, from[start] ?? 0];
  let next = from[Math.min(start + step, end)] ?? 0;
  for (let index = start; index <= end; index += step) {
    const after = from[Math.min(index + 2 * step, end)] ?? 0;
    to[index] = (before + 4 * last + 6 * here + 4 * next + after) / 16;
    before = last;
    last = here;
    here = next;
    next = after;
  }
}

type Gradients = Pick<Edges, "width" | "height" | "strength" | "gradientX" | "gradientY">;

/** Sobel; of several channels the one that changes most decides. */
function takeStronger(plane: Float32Array, { width, height, strength, gradientX, gradientY }: Gradients): void {
  for (let y = 0; y < height; y += 1) {
    const here = y * width;
    const above = Math.max(y - 1, 0) * width;
    const below = Math.min(y + 1, height - 1) * width;
    for (let x = 0; x < width; x += 1) {
      const left = Math.max(x - 1, 0);
      const right = Math.min(x + 1, width - 1);
      const corners = (plane[below + right] ?? 0) - (plane[above + left] ?? 0);
      const others = (plane[above + right] ?? 0) - (plane[below + left] ?? 0);
      const dx = corners + others + 2 * ((plane[here + right] ?? 0) - (plane[here + left] ?? 0));
      const dy = corners - others + 2 * ((plane[below + x] ?? 0) - (plane[above + x] ?? 0));
      const size = Math.sqrt(dx * dx + dy * dy);
      const index = here + x;
      if (size <= (strength[index] ?? 0)) continue;
      strength[index] = size;
      gradientX[index] = dx / size;
      gradientY[index] = dy / size;
    }
  }
}

function scaleStrength(strength: Float32Array): void {
  const limit = Math.max(strongest(strength), 1);
  for (let index = 0; index < strength.length; index += 1) {
    strength[index] = Math.min((strength[index] ?? 0) / limit, 1);
  }
}

function strongest(strength: Float32Array): number {
  const histogram = new Uint32Array(BUCKETS + 1);
  for (const value of strength) {
    const bucket = Math.floor((value / MOST) * BUCKETS);
    histogram[bucket] = (histogram[bucket] ?? 0) + 1;
  }
  let left = strength.length * STRONGEST;
  let bucket = BUCKETS;
  while (bucket > 0 && left > 0) {
    left -= histogram[bucket] ?? 0;
    bucket -= 1;
  }
  return ((bucket + 1) / BUCKETS) * MOST;
}

/** Non-maximum suppression, as in Canny's detector: no neighbour along the gradient is stronger. */
function findRidge(
  strength: Float32Array,
  gradientX: Float32Array,
  gradientY: Float32Array,
  width: number,
): Uint8Array {
  const ridge = new Uint8Array(strength.length);
  for (let index = 0; index < strength.length; index += 1) {
    const own = strength[index] ?? 0;
    if (own < FAINTEST) continue;
    const step = Math.round(gradientX[index] ?? 0) + width * Math.round(gradientY[index] ?? 0);
    if (own >= (strength[index + step] ?? 0) && own >= (strength[index - step] ?? 0)) ridge[index] = 1;
  }
  return ridge;
}

const RIDGE = 0.43;
const DIRECTION = 0.43;
const STRENGTH = 0.14;
/** Of a pixel without any edge, so that plain parts are crossed straight. */
const PLAIN = 0.5;
/** No step is free: of two ways along an edge the shorter one is taken. */
const LEAST = 0.01;

/** What it costs to go from one pixel to its neighbour `(dx, dy)` away, for a pull of 0 (straight on) to 1 (edges only). */
export function stepCost(edges: Edges, from: number, to: number, dx: number, dy: number, pull: number): number {
  const length = dx !== 0 && dy !== 0 ? Math.SQRT2 : 1;
  const own =
    RIDGE * (1 - (edges.ridge[to] ?? 0)) +
    STRENGTH * (1 - (edges.strength[to] ?? 0)) +
    DIRECTION * turn(edges, from, to, dx / length, dy / length);
  return length * (LEAST + pull * own + (1 - pull) * PLAIN);
}

/** 0 where the step goes along the edges at both its ends, 1 where it goes across them. */
function turn(edges: Edges, from: number, to: number, dx: number, dy: number): number {
  return (across(edges, from, dx, dy) + across(edges, to, dx, dy)) / 2;
}

/** Where there is no gradient, no edge has a direction, and any step goes across. */
function across({ gradientX, gradientY }: Edges, index: number, dx: number, dy: number): number {
  const x = gradientX[index] ?? 0;
  const y = gradientY[index] ?? 0;
  return x === 0 && y === 0 ? 1 : Math.abs(dx * x + dy * y);
}
