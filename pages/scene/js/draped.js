// Paths laid onto the landscape: a straight step across a valley follows the ground instead of cutting through the air.

import { heightAt } from "./levels.js";

const MOST_PIECES = 40; // a step across the whole frame still needs no more than this to look laid on

/** {points: (x, y, height) interleaved, first: vertex of each tick}. Outside the frame and in holes the height is NaN. */
export function drape(racer, surface, rows) {
  const cellX = (surface.x[1] - surface.x[0]) / (surface.nx - 1);
  const cellY = (surface.y[1] - surface.y[0]) / (surface.ny - 1);
  const points = [];
  const first = new Int32Array(racer.path.length / 2);
  const put = (x, y) => points.push(x, y, heightAt(surface, rows, x, y));
  for (let t = 0; t < first.length; t++) {
    const x = racer.path[2 * t];
    const y = racer.path[2 * t + 1];
    if (t > 0 && t <= racer.last) {
      const x0 = racer.path[2 * t - 2];
      const y0 = racer.path[2 * t - 1];
      const pieces = Math.min(MOST_PIECES, Math.ceil(1.5 * Math.max(Math.abs(x - x0) / cellX, Math.abs(y - y0) / cellY)));
      for (let k = 1; k < pieces; k++) put(x0 + ((x - x0) * k) / pieces, y0 + ((y - y0) * k) / pieces);
    }
    if (t <= racer.last) put(x, y);
    first[t] = Math.max(0, points.length / 3 - 1);
  }
  return { points: Float32Array.from(points), first };
}
