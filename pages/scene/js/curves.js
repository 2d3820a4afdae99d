// One value against the clock for every racer; drawn by hand because a Plotly chart costs a tenth of a second a change.

import { valueAxis } from "./axis.js";
import { centred, fit, newCanvas, polyline, wipe } from "./canvas.js";
import { clockAxis } from "./clockaxis.js";
import { drawArrow, drawMarker } from "./markers.js";
import { capital, number } from "./format.js";
import { Trails } from "./trails.js";

export const CURVES = { loss: "Loss", gradient: "Gradient norm", distance: "Distance to nearest minimum" };

export class Curves {
  constructor(box) {
    this.box = box;
    this.canvas = newCanvas("rv-over rv-live-canvas");
    box.append(this.canvas);
    this.axes = newCanvas();
    this.trails = new Trails();
  }

  /** kind: a key of CURVES; log: whether the values' logarithm is drawn. */
  layout(racers, surface, steps, theme, { kind, log, ...clock }) {
    Object.assign(this, { racers, steps, theme, clock: clockAxis(racers, steps, clock) });
    this.width = this.box.clientWidth;
    this.height = this.box.clientHeight;
    const { axis, series, bands, ...found } = drawnValues(racers, surface, kind, log);
    this.axis = axis;
    this.axisTitle = axisWords(kind, surface, found, log, axis, bands.some(Boolean));
    const ctx = fit(this.axes, this.width, this.height);
    ctx.font = `12px ${theme.font}`;
    const labels = Math.max(...axis.ticks.map((t) => ctx.measureText(t.text).width), 20);
    this.frame = { left: Math.ceil(labels) + 14, top: 10, right: this.width - 16, bottom: this.height - (kind === "rate" ? 22 : 38) };
    this.drawAxes(ctx, kind === "rate" ? "" : this.clock.title);
    bands.forEach((band, i) => band && this.drawBand(ctx, band, racers[i]));
    const lines = racers.map((racer, i) => ({ points: this.pixels(series[i], racer, racer.last), upto: (t) => t, color: racer.color, width: racer.selected ? 3.2 : 2.2 }));
    this.lines = lines;
    const { left, top, right, bottom } = this.frame;
    this.trails.set(lines, this.width, this.height, [left, top - 3, right - left + 3, bottom - top + 6], theme);
  }

  x(racer, tick) {
    return this.frame.left + this.clock.at(racer, tick) * (this.frame.right - this.frame.left);
  }

  tickAt(px) {
    const share = (px - this.frame.left) / (this.frame.right - this.frame.left);
    return Math.max(0, Math.min(this.steps, Math.round(this.clock.tick(share))));
  }

  pixels(values, racer, last) {
    const out = new Float32Array(2 * values.length).fill(NaN);
    const { top, bottom } = this.frame;
    for (let t = 0; t <= Math.min(last, values.length - 1); t++) {
      out[2 * t] = this.x(racer, t);
      out[2 * t + 1] = bottom - this.axis.to(values[t]) * (bottom - top);
    }
    return out;
  }

  drawBand(ctx, [low, median, high], racer) {
    const [below, middle, above] = [low, median, high].map((edge) => this.pixels(edge.map((v) => Math.min(v, 1e30)), racer, edge.length - 1));
    ctx.save();
    ctx.beginPath();
    ctx.rect(this.frame.left, this.frame.top - 3, this.frame.right - this.frame.left, this.frame.bottom - this.frame.top + 3);
    ctx.clip();
    ctx.beginPath();
    for (let t = 0; t < low.length; t++) ctx.lineTo(below[2 * t], below[2 * t + 1]);
    for (let t = low.length - 1; t >= 0; t--) ctx.lineTo(above[2 * t], above[2 * t + 1]);
    ctx.globalAlpha = 0.22;
    ctx.fillStyle = racer.color;
    ctx.fill();
    ctx.globalAlpha = 0.9;
    ctx.setLineDash([5, 4]);
    ctx.beginPath();
    polyline(ctx, middle, 0, median.length - 1);
    ctx.strokeStyle = racer.color;
    ctx.lineWidth = 1.4;
    ctx.stroke();
    ctx.restore();
  }

  drawAxes(ctx, title) {
    const { left, top, right, bottom } = this.frame;
    const { theme } = this;
    wipe(ctx);
    ctx.font = `12px ${theme.font}`;
    ctx.fillStyle = theme.muted;
    ctx.strokeStyle = theme.grid;
    ctx.lineWidth = 1;
    ctx.textBaseline = "middle";
    ctx.textAlign = "right";
    for (const { at, text } of this.axis.ticks) {
      const y = Math.round(bottom - at * (bottom - top)) + 0.5;
      line(ctx, left, y, right, y);
      ctx.fillText(text, left - 7, y);
    }
    ctx.textBaseline = "top";
    ctx.textAlign = "center";
    for (const { at, text } of this.clock.marks(Math.max(2, (right - left) / 90))) {
      const x = Math.round(left + at * (right - left)) + 0.5;
      line(ctx, x, bottom, x, bottom + 4);
      centred(ctx, text, x, bottom + 6, this.width);
    }
    ctx.fillText(title, (left + right) / 2, bottom + 22);
    ctx.strokeStyle = theme.edge;
    line(ctx, left, bottom + 0.5, right, bottom + 0.5);
  }

  draw(tick) {
    if (!this.frame) return;
    const ctx = fit(this.canvas, this.width, this.height);
    wipe(ctx);
    ctx.drawImage(this.axes, 0, 0, this.width, this.height);
    this.trails.draw(ctx, tick);
    this.drawShapes(ctx);
    ctx.lineWidth = 1.2;
    for (const racer of this.clock.alike ? [null] : this.racers) {
      const x = this.x(racer, tick);
      ctx.strokeStyle = racer?.color ?? this.theme.text;
      line(ctx, x, this.frame.top - 4, x, this.frame.bottom);
    }
    this.racers.forEach((racer, i) => {
      const t = Math.min(tick, racer.last);
      const { points } = this.lines[i];
      if (t >= 0 && points[2 * t + 1] < this.frame.top - 3) drawArrow(ctx, { x: points[2 * t], y: this.frame.top + 3, angle: -Math.PI / 2 }, racer.color, this.theme);
      else if (t >= 0 && points[2 * t + 1] > this.frame.bottom + 3) drawArrow(ctx, { x: points[2 * t], y: this.frame.bottom - 3, angle: Math.PI / 2 }, racer.color, this.theme);
      else if (t >= 0 && Number.isFinite(points[2 * t + 1])) drawMarker(ctx, racer.marker, points[2 * t], points[2 * t + 1], 5.5, racer.color, this.theme);
    });
  }

  /** Small shapes along each line, staggered, so that nobody depends on colour. */
  drawShapes(ctx) {
    const n = this.racers.length;
    this.racers.forEach((racer, i) => {
      const { points } = this.lines[i];
      for (let k = 0; k < 5; k++) {
        const t = Math.round((this.steps * (k + (i + 0.5) / n)) / 5);
        if (t <= racer.last && within(points[2 * t + 1], this.frame)) drawMarker(ctx, racer.marker, points[2 * t], points[2 * t + 1], 3.6, racer.color, this.theme);
      }
    });
  }
}

const within = (y, { top, bottom }) => y >= top - 3 && y <= bottom + 3;

/** Under a logarithm losses are counted from the lowest known one, unless all lie below it: {above, sunk: whether some lie below that,
 * drawable: how many values have a logarithm, axis, series, bands}. Where more are negative than that, the axis is linear. */
function drawnValues(racers, surface, kind, log) {
  const above = kind === "loss" && log ? surface.lowest ?? 0 : 0;
  const from = (zero) => {
    const series = racers.map((racer) => (zero ? racer.loss.map((v) => v - zero) : racer[kind]));
    const bands = kind === "loss" ? racers.map((racer) => racer.band && racer.band.map((edge) => edge.map((v) => v - zero))) : [];
    const ranged = series.map((values, i) => ({ values, diverged: racers[i].status === "diverged" }));
    const edges = bands.filter(Boolean).flat().map((values) => ({ values, diverged: true }));
    const below = howMany(series, (v) => v < -1e-6 * Math.abs(zero)); // float32 rounds
    const drawable = howMany(series, (v) => v > 0);
    return { above: zero, sunk: below > 0, drawable, axis: valueAxis([...ranged, ...edges], log && below <= drawable), series, bands };
  };
  const drawn = from(above);
  return above && !drawn.axis.log ? from(0) : drawn;
}

function howMany(series, is) {
  return series.reduce((sum, values) => sum + values.reduce((n, v) => n + is(v), 0), 0);
}

/** What the curves show, and what of them the axis cannot. */
function axisWords(kind, surface, { above, sunk, drawable }, log, axis, banded) {
  const title = (kind === "loss" ? capital(surface.quantity) : CURVES[kind] ?? "Learning rate") + (above ? ` above ${number(above)}` : "");
  const remarks = [
    banded && "line: this seed; dashes and shade: median and quartiles of all seeds",
    log && !axis.log && `linear, for ${drawable ? "most values are below 0" : "no value is above 0"}`,
    axis.floored && `${number(axis.floor)} or less${sunk ? `, ${above ? "also what is below the lowest known" : "negative ones too"},` : ""} on the bottom line`,
    axis.over && "diverging curves leave at the top",
    !axis.log && axis.under && "diverging curves leave at the bottom",
  ].filter(Boolean);
  return remarks.length ? `${title}: ${remarks.join("; ")}` : title;
}

function line(ctx, x0, y0, x1, y1) {
  ctx.beginPath();
  ctx.moveTo(x0, y0);
  ctx.lineTo(x1, y1);
  ctx.stroke();
}
