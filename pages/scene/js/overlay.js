// What lies over the plane: trails, stationary points, heads, and arrows at the edge for those out of sight.

import { fit, haloText, newCanvas, wipe } from "./canvas.js";
import { companions, drawCompanion, widthOf } from "./companions.js";
import { drawArrow, drawMarker, drawPoint, sizeOf } from "./markers.js";
import { edgeOf, situation } from "./frame.js";
import { drawSlope } from "./slopes.js";
import { drawInside } from "./insidedraw.js";
import { placed } from "./notes.js";
import { Trails } from "./trails.js";

const NAMED = 4; // notes that can carry a name without covering the landscape

const MARKED = 30; // stationary points among which there is room for notes

export class Overlay {
  constructor(box, plane) {
    this.box = box;
    this.plane = plane;
    this.canvas = newCanvas("rv-over");
    box.append(this.canvas);
    this.trails = new Trails();
    this.racers = [];
  }

  /** Racers or ranges changed: compute pixels anew. options: {queries: whether to draw them, inside: see inside.js}. */
  layout(racers, surface, theme, options) {
    Object.assign(this, { racers, surface, theme, options });
    const { clientWidth: width, clientHeight: height } = this.box;
    this.width = width;
    this.height = height;
    const f = (this.frame = this.plane.frame());
    this.scaleX = f.width / (f.x[1] - f.x[0]);
    this.scaleY = f.height / (f.y[1] - f.y[0]);
    const lines = racers.map((racer) => ({ points: this.pixels(racer.path), upto: (t) => t, color: racer.color, width: widthOf(racer) }));
    racers.forEach((racer, i) => (racer.pixels = lines[i].points));
    this.beside = companions(racers).map((one) => ({ ...one, ...one.look, points: this.pixels(one.path) }));
    this.trails.set([...lines, ...this.beside], width, height, [f.left, f.top, f.width, f.height], theme);
    options.inside.layout(this);
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

  draw(tick) {
    if (!this.frame) return;
    const ctx = fit(this.canvas, this.width, this.height);
    wipe(ctx);
    ctx.save();
    ctx.beginPath();
    ctx.rect(this.frame.left, this.frame.top, this.frame.width, this.frame.height);
    ctx.clip();
    for (const p of this.surface.points) drawPoint(ctx, p.kind, ...this.pixel(p.x, p.y), 7.5 * sizeOf(p.kind), this.theme);
    this.trails.draw(ctx, tick);
    if (this.options.queries) for (const racer of this.racers) this.drawQueries(ctx, racer, tick);
    this.canvas.dataset.inside = String(drawInside(ctx, this.options.inside, this, tick)); // how many shapes
    ctx.restore();
    for (const one of this.beside) drawCompanion(ctx, one, tick, this.theme);
    const outside = [];
    const order = [...this.racers].sort((a, b) => Number(a.selected) - Number(b.selected)); // the selected one on top
    for (const racer of order) this.drawHead(ctx, racer, tick, outside);
    for (const racer of order) if (racer.clipped || this.options.queries) drawSlope(ctx, racer, tick, { pixel: (x, y) => this.pixel(x, y), frame: this.frame, theme: this.theme }, this.options.inside.pulls(racer, tick));
    this.drawOutside(ctx, outside);
  }

  /** Where the marks are that no note may lie over: all, or in a crowd the lowest minima. */
  goals() {
    const { points } = this.surface;
    return points.filter((p) => points.length <= MARKED || p.kind === "lowest" || p.kind === "edge").map((p) => this.pixel(p.x, p.y));
  }

  /** On the screen the start is a button; a saved picture has to draw it. */
  drawStart(ctx, left, top) {
    const [x, y] = this.pixel(...this.start);
    for (const [color, width] of [[this.theme.background, 7], [this.theme.text, 3]]) {
      ctx.beginPath();
      ctx.arc(left + x, top + y, 9.5, 0, 2 * Math.PI);
      ctx.strokeStyle = color;
      ctx.lineWidth = width;
      ctx.stroke();
    }
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

  drawHead(ctx, racer, tick, notes) {
    if (racer.last < 0) return;
    const now = situation(racer, tick);
    const [x, y] = this.pixel(now.x, now.y);
    const edge = edgeOf(this.frame, x, y, 9);
    const r = racer.selected ? 8.5 : 6.5;
    if (edge) {
      notes.push({ ...edge, racer, text: now.note || "is outside the zoom" });
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
    notes.push({ x, y, racer, text: now.note, inside: true });
  }

  /** Notes on those that left or ended, each with its arrow; by name while there is room, by marker in a crowd. */
  drawOutside(ctx, notes) {
    const crowd = notes.length > NAMED || this.frame.width < 330;
    for (const note of notes) note.words = crowd ? note.text.replace(/ at (tick|evaluation)/, ",") : `${note.racer.name} ${note.text}`;
    ctx.font = `600 12px ${this.theme.font}`;
    ctx.textBaseline = "middle";
    const found = placed(ctx, notes, this.frame, crowd ? 18 : 0, notes.length ? this.goals() : []);
    this.canvas.dataset.notes = JSON.stringify(found.map(({ note, x, y, width }) => ({ text: note.words, x, y, width })));
    for (const { note, x, y, mark } of found) {
      if (!note.inside) drawArrow(ctx, { ...note, y: mark }, note.racer.color, this.theme);
      if (crowd) drawMarker(ctx, note.racer.marker, x + 6, y, 5, note.racer.color, this.theme);
      haloText(ctx, note.words, x + (crowd ? 16 : 0), y, this.theme);
    }
  }
}
