// How loss becomes colour and height: linear, or the logarithm of the height above the lowest known value.

import { number } from "./format.js";
import { linearTicks, logTicks, tickTexts } from "./ticks.js";

const BANDS = 18;
const APART = 0.125; // of the scale: what a number takes

export function levelsOf(surface, kind) {
  const sorted = Float32Array.from(surface.z).filter(Number.isFinite).sort();
  if (!sorted.length) return linear(0, 1, sorted);
  const zmin = sorted[0];
  const zmax = sorted[sorted.length - 1];
  if (!(zmax > zmin)) return linear(zmin - 0.5, zmin + 0.5, sorted, surface.quantity); // a constant landscape is one band
  return kind === "log" ? logarithmic(surface, sorted, zmin, zmax) : linear(zmin, zmax, sorted, surface.quantity);
}

function logarithmic(surface, sorted, zmin, zmax) {
  // A grid rarely hits the minimum, so "lowest" is what is known, if that is not above what the grid saw.
  const lowest = surface.lowest !== null && surface.lowest <= zmin ? surface.lowest : zmin;
  const above = sorted.findIndex((z) => z > lowest);
  const typical = sorted[Math.min(sorted.length - 1, above + Math.floor((sorted.length - above) * 0.008))] - lowest;
  const floor = Math.max(typical - Math.max(zmin - lowest, 0), (zmax - lowest) * 1e-7); // keeps log finite at the minimum, if the grid comes near it
  const forward = (z) => Math.log10(Math.max(z - lowest, 0) + floor);
  const lo = Math.log10(Math.max(zmin - lowest, 0) + floor);
  const hi = forward(zmax);
  const zero = Math.abs(lowest) <= 1e-9 * (zmax - lowest); // a minimum found by Newton's method is 0 but for rounding
  const what = zero ? surface.quantity : `${surface.quantity} above ${number(lowest)}`;
  return {
    kind: "log", lo, hi, size: (hi - lo) / BANDS, forward,
    title: `${what}, log scale`, note: `log10(${zero ? surface.quantity : surface.quantity + " − " + number(lowest).replace("−", "(−") + (lowest < 0 ? ")" : "")} + ${number(floor)})`,
    ticks: decades(lo, hi, floor),
  };
}

/** Numbers where there is room for them, from the top down: the scale is squeezed close to the floor. */
function decades(lo, hi, floor) {
  const place = (v) => Math.log10(v + floor);
  const least = Math.max(10 ** lo - floor, floor);
  const apart = (hi - lo) * APART;
  const spread = (values) => values.reduceRight((kept, v) => (kept.length && place(kept[0]) - place(v) < apart ? kept : [v, ...kept]), []);
  const every = logTicks(least, 10 ** hi - floor);
  const tens = every.filter((v) => Math.abs(Math.log10(v) % 1) < 1e-9);
  const roomy = spread(every).length === every.length; // else decades alone, which one expects, or what there is room for
  const choices = roomy ? [every] : [spread(tens), spread(every), spread(linearTicks(least, 10 ** hi - floor, 4))];
  const values = choices.find((some) => some.length > 1) ?? [least, 10 ** hi - floor];
  const texts = tickTexts(values);
  return values.map((v, i) => ({ at: place(v), text: texts[i] }));
}

function linear(lo, zmax, sorted, quantity = "loss") {
  const high = sorted.length ? sorted[Math.floor((sorted.length - 1) * 0.95)] : zmax;
  // A cliff in a corner would flatten everything else: cut the scale there and say so.
  const cut = sorted.length > 1 && high > lo && zmax - lo > 4 * (high - lo);
  const hi = cut ? high : zmax;
  const values = linearTicks(lo, hi, 5);
  const texts = tickTexts(values);
  const ticks = values.map((at, i) => ({ at, text: texts[i] }));
  return {
    kind: "linear", lo, hi, size: (hi - lo) / BANDS, forward: (z) => Math.min(z, hi),
    title: quantity, note: cut ? `cut above ${number(hi)}; the highest value is ${number(zmax)}` : "linear scale", ticks,
  };
}

/** The grid as rows of drawn heights, NaN where the landscape has a hole. */
export function heights(surface, levels) {
  const rows = [];
  for (let j = 0; j < surface.ny; j++) {
    const row = new Float32Array(surface.nx);
    for (let i = 0; i < surface.nx; i++) row[i] = levels.forward(surface.z[j * surface.nx + i]);
    rows.push(row);
  }
  return rows;
}

/** Drawn height at (x, y) between grid points: NaN outside the grid and next to holes. */
export function heightAt(surface, rows, x, y) {
  const u = ((x - surface.x[0]) / (surface.x[1] - surface.x[0])) * (surface.nx - 1);
  const v = ((y - surface.y[0]) / (surface.y[1] - surface.y[0])) * (surface.ny - 1);
  if (!(u >= 0 && v >= 0 && u <= surface.nx - 1 && v <= surface.ny - 1)) return NaN;
  const i = Math.min(Math.floor(u), surface.nx - 2);
  const j = Math.min(Math.floor(v), surface.ny - 2);
  const a = u - i;
  const b = v - j;
  return (1 - b) * ((1 - a) * rows[j][i] + a * rows[j][i + 1]) + b * ((1 - a) * rows[j + 1][i] + a * rows[j + 1][i + 1]);
}
