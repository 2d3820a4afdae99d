// Axes for the curve panel: ranges and ticks, linear or logarithmic.

import { niceStep } from "./levels.js";
import { number } from "./format.js";

const MOST_DECADES = 16; // float64 has no more; below lies rounding noise and exact zeros

const DIVERGING = { log: 1e3, linear: 3 }; // how far above its first value a diverging curve is followed

/**
 * {lo, hi, to: value -> 0..1, ticks: [{at: 0..1, text}], over: whether something lies above hi}.
 * series: [{values, diverged}]. A diverging curve would flatten all others, so it is followed a while and leaves through the top.
 */
export function valueAxis(series, log) {
  let lo = Infinity;
  let hi = -Infinity;
  let over = false;
  for (const { values, diverged } of series) {
    const most = diverged && Number.isFinite(values[0]) ? Math.abs(values[0]) * (log ? DIVERGING.log : DIVERGING.linear) || 1 : Infinity;
    for (const v of values) {
      if (v > most) over = true;
      else if (Number.isFinite(v) && (!log || v > 0)) {
        if (v < lo) lo = v;
        if (v > hi) hi = v;
      }
    }
  }
  if (!(hi >= lo)) [lo, hi] = log ? [0.1, 1] : [0, 1];
  return { ...(log ? logAxis(lo, hi) : linearAxis(lo, hi)), over };
}

function logAxis(low, high) {
  const hi = Math.ceil(Math.log10(high) - 1e-6);
  const lo = Math.min(hi - 1, Math.max(Math.floor(Math.log10(low) + 1e-6), hi - MOST_DECADES));
  const stride = Math.max(1, Math.ceil((hi - lo) / 5));
  const ticks = [];
  for (let k = hi; k >= lo; k -= stride) ticks.push({ at: (k - lo) / (hi - lo), text: Math.abs(k) <= 3 ? number(10 ** k) : `1e${k}`.replace("-", "−") });
  const to = (v) => (Number.isNaN(v) ? NaN : v > 0 ? Math.max(0, (Math.log10(v) - lo) / (hi - lo)) : 0);
  return { lo, hi, ticks, to, floor: 10 ** lo, floored: low < 10 ** lo };
}

function linearAxis(low, high) {
  const span = high > low ? high - low : Math.abs(high) || 1;
  const step = niceStep(span / 4);
  const lo = Math.floor(low / step) * step;
  const hi = Math.max(lo + step, Math.ceil(high / step) * step);
  const ticks = [];
  for (let v = lo; v <= hi + step / 2; v += step) ticks.push({ at: (v - lo) / (hi - lo), text: number(Number(v.toPrecision(10))) });
  return { lo, hi, ticks, to: (v) => (v - lo) / (hi - lo), floor: null, floored: false };
}

/** Whole ticks of the clock, at most `most` of them. */
export function clockTicks(steps, most) {
  if (steps < 1) return [0];
  const step = Math.max(1, Math.round(niceStep(steps / most)));
  const out = [];
  for (let t = 0; t <= steps; t += step) out.push(t);
  return out;
}
