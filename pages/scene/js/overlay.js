// What lies over the plane: trails, stationary points, heads, and arrows at the edge for those out of sight.

import { fit, haloText, newCanvas, wipe } from "./canvas.js";
import { drawMarker, drawPoint } from "./markers.js";
import { edgeOf, situation } from "./frame.js";
import { Trails } from "./trails.js";

export class Overlay {
  constructor(box, plane) {
    this.box = box;
    this.plane = plane;
    this.canvas = newCanvas("rv-over");
    box.append(this.canvas);
    this.trails = new Trails();
    this.racers = [];
  }

  /** Racers or ranges changed: compute pixels anew. */
  layout(racers, surface, theme, options) {
    Object.assign(this, { racers, surface, theme, options });
    const { clientWidth: width, clientHeight: height } = this.box;
    this.width = width;
    this.height = height;
    const f = (this.frame = this.plane.frame());
    this.scaleX = f.width / (f.x[1] - f.x[0]);
    this.scaleY = f.height / (f.y[1] - f.y[0]);
    const lines = racers.map((racer) => ({ points: this.pixels(racer.path), upto: (t) => t, color: racer.color, width: racer.selected ? 3.4 : 2.3 }));
    racers.forEach((racer, i) => (racer.pixels = lines[i].points));
    this.trails.set(lines, width, height, [f.left, f.top, f.width, f.height], theme);
  }

  pixels(path) {
    const { left, top, height, x, y } = this.frame;
    const out = new Float32Array(path.length);
    for (let i = 0; i < path.length; i += 2) {
      out[i] = left + (path[i] - x[0]) * this.scaleX;
      out[i + 1] = top + height - (path[i + 1] - y[0]) * this.scaleY;
    }
    return out;
  }

  pixel(x, y) {
    return this.pixels([x, y]);
  }

  data(px, py) {
    const f = this.frame;
    return [f.x[0] + (px - f.left) / this.scaleX, f.y[0] + (f.top + f.height - py) / this.scaleY];
  }

  draw(tick, ratio) {
    if (!this.frame) return;
    const ctx = fit(this.canvas, this.width, this.height, ratio);
    wipe(ctx);
    ctx.save();
    ctx.beginPath();
    ctx.rect(this.frame.left, this.frame.top, this.frame.width, this.frame.height);
    ctx.clip();
    for (const p of this.surface.points) drawPoint(ctx, p.kind, ...this.pixel(p.x, p.y), 7.5, this.theme);
    this.trails.draw(ctx, tick);
    if (this.options.queries) for (const racer of this.racers) this.drawQueries(ctx, racer, tick);
    ctx.restore();
    const labels = [];
    const order = [...this.racers].sort((a, b) => Number(a.selected) - Number(b.selected)); // the selected one on top
    for (const racer of order) this.drawHead(ctx, racer, tick, labels);
    placeLabels(ctx, labels, this.frame, this.theme);
  }

  drawQueries(ctx, racer, tick) {
    const px = this.pixels(racer.queries ?? racer.path);
    const end = Math.min(tick, px.length / 2, racer.last + 1);
    ctx.lineWidth = 1.2;
    ctx.strokeStyle = racer.color;
    ctx.fillStyle = this.theme.background;
    for (let t = 0; t < end; t++) {
      ctx.beginPath();
      ctx.arc(px[2 * t], px[2 * t + 1], 2.4, 0, 2 * Math.PI);
      ctx.fill();
      ctx.stroke();
    }
  }

  drawHead(ctx, racer, tick, labels) {
    if (racer.last < 0) return;
    const now = situation(racer, tick);
    const [x, y] = this.pixel(now.x, now.y);
    const edge = edgeOf(this.frame, x, y, 9);
    const r = racer.selected ? 8.5 : 6.5;
    if (edge) {
      drawArrow(ctx, edge, racer.color, this.theme);
      labels.push({ x: edge.x, y: edge.y, text: `${racer.name} ${now.note || "is outside the zoom"}` });
      return;
    }
    drawMarker(ctx, racer.marker, x, y, r, racer.color, this.theme);
    if (!now.gone) return;
    ctx.beginPath(); // struck out: it ended here
    ctx.moveTo(x - r - 3, y - r - 3);
    ctx.lineTo(x + r + 3, y + r + 3);
    ctx.strokeStyle = this.theme.text;
    ctx.lineWidth = 2;
    ctx.stroke();
    labels.push({ x, y, text: `${racer.name} ${now.note}` });
  }
}

function drawArrow(ctx, { x, y, angle }, color, theme) {
  ctx.save();
  ctx.translate(x, y);
  ctx.rotate(angle);
  ctx.beginPath();
  ctx.moveTo(9, 0);
  ctx.lineTo(-7, -7.5);
  ctx.lineTo(-3, 0);
  ctx.lineTo(-7, 7.5);
  ctx.closePath();
  ctx.lineJoin = "round";
  ctx.strokeStyle = theme.halo;
  ctx.lineWidth = 5;
  ctx.stroke();
  ctx.fillStyle = color;
  ctx.fill();
  ctx.strokeStyle = theme.text;
  ctx.lineWidth = 0.8;
  ctx.stroke();
  ctx.restore();
}

/** Labels beside their marks, moved along so that they neither overlap nor leave the frame. */
function placeLabels(ctx, labels, frame, theme) {
  const line = 16;
  const taken = [];
  ctx.font = `600 12px ${theme.font}`;
  ctx.textBaseline = "middle";
  for (const label of labels) {
    const width = ctx.measureText(label.text).width;
    const fitsRight = label.x + 14 + width < frame.left + frame.width - 2;
    const x = Math.max(frame.left + 4, fitsRight ? label.x + 14 : label.x - 14 - width);
    const top = frame.top + line / 2 + 2;
    const bottom = frame.top + frame.height - line / 2 - 2;
    const wanted = Math.min(bottom, Math.max(top, label.y));
    const free = (y) => y >= top && y <= bottom && taken.every((t) => Math.abs(t.y - y) >= line || t.x > x + width + 6 || x > t.x + t.width + 6);
    let y = wanted;
    for (let k = 1; k < 60 && !free(y); k++) y = wanted + (k % 2 ? 1 : -1) * Math.ceil(k / 2) * (line / 2);
    taken.push({ x, y, width });
    haloText(ctx, label.text, x, y, theme);
  }
}
