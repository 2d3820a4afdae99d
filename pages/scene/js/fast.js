// The way of a method that something follows, as a thin line: the thick one is the slow point's.

import { drawMarker } from "./markers.js";

export const THIN = 1.1;
const THICK = 2.3;
const SMALL = 3.6;

/** How thick a path is; a slow point's is unmistakable beside the thin one. */
export const widthOf = (racer) => (racer.selected || racer.fast ? THICK + 1.1 : THICK);

/** The vertex at which the fast way stands after a tick: each has two. */
export const fastVertex = (tick) => 2 * tick + 1;

/** Where the method itself stands. At the end of the run nobody knows: it was not asked there. */
export function drawFast(ctx, points, vertex, racer, theme) {
  let k = Math.min(vertex, points.length / 2 - 1);
  while (k >= 0 && !(Number.isFinite(points[2 * k]) && Number.isFinite(points[2 * k + 1]))) k -= 1;
  if (k >= 0 && k >= vertex - 3) drawMarker(ctx, racer.marker, points[2 * k], points[2 * k + 1], SMALL, racer.color, theme);
}

/** The words of the key. */
export const FAST_KEY = "thick: the slow point, whose loss is shown; thin: the method that it follows";
