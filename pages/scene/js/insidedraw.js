// Draws the shapes of inside.js, over the plane and over the surface, and their key.

import { fit, newCanvas, polyline } from "./canvas.js";
import { number } from "./format.js";
import { heightAt } from "./levels.js";

const DASH = [7, 5];

/** Over the plane: `overlay` turns coordinates into pixels. Returns how many shapes there were. */
export function drawInside(ctx, inside, overlay, tick) {
  const lines = inside.lines(tick);
  paint(ctx, lines, lines.map((line) => overlay.pixels(line.points)), inside.racer, overlay.theme);
  return new Set(lines.map((line) => line.part.key)).size;
}

/** Over the surface: laid on the ground, but for a model's rings, which lie at the model's own heights. */
export function drawInside3d(ctx, inside, { view, surface, theme, levels }, tick) {
  const lines = inside.lines(tick).filter((line) => line.kind !== "centre");
  const pixels = lines.map(({ points, height, part, kind }) => {
    const own = part.form === "model" ? modelled(height, levels) : null;
    const flat = kind === "arrow" ? between(points) : points;
    const space = new Float32Array((flat.length / 2) * 3);
    for (let i = 0, k = 0; i < flat.length; i += 2, k += 3) {
      const ground = heightAt(surface, view.rows, flat[i], flat[i + 1]);
      space.set([flat[i], flat[i + 1], own === null || Number.isNaN(ground) ? ground : own], k);
    }
    return view.project(space);
  });
  paint(ctx, lines, pixels, inside.racer, theme);
}

/** The drawn height of a loss; below or above all that is drawn there is none. */
function modelled(loss, levels) {
  const height = levels.forward(loss);
  return height <= levels.lo || height > levels.hi ? NaN : height;
}

function between([x0, y0, x1, y1]) {
  return Array.from({ length: 25 }, (_, i) => [x0 + ((x1 - x0) * i) / 24, y0 + ((y1 - y0) * i) / 24]).flat();
}

function paint(ctx, lines, pixels, racer, theme) {
  ctx.save();
  ctx.lineJoin = ctx.lineCap = "round";
  for (const pass of ["halo", "ink"])
    lines.forEach((line, i) => {
      ctx.globalAlpha = pass === "ink" && line.share < 1 ? 0.75 : 1;
      mark(ctx, line, pixels[i], pass === "halo" ? theme.halo : inkOf(line.part, racer, theme), pass, theme);
    });
  ctx.restore();
}

function inkOf(part, racer, theme) {
  return part.plain ? theme.text : racer.color;
}

function mark(ctx, { kind, part }, px, ink, pass, theme) {
  const halo = pass === "halo";
  const last = px.length - 2;
  const wide = part.form === "model" || part.plain || (part.dashed && kind === "arrow") ? 1.7 : 2.4;
  ctx.setLineDash(part.dashed && !halo && kind !== "arrow" && kind !== "centre" ? DASH : part.dashed && kind === "arrow" && !halo ? [4, 4] : []);
  ctx.lineCap = ctx.getLineDash().length ? "butt" : "round";
  ctx.strokeStyle = ctx.fillStyle = ink;
  ctx.lineWidth = halo ? wide + 2.4 : wide;
  ctx.beginPath();
  if (kind === "point") {
    ctx.arc(px[0], px[1], 4.5, 0, 2 * Math.PI);
    ctx.stroke();
    if (!halo) {
      ctx.fillStyle = theme.background;
      ctx.fill();
    }
    return;
  }
  if (kind === "centre") {
    for (const s of [-1, 1]) {
      ctx.moveTo(px[0] - 5, px[1] - 5 * s);
      ctx.lineTo(px[0] + 5, px[1] + 5 * s);
    }
    ctx.stroke();
    return;
  }
  if (kind === "arrow" && !head(ctx, px, last)) return;
  polyline(ctx, px, 0, last / 2);
  ctx.stroke();
  if (kind !== "closed" || halo) return;
  ctx.globalAlpha = 0.13;
  ctx.fill();
  ctx.globalAlpha = 1;
}

/** The arrow's head; nothing for an arrow that is too short to have one. */
function head(ctx, px, last) {
  let from = 0; // over the surface an arrow has many vertices, some behind the frame
  while (from < last && !Number.isFinite(px[from])) from += 2;
  const dx = px[last] - px[from];
  const dy = px[last + 1] - px[from + 1];
  const length = Math.hypot(dx, dy);
  if (!(length > 2.5)) return false;
  const size = Math.min(10, 0.6 * length);
  const [ux, uy] = [dx / length, dy / length];
  ctx.save();
  ctx.setLineDash([]);
  ctx.moveTo(px[last] - size * ux + 0.5 * size * uy, px[last + 1] - size * uy - 0.5 * size * ux);
  ctx.lineTo(px[last], px[last + 1]);
  ctx.lineTo(px[last] - size * ux - 0.5 * size * uy, px[last + 1] - size * uy + 0.5 * size * ux);
  ctx.stroke();
  ctx.restore();
  ctx.beginPath();
  return true;
}

/** By how much arrows are drawn longer at a tick, in words. */
export function magnification(inside, tick) {
  const factor = inside.racer ? inside.magnified(Math.max(0, Math.min(tick, inside.racer.last))) : 1;
  return factor > 1.05 ? `drawn ${number(Number(factor.toPrecision(2)))} times longer` : "";
}

/** The shapes' names with a sample of each, as elements. */
export function insideKey(inside, theme) {
  const entries = inside.shapes.map((part) => {
    const span = document.createElement("span");
    span.append(sample(part, inside.racer, theme), part.name);
    return span;
  });
  return entries;
}

const SAMPLES = { arrow: ["arrow", [2, 9, 26, 9]], point: ["point", [14, 9]] };

function sample(part, racer, theme) {
  const canvas = newCanvas();
  canvas.style.width = "30px";
  canvas.style.height = "18px";
  const [kind, px] = SAMPLES[part.form] ?? ["line", [2, 9, 26, 9]];
  const ctx = fit(canvas, 30, 18);
  mark(ctx, { kind, part }, Float32Array.from(px), inkOf(part, racer, theme), "ink", theme);
  return canvas;
}
