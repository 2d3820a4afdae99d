// A map's axis: cells have equal widths, and a value lies where the list of the cells' values says.

import { niceStep } from "../../scene/js/ticks.js";
import { number } from "../../scene/js/format.js";

/** axis: {name, scale, values: the cells' values, rising}. */
export class Ruler {
  constructor(axis) {
    Object.assign(this, axis);
    this.count = axis.values.length;
    this.lo = axis.values[0];
    this.hi = axis.values[this.count - 1];
  }

  warp(v) {
    return this.scale === "log" ? Math.log(v) : this.scale === "complement" ? -Math.log(1 - v) : v;
  }

  unwarp(u) {
    return this.scale === "log" ? Math.exp(u) : this.scale === "complement" ? 1 - Math.exp(-u) : u;
  }

  /** Value -> 0..1 across the map; cell i lies at (i + 1/2) / count. Beyond the ends it goes on evenly. */
  at(value) {
    const { values, count } = this;
    let i = 0;
    while (i < count - 2 && value > values[i + 1]) i++;
    const a = this.warp(values[i]);
    const share = (this.warp(value) - a) / (this.warp(values[i + 1]) - a);
    return (i + share + 0.5) / count;
  }

  /** 0..1 across the map -> value, within the ends of the axis. */
  value(at) {
    const place = Math.min(this.count - 1, Math.max(0, at * this.count - 0.5));
    const i = Math.min(this.count - 2, Math.floor(place));
    const a = this.warp(this.values[i]);
    return this.unwarp(a + (place - i) * (this.warp(this.values[i + 1]) - a));
  }

  cell(at) {
    return Math.min(this.count - 1, Math.max(0, Math.floor(at * this.count)));
  }

  text(value) {
    return valueText(value, this.scale);
  }

  /** About `most` ticks: {at, text}. */
  ticks(most) {
    const values = this.scale === "linear" ? evenly(this.lo, this.hi, most, this.integer) : this.decades(most);
    return values.map((v) => ({ at: this.at(v), text: this.text(v) })).filter((tick) => tick.at >= 0 && tick.at <= 1);
  }

  decades(most) {
    const gap = (v) => (this.scale === "complement" ? 1 - v : v);
    const [low, high] = [gap(this.lo), gap(this.hi)].sort((a, b) => a - b);
    const span = Math.log10(high / low);
    if (span < 1) return evenly(this.lo, this.hi, most);
    const stride = Math.max(1, Math.ceil(span / most));
    const out = [];
    for (let k = Math.ceil(Math.log10(low) - 1e-6); k <= Math.log10(high) + 1e-6; k += stride) {
      for (const lead of span * 3 < most ? [1, 2, 5] : [1]) if (lead * 10 ** k <= high * (1 + 1e-6)) out.push(lead * 10 ** k);
    }
    return this.scale === "complement" ? out.map((v) => 1 - v).reverse() : out;
  }
}

function evenly(lo, hi, most, whole = false) {
  const step = whole ? Math.max(1, niceStep((hi - lo) / most)) : niceStep((hi - lo) / most);
  const out = [];
  for (let k = Math.ceil(lo / step - 1e-9); k * step <= hi + step * 1e-9; k++) out.push(Number((k * step).toPrecision(12)));
  return out;
}

/** Three digits; near 1 as many as tell it from 1. */
export function valueText(value, scale) {
  if (scale !== "complement" || value <= 0.9) return number(Number(value.toPrecision(10)));
  const gap = 1 - value;
  return gap > 0 ? String(Number(value.toFixed(Math.min(12, 1 + Math.ceil(-Math.log10(gap)))))) : "1";
}
