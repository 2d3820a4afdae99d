// The lines that go with a racer's path: thin, the way of a method that something follows, whose slow point the path is; dashed, the
// same method's way in other coordinates, carried back.

import { drawMarker } from "./markers.js";
import { number } from "./format.js";

const THIN = 1.1;
const THICK = 2.3;
const DASHED = { width: 2.1, dash: [7, 5] };
const SMALL = 3.6;

/** How thick a path is; a slow point's is unmistakable beside the thin one. */
export const widthOf = (racer) => (racer.selected || racer.fast ? THICK + 1.1 : THICK);

/** [{path, last, upto: tick -> vertex of the path, look, hollow, racer}] of all racers. */
export function companions(racers) {
  const fast = racers.filter((racer) => racer.fast).map((racer) => {
    const upto = (tick) => 2 * tick + 1; // each tick has two: where it led, and where the next one begins
    return { racer, path: racer.fast, last: upto(racer.last), upto, hollow: false, look: { color: racer.color, width: THIN } };
  });
  const other = racers.filter((racer) => racer.other).map((racer) => (
    { racer, path: racer.other, last: racer.other.length / 2 - 1, upto: (tick) => tick, hollow: true, look: { color: racer.color, ...DASHED } }));
  return [...fast, ...other];
}

/** Where it stands, in pixels. At the end of the run nobody knows of a method that is followed: it was not asked there. */
export function drawCompanion(ctx, { points, upto, hollow, racer }, tick, theme) {
  const vertex = Math.min(upto(tick), points.length / 2 - 1);
  let k = vertex;
  while (k > vertex - 3 && k > 0 && !(Number.isFinite(points[2 * k]) && Number.isFinite(points[2 * k + 1]))) k -= 1;
  if (Number.isFinite(points[2 * k]) && Number.isFinite(points[2 * k + 1])) drawMarker(ctx, racer.marker, points[2 * k], points[2 * k + 1], SMALL, hollow ? theme.background : racer.color, theme);
}

/** The words of the key; empty where nobody has a companion. */
export function companionKey(racers, other) {
  return [
    racers.some((racer) => racer.fast) && "thick: the slow point, whose loss is shown; thin: the method that it follows",
    racers.some((racer) => racer.other) && `dashed: descended in ${other}`,
  ].filter(Boolean).join("; ");
}

/** How far the selected racer's way in other coordinates is from its way here, at the cursor. */
export function apartWords(racer, tick, other) {
  if (!racer?.other) return "";
  const apart = Math.hypot(racer.path[2 * tick] - racer.other[2 * tick], racer.path[2 * tick + 1] - racer.other[2 * tick + 1]);
  return Number.isFinite(apart) ? ` Descended in ${other}, ${racer.name} stands ${number(apart)} away.` : "";
}
