// How loss becomes colour and height: linear, or the logarithm of the height above the lowest known value.

import { number } from "./format.js";

const BANDS = 18;

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

function decades(lo, hi, floor) {
  const ticks = [];
  const first = Math.ceil(Math.log10(floor) + 1e-9);
  const stride = Math.max(1, Math.ceil((hi - first) / 5));
  for (let k = first; k <= hi; k += stride) {
    const at = Math.log10(10 ** k + floor);
    if (at >= lo && at <= hi) ticks.push({ at, text: Math.abs(k) <= 3 ? String(Number((10 ** k).toPrecision(1))) : `1e${k}` });
  }
  return ticks;
}

function linear(lo, zmax, sorted, quantity = "loss") {
  const high = sorted.length ? sorted[Math.floor((sorted.length - 1) * 0.95)] : zmax;
  // A cliff in a corner would flatten everything else: cut the scale there and say so.
  const cut = sorted.length > 1 && high > lo && zmax - lo > 4 * (high - lo);
  const hi = cut ? high : zmax;
  const step = niceStep((hi - lo) / 5);
  const ticks = [];
  for (let v = Math.ceil(lo / step) * step; v <= hi + step * 1e-9; v += step) ticks.push({ at: v, text: number(Number(v.toPrecision(10))) });
  return {
    kind: "linear", lo, hi, size: (hi - lo) / BANDS, forward: (z) => Math.min(z, hi),
    title: quantity, note: cut ? `cut above ${number(hi)}; the highest value is ${number(zmax)}` : "linear scale", ticks,
  };
}

export function niceStep(rough) {
  const power = 10 ** Math.floor(Math.log10(rough));
  const lead = rough / power;
  return power * (lead <= 1 ? 1 : lead <= 2 ? 2 : lead <= 5 ? 5 : 10);
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
