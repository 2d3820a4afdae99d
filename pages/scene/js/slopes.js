// The gradient that the selected racer was handed at the cursor, pointing downhill, and what clipping left of it.

import { haloText } from "./canvas.js";
import { number } from "./format.js";

const LONG = 74; // pixels, for the longer of the two arrows
const SHORT = 28; // no arrow is shorter: its length is written beside it

/** What there is to draw at a tick: the evaluation that follows it, or the last one. Null where it was not finite. */
export function slopeAt(racer, tick) {
  if (!racer.slope) return null;
  const t = Math.min(tick, racer.slope.length / 2 - 1);
  const of = (pairs) => [pairs[2 * t], pairs[2 * t + 1]];
  const raw = of(racer.slope);
  if (t < 0 || !raw.every(Number.isFinite) || !Math.hypot(...raw)) return null;
  const used = racer.clipped && of(racer.clipped);
  const at = of(racer.queries ?? racer.path);
  const [long, short] = [Math.hypot(...raw), used ? Math.hypot(...used) : 0];
  const turn = used && short ? Math.acos(Math.max(-1, Math.min(1, (raw[0] * used[0] + raw[1] * used[1]) / long / short))) : 0;
  return { at, raw, used, long, short, degrees: (turn * 180) / Math.PI };
}

/** One sentence about clipping at the cursor; empty where nothing is clipped. */
export function clippingWords(racer, tick) {
  const slope = racer?.clipped && slopeAt(racer, tick);
  if (!slope) return "";
  if (slope.short > slope.long * (1 - 1e-6)) return ` ${racer.name}'s gradient, ${number(slope.long)} long, is not clipped here.`;
  const turned = slope.degrees > 0.05 ? `turned by ${number(slope.degrees)}°` : "keeps its direction";
  return ` ${racer.name}'s gradient, ${number(slope.long)} long, is clipped to ${number(slope.short)} and ${turned}.`;
}

/** pulled: whether another arrow already shows the gradient that is used; then only one that clipping has made different is drawn. */
export function drawSlope(ctx, racer, tick, { pixel, frame, theme }, pulled) {
  const slope = slopeAt(racer, tick);
  const cut = slope?.used && slope.short < slope.long * (1 - 1e-6);
  if (!slope || (pulled && !cut)) return;
  const from = pixel(...slope.at);
  const arrow = ([gx, gy], share, color) => {
    const [x, y] = pixel(slope.at[0] - gx / slope.long, slope.at[1] - gy / slope.long);
    const angle = Math.atan2(y - from[1], x - from[0]);
    const length = Math.max(SHORT, share * LONG);
    drawShaft(ctx, from, angle, length, color, theme);
    return [from[0] + (length + 8) * Math.cos(angle), from[1] + (length + 8) * Math.sin(angle)];
  };
  const words = [`−∇L ${number(slope.long)}`];
  const tip = arrow(slope.raw, 1, theme.text);
  if (cut) {
    if (!pulled) arrow(slope.used, slope.short / slope.long, racer.color);
    words.push(`clipped ${number(slope.short)}${!pulled && (slope.short / slope.long) * LONG < SHORT ? " (drawn longer)" : ""}`);
  }
  ctx.font = `600 12px ${theme.font}`;
  ctx.textBaseline = "middle";
  const width = Math.max(...words.map((text) => ctx.measureText(text).width));
  const within = (value, low, high) => Math.max(low, Math.min(high, value));
  const x = within(tip[0] < from[0] ? tip[0] - width : tip[0], frame.left + 4, frame.left + frame.width - width - 4);
  const y = within(tip[1], frame.top + 9, frame.top + frame.height - 15 * words.length);
  words.forEach((text, i) => haloText(ctx, text, x, y + 15 * i, theme));
}

function drawShaft(ctx, [x, y], angle, length, color, theme) {
  ctx.save();
  ctx.translate(x, y);
  ctx.rotate(angle);
  ctx.beginPath();
  ctx.moveTo(0, 0);
  ctx.lineTo(length, 0);
  ctx.moveTo(length - 8, -5);
  ctx.lineTo(length, 0);
  ctx.lineTo(length - 8, 5);
  ctx.lineCap = ctx.lineJoin = "round";
  for (const [stroke, width] of [[theme.halo, 6], [color, 2.6]]) {
    ctx.strokeStyle = stroke;
    ctx.lineWidth = width;
    ctx.stroke();
  }
  ctx.restore();
}
