/** Measures how long it takes to find what the pointer snaps to among 10,000 polygons: `npx vitest bench --run`. */

import { bench } from "vitest";

import { boxAnnotation, TestEditor } from "../testing";

const SIZE = { width: 8000, height: 6000 };
const COUNT = 10_000;
const VERTICES = 24;
const RADIUS = 40;

function polygon(index: number) {
  const [x, y] = [40 + ((index * 613) % (SIZE.width - 80)), 40 + ((index * 409) % (SIZE.height - 80))];
  const outer = Array.from({ length: VERTICES }, (_, at) => {
    const angle = (2 * Math.PI * at) / VERTICES;
    return [x + RADIUS * Math.cos(angle), y + RADIUS * Math.sin(angle)];
  });
  return boxAnnotation(`p-${index}`, [0, 0, 0, 0], { shape: { type: "polygon", parts: [{ outer, holes: [] }] } });
}

const test = new TestEditor({
  image: { id: 5, name: "large.jpg", state: "unlabelled", ...SIZE },
  annotations: Array.from({ length: COUNT }, (_, index) => polygon(index)),
});
test.editor.setTool("polygon");

let step = 0;
function move(): void {
  step += 1;
  test.pointerMove((step * 97) % SIZE.width, (step * 61) % SIZE.height);
}

bench("a move of the pointer with snapping off", () => {
  test.editor.drawing.setSnapping(false);
  move();
});

bench("a move of the pointer with snapping on", () => {
  test.editor.drawing.setSnapping(true);
  move();
});
