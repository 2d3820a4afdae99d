// A map's numbers -> the pixels of its picture, one a run, and the masks of the runs that have no number.

import { logOf } from "./unpack.js";
import { basinShade, KINDS, neutral, packed, RAMP, STATES } from "./tints.js";

/** {pixels: Uint32Array, top row = highest y; masks: {resting, left, diverged}: which pixels are patterned}. */
export function tint(sheet, scale, theme, tick = Infinity) {
  const { nx, ny, codes, which } = sheet;
  const pixels = new Uint32Array(nx * ny);
  const patterned = ["resting", "left", "diverged"].map((name) => [name, STATES[name], new Uint8Array(nx * ny)]);
  const plain = neutral(theme);
  const none = Object.fromEntries(Object.entries(STATES).map(([name, code]) => [code, packed(plain[name])]));
  const color = which ? basinColoring(which, codes, scale, tick, none) : coloring(scale, none);
  for (let j = 0; j < ny; j++)
    for (let i = 0; i < nx; i++) {
      const from = j * nx + i;
      const to = (ny - 1 - j) * nx + i;
      pixels[to] = color(codes[from], from);
      const state = which ? stateOf(which[from], codes[from], tick) : codes[from];
      for (const [, code, mask] of patterned) if (state === code) mask[to] = 1;
    }
  return { pixels, masks: Object.fromEntries(patterned.map(([name, , mask]) => [name, mask])) };
}

function coloring(scale, none) {
  const out = new Uint32Array(65536);
  for (let code = 0; code < STATES.resting; code++) out[code] = scale.kind === "status" ? packed([KINDS.arrived, KINDS.resting, KINDS.waiting][code] ?? "#000000") : RAMP[ramp(scale, code)];
  for (const code of Object.values(STATES)) out[code] = none[code];
  return (code) => out[code];
}

/** Bright where the loss is low or the way short. */
function ramp(scale, code) {
  const value = scale.kind === "loss" ? logOf(code) : Math.log10(Math.max(1, code));
  return Math.round(255 * (1 - Math.min(1, Math.max(0, (value - scale.lo) / (scale.hi - scale.lo)))));
}

export const NO_BASIN = 252; // codes of `which` from here on: at rest elsewhere, not yet, left, diverged
const NO_TICK = 65535;

/** At a tick of the animation; of who rests elsewhere or has left no tick is known, and only the end shows it. */
export function stateOf(basin, when, tick) {
  if (basin < NO_BASIN) return when <= tick ? 0 : STATES.waiting;
  if (when === NO_TICK ? tick !== Infinity : when > tick) return STATES.waiting;
  return STATES.resting + (basin - NO_BASIN);
}

function basinColoring(which, codes, scale, tick, none) {
  const shades = new Map();
  return (when, from) => {
    const state = stateOf(which[from], when, tick);
    if (state) return none[state];
    const key = which[from] * 65536 + when;
    if (!shades.has(key)) shades.set(key, basinShade(which[from], Math.min(1, Math.max(0, (Math.log10(Math.max(1, when)) - scale.lo) / (scale.hi - scale.lo)))));
    return shades.get(key);
  };
}

/** Where to write each basin's number: the pixel deepest inside it, as cell [i, j], with its depth in cells. */
export function basinPlaces(sheet) {
  const { nx, ny, which } = sheet;
  const depth = new Uint16Array(nx * ny);
  const step = (at, di, dj, i, j) => (i + di < 0 || i + di >= nx || j + dj < 0 || j + dj >= ny ? 0 : which[at] === which[at + dj * nx + di] ? depth[at + dj * nx + di] : 0);
  for (let j = 0; j < ny; j++)
    for (let i = 0; i < nx; i++) {
      const at = j * nx + i;
      depth[at] = 1 + Math.min(step(at, -1, 0, i, j), step(at, 0, -1, i, j), step(at, -1, -1, i, j));
    }
  const places = new Map();
  for (let j = ny - 1; j >= 0; j--)
    for (let i = nx - 1; i >= 0; i--) {
      const at = j * nx + i;
      depth[at] = Math.min(depth[at], 1 + Math.min(step(at, 1, 0, i, j), step(at, 0, 1, i, j), step(at, 1, 1, i, j)));
      const best = places.get(which[at]);
      if (which[at] < NO_BASIN && (!best || depth[at] > best.depth)) places.set(which[at], { i, j, depth: depth[at] });
    }
  return places;
}
