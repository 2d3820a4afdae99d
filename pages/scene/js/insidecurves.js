// The numbers that one racer holds, against the clock: small plots below one another, under the loss curve.

import { clockTicks, valueAxis } from "./axis.js";
import { centred, fit, haloText, newCanvas, polyline, wipe } from "./canvas.js";
import { drawMarker } from "./markers.js";
import { number } from "./format.js";

const PANEL = 84; // pixels, of which GAP above the plot for its title
const GAP = 20;
const FOOT = 22;
const SPAN = 30; // a largest value so many times the smallest, or the median, takes a logarithmic axis
const PLOTTED = ["curves", "corridor", "mark", "bars"];

export class InsideCurves {
  constructor(box) {
    this.box = box;
    this.canvas = newCanvas("rv-over rv-live-canvas");
    this.still = newCanvas();
    box.append(this.canvas);
    this.panels = [];
  }

  /** frame: of the loss curve, whose clock this is. Returns whether there is anything. */
  layout(inside, steps, theme, { left, right }, width) {
    Object.assign(this, { inside, steps, theme, left, right, width });
    this.panels = grouped(inside.parts.filter((part) => PLOTTED.includes(part.form)));
    this.height = this.panels.length * PANEL + FOOT;
    this.box.style.height = `${this.height}px`;
    if (!this.panels.length) return false;
    const ctx = fit(this.still, this.width, this.height);
    wipe(ctx);
    this.panels.forEach((panel, i) => this.drawPanel(ctx, panel, i * PANEL + GAP, (i + 1) * PANEL - 8));
    this.drawClock(ctx);
    return true;
  }

  x(tick) {
    return this.left + (this.steps ? tick / this.steps : 0) * (this.right - this.left);
  }

  drawPanel(ctx, panel, top, bottom) {
    const { theme, left, right } = this;
    Object.assign(panel, { top, bottom });
    ctx.font = `12px ${theme.font}`;
    const bars = panel.parts.find((part) => part.form === "bars");
    panel.axis = bars ? null : axisOf(panel.parts.filter((part) => part.form !== "mark"), this.inside);
    ctx.strokeStyle = theme.grid;
    ctx.lineWidth = 1;
    ctx.textBaseline = "middle";
    ctx.textAlign = "right";
    for (const { at, text } of panel.axis ? thinned(panel.axis.ticks, bottom - top) : []) {
      const y = Math.round(bottom - at * (bottom - top)) + 0.5;
      stroke(ctx, [left, y, right, y]);
      ctx.fillStyle = theme.muted;
      ctx.fillText(text, left - 7, y, left - 8);
    }
    ctx.save();
    ctx.beginPath();
    ctx.rect(left - 1, top - 2, right - left + 2, bottom - top + 4);
    ctx.clip();
    for (const part of panel.parts) this.drawPart(ctx, part, panel, bars);
    ctx.restore();
    ctx.strokeStyle = theme.edge;
    stroke(ctx, [left, bottom + 0.5, right, bottom + 0.5]);
    ctx.textAlign = "left";
    ctx.textBaseline = "alphabetic";
    ctx.fillStyle = theme.text;
    ctx.fillText(panel.title, left, top - 6);
    for (const part of panel.parts) if (part.form === "mark") this.drawMark(ctx, part, panel);
  }

  drawPart(ctx, part, panel, bars) {
    if (bars) this.drawBars(ctx, part, panel);
    else if (part.form === "corridor") this.drawCorridor(ctx, part, panel);
    else if (part.form === "curves")
      for (let k = 0; k < part.width; k++) {
        ctx.beginPath();
        const points = this.pixels(part, k, panel);
        polyline(ctx, points, 0, points.length / 2 - 1);
        ctx.strokeStyle = this.inside.racer.color;
        ctx.globalAlpha = part.dashed ? 0.6 : 1;
        ctx.lineWidth = part.dashed ? 1.1 : 2.1;
        ctx.setLineDash(k ? [6, 4] : []);
        ctx.stroke();
        ctx.setLineDash([]);
        ctx.globalAlpha = 1;
      }
  }

  pixels(part, k, { axis, top, bottom }) {
    const n = Math.min(part.data.length / part.width, this.inside.ends + 1);
    const out = new Float32Array(2 * n);
    for (let t = 0; t < n; t++) {
      out[2 * t] = this.x(t);
      out[2 * t + 1] = bottom - axis.to(part.data[part.width * t + k]) * (bottom - top);
    }
    return out;
  }

  drawCorridor(ctx, part, panel) {
    const [low, high] = [0, 1].map((k) => this.pixels(part, k, panel));
    ctx.beginPath();
    for (let i = 0; i < low.length; i += 2) if (Number.isFinite(low[i + 1])) ctx.lineTo(low[i], low[i + 1]);
    for (let i = high.length - 2; i >= 0; i -= 2) if (Number.isFinite(high[i + 1])) ctx.lineTo(high[i], high[i + 1]);
    ctx.closePath();
    ctx.fillStyle = this.theme.text;
    ctx.globalAlpha = 0.1;
    ctx.fill();
    ctx.globalAlpha = 1;
    ctx.strokeStyle = this.theme.muted;
    for (const edge of [low, high]) {
      ctx.beginPath();
      polyline(ctx, edge, 0, edge.length / 2 - 1);
      ctx.stroke();
    }
  }

  drawBars(ctx, part, { top, bottom }) {
    let rows = 1;
    for (let i = 2; i < part.data.length; i += 3) rows = Math.max(rows, part.data[i] + 1);
    const tall = (bottom - top) / rows;
    for (let i = 0; i < part.data.length; i += 3) {
      const from = this.x(part.data[i]);
      ctx.fillStyle = this.inside.racer.color;
      ctx.globalAlpha = (i / 3) % (2 * rows) < rows ? 0.8 : 0.5; // the next round of pairs, beside the last
      ctx.fillRect(from + 0.5, top + part.data[i + 2] * tall, Math.max(1.5, this.x(part.data[i + 1]) - from - 1), Math.max(1, tall - (tall > 4 ? 2 : 1)));
    }
    ctx.globalAlpha = 1;
  }

  drawMark(ctx, part, { top, bottom }) {
    for (const tick of part.data) {
      const x = this.x(tick);
      ctx.strokeStyle = this.theme.text;
      ctx.setLineDash([3, 3]);
      stroke(ctx, [x, top - 2, x, bottom]);
      ctx.setLineDash([]);
      const text = `${part.name}: ${number(tick)}`;
      ctx.textBaseline = "middle";
      ctx.textAlign = x > (this.left + this.right) / 2 ? "right" : "left";
      haloText(ctx, text, x + (ctx.textAlign === "left" ? 5 : -5), bottom - 10, this.theme);
    }
  }

  drawClock(ctx) {
    ctx.fillStyle = this.theme.muted;
    ctx.textBaseline = "top";
    const y = this.panels.length * PANEL - 2;
    for (const t of clockTicks(this.steps, Math.max(2, (this.right - this.left) / 90))) centred(ctx, String(t), this.x(t), y, this.width);
  }

  draw(tick) {
    if (!this.panels.length) return;
    const ctx = fit(this.canvas, this.width, this.height);
    wipe(ctx);
    ctx.drawImage(this.still, 0, 0, this.width, this.height);
    const x = this.x(tick);
    ctx.strokeStyle = this.theme.text;
    ctx.lineWidth = 1.2;
    for (const panel of this.panels) {
      stroke(ctx, [x, panel.top, x, panel.bottom]);
      for (const part of panel.parts) {
        if (part.form !== "curves" || part.dashed || tick > this.inside.ends) continue;
        for (let k = 0; k < part.width; k++) {
          const y = panel.bottom - panel.axis.to(part.data[part.width * tick + k]) * (panel.bottom - panel.top);
          if (Number.isFinite(y)) drawMarker(ctx, this.inside.racer.marker, x, y, 3.8, this.inside.racer.color, this.theme);
        }
      }
    }
  }
}

/** [{title, parts}], in the order in which they come. */
function grouped(parts) {
  const panels = new Map();
  for (const part of parts) panels.set(part.panel, [...(panels.get(part.panel) ?? []), part]);
  return [...panels].map(([title, own]) => {
    const thin = own.filter((part) => part.form === "curves" && part.dashed).map((part) => part.name);
    return { title: thin.length ? `${title} (thin: ${thin.join(", ")})` : title, parts: own };
  });
}

/** Logarithmic where values span decades; for values of both signs logarithmic either way from the small ones. */
function axisOf(parts, { racer, ends }) {
  const values = parts.flatMap((part) => [...part.data.subarray(0, part.width * Math.min(ends + 1, part.data.length))]).filter((v) => Number.isFinite(v));
  const sizes = values.map(Math.abs).filter(Boolean).sort((a, b) => a - b);
  const series = [{ values, diverged: racer.status === "diverged" }];
  if (!sizes.length) return valueAxis(series, false);
  const most = sizes[sizes.length - 1];
  if (values.every((v) => v >= 0)) return valueAxis(series, most > SPAN * sizes[0]);
  return most > SPAN * sizes[Math.floor(sizes.length / 2)] ? signedAxis(sizes, most) : valueAxis(series, false);
}

function signedAxis(sizes, most) {
  const small = Math.max(sizes[Math.floor(sizes.length / 10)], 1e-6 * most);
  const whole = Math.log10(1 + most / small);
  const to = (v) => 0.5 + (0.5 * Math.sign(v) * Math.log10(1 + Math.abs(v) / small)) / whole;
  const top = 10 ** Math.floor(Math.log10(most) + 1e-9);
  return { to, ticks: [top, 0, -top].map((v) => ({ at: to(v), text: number(v) })) };
}

/** As many labels as there is room for, the ends first. */
function thinned(ticks, height) {
  const most = Math.max(2, Math.floor(height / 20));
  const stride = Math.ceil(ticks.length / most);
  return ticks.filter((_, i) => i % stride === 0);
}

function stroke(ctx, [x0, y0, x1, y1]) {
  ctx.beginPath();
  ctx.moveTo(x0, y0);
  ctx.lineTo(x1, y1);
  ctx.stroke();
}
