// The small plane: the landscape from above, and the paths of the run under the pointer.

import { fit, newCanvas, polyline, wipe } from "../../scene/js/canvas.js";
import { decodeSurface } from "../../scene/js/decode.js";
import { edgeOf } from "../../scene/js/frame.js";
import { heightAt, heights, levelsOf } from "../../scene/js/levels.js";
import { drawArrow, drawMarker, drawPoint } from "../../scene/js/markers.js";

const FINE = 2; // pixels of the picture's grid: contours stay crisp without drawing lines

export class Inset {
  constructor(box) {
    this.box = box;
    this.picture = newCanvas();
    this.canvas = newCanvas("rv-over");
    box.append(this.canvas);
  }

  /** The landscape; drawn anew only when it, the theme or the size has changed, and then true. */
  land(raw, theme) {
    const { clientWidth: width, clientHeight: height } = this.box;
    const stamp = `${raw.key} ${theme.dark} ${width} ${height}`;
    if (stamp === this.stamp || !width) return false;
    Object.assign(this, { stamp, theme, raw, width, height });
    const surface = (this.surface = decodeSurface(raw));
    const levels = levelsOf(surface, surface.levels);
    const rows = heights(surface, levels);
    const [w, h] = [Math.ceil(width / FINE), Math.ceil(height / FINE)];
    this.frame = fitted(surface, width, height);
    const colors = theme.scale.map((hex) => [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16)));
    const image = new ImageData(w, h);
    for (let j = 0; j < h; j++)
      for (let i = 0; i < w; i++) {
        const x = surface.x[0] + ((i * FINE - this.frame.left) / this.frame.width) * (surface.x[1] - surface.x[0]);
        const y = surface.y[1] - ((j * FINE - this.frame.top) / this.frame.height) * (surface.y[1] - surface.y[0]);
        const z = heightAt(surface, rows, x, y);
        if (Number.isNaN(z)) continue;
        const band = (Math.floor(((z - levels.lo) / levels.size)) * levels.size) / (levels.hi - levels.lo);
        const place = Math.min(0.999, Math.max(0, band)) * (colors.length - 1);
        const k = Math.floor(place);
        const at = 4 * (j * w + i);
        for (let c = 0; c < 3; c++) image.data[at + c] = colors[k][c] + (place - k) * (colors[k + 1][c] - colors[k][c]);
        image.data[at + 3] = 255;
      }
    this.picture.width = w;
    this.picture.height = h;
    this.picture.getContext("2d").putImageData(image, 0, 0);
    return true;
  }

  /** runs: [{path, color, marker, gone}], the one under the pointer first. */
  draw(runs, start) {
    if (!this.surface) return;
    const ctx = fit(this.canvas, this.width, this.height);
    wipe(ctx);
    ctx.drawImage(this.picture, 0, 0, Math.ceil(this.width / FINE) * FINE, Math.ceil(this.height / FINE) * FINE);
    const { left, top, width, height } = this.frame;
    ctx.save();
    ctx.beginPath();
    ctx.rect(left, top, width, height);
    ctx.clip();
    for (const p of this.surface.points) drawPoint(ctx, p.kind, ...this.pixel(p.x, p.y), p.kind === "valley" ? 2 : 5.5, this.theme);
    ctx.lineJoin = ctx.lineCap = "round";
    for (const run of [...runs].reverse()) this.trail(ctx, run, run === runs[0]);
    ctx.restore();
    if (start) this.ring(ctx, ...this.pixel(...start));
    for (const run of [...runs].reverse()) this.head(ctx, run);
  }

  pixel(x, y) {
    const { left, top, width, height } = this.frame;
    const { surface } = this;
    return [left + (width * (x - surface.x[0])) / (surface.x[1] - surface.x[0]), top + height * (1 - (y - surface.y[0]) / (surface.y[1] - surface.y[0]))];
  }

  trail(ctx, run, first) {
    const pts = new Float32Array(run.path.length);
    for (let i = 0; i < pts.length; i += 2) [pts[i], pts[i + 1]] = this.pixel(run.path[i], run.path[i + 1]);
    for (const [color, width] of [[this.theme.halo, first ? 5 : 3.5], [run.color, first ? 2.8 : 1.4]]) {
      ctx.beginPath();
      polyline(ctx, pts, 0, pts.length / 2 - 1);
      ctx.strokeStyle = color;
      ctx.lineWidth = width;
      ctx.stroke();
    }
  }

  ring(ctx, x, y) {
    for (const [color, width] of [[this.theme.background, 5], [this.theme.text, 2.2]]) {
      ctx.beginPath();
      ctx.arc(x, y, 6, 0, 2 * Math.PI);
      ctx.strokeStyle = color;
      ctx.lineWidth = width;
      ctx.stroke();
    }
  }

  head(ctx, run) {
    let last = run.path.length / 2 - 1;
    while (last > 0 && !Number.isFinite(run.path[2 * last])) last--;
    const [x, y] = this.pixel(run.path[2 * last], run.path[2 * last + 1]);
    const edge = edgeOf(this.frame, x, y, 8);
    if (edge) drawArrow(ctx, edge, run.color, this.theme);
    else drawMarker(ctx, run.marker, x, y, 5.5, run.color, this.theme);
  }
}

function fitted(surface, width, height) {
  if (!surface.equal) return { left: 0, top: 0, width, height };
  const aspect = (surface.x[1] - surface.x[0]) / (surface.y[1] - surface.y[0]);
  const w = Math.min(width, height * aspect);
  return { left: (width - w) / 2, top: (height - w / aspect) / 2, width: w, height: w / aspect };
}
