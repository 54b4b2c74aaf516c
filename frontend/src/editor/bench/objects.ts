/** Owns the made-up objects that are measured: the same every time, and as uneven as people's. */

import type { ApiAnnotation } from "..";
import type { Size } from "../geometry/point";
import { ringToRuns } from "../geometry/rasterise";
import { runsToMask } from "../shapes/mask";

/** How many classes the objects have. */
export const CLASS_COUNT = 5;

/** Vertices of an outline drawn by hand or traced from a mask, as in COCO and dsb2018. */
const FEWEST = 20;
const MOST = 60;

/** Outlines strewn over the picture, many small and few large. */
export function polygons(count: number, size: Size): ApiAnnotation[] {
  const random = seeded(7);
  return Array.from({ length: count }, (_, at) => {
    const shape = { type: "polygon", parts: [{ outer: outline(random, size, 8 + 40 * random() ** 3), holes: [] }] };
    return { uuid: `p${at}`, class: 1 + (at % CLASS_COUNT), shape };
  });
}

/** Masks of a twentieth to a fifth of the picture's height: together about as large as the picture. */
export function masks(count: number, size: Size): ApiAnnotation[] {
  const random = seeded(11);
  return Array.from({ length: count }, (_, at) => {
    const shape = runsToMask(ringToRuns(outline(random, size, size.height * (0.025 + 0.075 * random()))));
    return { uuid: `m${at}`, class: 1 + (at % CLASS_COUNT), shape };
  });
}

/** A mask whose every pixel is set. */
export function fullMask({ width, height }: Size): ApiAnnotation {
  const columns = Array.from({ length: width }, () => [0, height]);
  return { uuid: "m", class: 1, shape: runsToMask({ left: 0, columns }) };
}

function outline(random: () => number, { width, height }: Size, radius: number): [number, number][] {
  const x = radius + random() * (width - 2 * radius);
  const y = radius + random() * (height - 2 * radius);
  const vertices = FEWEST + Math.floor(random() * (MOST - FEWEST + 1));
  return Array.from({ length: vertices }, (_, step) => {
    const angle = (step / vertices) * 2 * Math.PI;
    const reach = radius * (0.75 + 0.25 * random());
    return [x + reach * Math.cos(angle), y + reach * Math.sin(angle)];
  });
}

function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1664525 + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}
