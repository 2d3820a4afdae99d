// Where an axis has its numbers.

import { number } from "./format.js";

export function niceStep(rough) {
  const power = 10 ** Math.floor(Math.log10(rough));
  const lead = rough / power;
  return power * (lead <= 1 ? 1 : lead <= 2 ? 2 : lead <= 5 ? 5 : 10);
}

/** Multiples of a nice step within [low, high], about `most` of them. */
export function linearTicks(low, high, most) {
  const step = niceStep((high - low) / most);
  const out = [];
  for (let k = Math.ceil(low / step - 1e-9); k * step <= high + step * 1e-9; k++) out.push(Number((k * step).toPrecision(12)));
  return out;
}

/** For a logarithmic axis: decades; 1, 2, 5 under two decades; even steps where those are fewer than two. 0 < low < high. */
export function logTicks(low, high, most = 5) {
  const first = Math.ceil(Math.log10(low) - 1e-6);
  const last = Math.floor(Math.log10(high) + 1e-6);
  if (last - first >= 2) {
    const stride = Math.max(1, Math.ceil((last - first) / most));
    const out = [];
    for (let k = last; k >= first; k -= stride) out.unshift(Number(`1e${k}`));
    return out;
  }
  const out = [];
  for (let k = first - 1; k <= last + 1; k++) for (const lead of [1, 2, 5]) out.push(Number((lead * 10 ** k).toPrecision(6)));
  const inside = out.filter((v) => v >= low * (1 - 1e-6) && v <= high * (1 + 1e-6));
  return inside.length > 1 ? inside : linearTicks(low, high, 4);
}

/** The numbers in words, with as many digits as it takes to tell neighbours apart. */
export function tickTexts(values) {
  for (let digits = 3; digits < 12; digits++) {
    const texts = values.map((v) => (digits === 3 ? number(v) : String(Number(v.toPrecision(digits))).replace("-", "−")));
    if (new Set(texts).size === values.length) return texts;
  }
  return values.map(number);
}
