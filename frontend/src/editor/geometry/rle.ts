/** Owns COCO run-length encoding: runs in column-major order that start with zeros, and their compressed text. */

export type Counts = readonly number[] | Uint32Array;

/** Exactly pycocotools' `rleToString`: 5 bits a character, run lengths from the fourth on as difference to the one before last. */
export function countsToString(counts: Counts): string {
  const codes: number[] = [];
  for (let index = 0; index < counts.length; index += 1) {
    let value = counts[index] ?? 0;
    if (index > 2) value -= counts[index - 2] ?? 0;
    for (let more = true; more;) {
      let code = value & 0x1f;
      value >>= 5;
      more = (code & 0x10) === 0 ? value !== 0 : value !== -1;
      if (more) code |= 0x20;
      codes.push(code + 48);
    }
  }
  let text = "";
  // 8192 arguments a call: engines limit the argument count.
  for (let at = 0; at < codes.length; at += 8192) text += String.fromCharCode(...codes.slice(at, at + 8192));
  return text;
}

/** Exactly pycocotools' `rleFrString`. Throws on text that no encoder writes. */
export function stringToCounts(text: string): Uint32Array {
  const counts = new Uint32Array(text.length);
  let size = 0;
  let at = 0;
  while (at < text.length) {
    let value = 0;
    let shift = 0;
    let code = 0x20;
    while ((code & 0x20) !== 0) {
      code = text.charCodeAt(at) - 48;
      if (!(code >= 0 && code < 64))
        throw new RangeError(`Character ${at + 1} of the run lengths is not COCO RLE text.`);
      value |= (code & 0x1f) << shift;
      at += 1;
      shift += 5;
    }
    if ((code & 0x10) !== 0 && shift < 32) value |= -1 << shift;
    if (size > 2) value += counts[size - 2] ?? 0;
    if (value < 0) throw new RangeError(`Run ${size + 1} of the run lengths is negative.`);
    counts[size] = value;
    size += 1;
  }
  return counts.slice(0, size);
}

/** Pixels that are set. */
export function countsArea(counts: Counts): number {
  let area = 0;
  for (let index = 1; index < counts.length; index += 2) area += counts[index] ?? 0;
  return area;
}

export function countsTotal(counts: Counts): number {
  let total = 0;
  for (const run of counts) total += run;
  return total;
}
