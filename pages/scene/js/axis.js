// Axes for the curve panel: ranges and ticks, linear or logarithmic.

import { linearTicks, logTicks, niceStep, tickTexts } from "./ticks.js";

const MOST_DECADES = 16; // float64 has no more; below lies rounding noise and exact zeros

const DIVERGING = { log: 1e3, linear: 3 }; // how far above its first value a diverging curve is followed

/**
 * {lo, hi, to: value -> 0..1, ticks: [{at: 0..1, text}], log: whether it is logarithmic: never where no value is positive,
 * over, under: whether something lies beyond hi, lo}.
 * series: [{values, diverged}]. A diverging curve would flatten all others, so it is followed a while and leaves through the top.
 */
export function valueAxis(series, wanted) {
  const log = wanted && series.some(({ values }) => values.some((v) => v > 0 && Number.isFinite(v)));
  let lo = Infinity;
  let hi = -Infinity;
  let over = false;
  let under = false; // on a logarithmic axis: zero and below, which have no place on it
  for (const { values, diverged } of series) {
    const most = diverged && Number.isFinite(values[0]) ? Math.abs(values[0]) * (log ? DIVERGING.log : DIVERGING.linear) || 1 : Infinity;
    for (const v of values) {
      if (v > most) over = true;
      else if (log ? v <= 0 : v < -most) under = true;
      else if (Number.isFinite(v)) {
        if (v < lo) lo = v;
        if (v > hi) hi = v;
      }
    }
  }
  if (!(hi >= lo)) [lo, hi] = log ? [0.1, 1] : [0, 1];
  return { ...(log ? logAxis(lo, hi, under) : linearAxis(lo, hi)), log, over, under };
}

function logAxis(low, high, under) {
  const most = Math.ceil(Math.log10(high) - 1e-6);
  const least = Math.max(Math.floor(Math.log10(low) + 1e-6), most - MOST_DECADES);
  // Under two decades the axis ends at 1, 2 or 5: whole decades would leave it half empty.
  const [bottom, top] = most - least > 2 ? [10 ** least, 10 ** most] : [rounded(Math.max(low, 10 ** least), Math.floor), rounded(high, Math.ceil)];
  const lo = Math.log10(bottom < top ? bottom : top / 2);
  const hi = Math.log10(top);
  const values = logTicks(10 ** lo, top);
  const texts = tickTexts(values);
  const ticks = values.map((v, i) => ({ at: (Math.log10(v) - lo) / (hi - lo), text: texts[i] }));
  const to = (v) => (Number.isNaN(v) ? NaN : v > 0 ? Math.max(0, (Math.log10(v) - lo) / (hi - lo)) : 0);
  return { lo, hi, ticks, to, floor: 10 ** lo, floored: under || low < 10 ** lo * (1 - 1e-6) };
}

/** To 1, 2 or 5 times a power of ten, downwards or upwards. */
function rounded(value, way) {
  const power = 10 ** Math.floor(Math.log10(value) + 1e-9);
  const leads = [1, 2, 5, 10];
  const lead = value / power;
  const fits = way === Math.floor ? leads.filter((v) => v <= lead * (1 + 1e-6)).pop() : leads.find((v) => v >= lead * (1 - 1e-6));
  return Number(((fits ?? 1) * power).toPrecision(6));
}

function linearAxis(low, high) {
  const span = high > low ? high - low : Math.abs(high) || 1;
  const step = niceStep(span / 4);
  const lo = Math.floor(low / step) * step;
  const hi = Math.max(lo + step, Math.ceil(high / step) * step);
  const values = linearTicks(lo, hi, (hi - lo) / step);
  const texts = tickTexts(values);
  const ticks = values.map((v, i) => ({ at: (v - lo) / (hi - lo), text: texts[i] }));
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
