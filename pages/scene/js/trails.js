// The racers' lines, the same for plane, surface and curve: the whole run faint, the run up to the cursor solid.
// Both are kept as pictures; a frame of playback adds only the segments since the last one.

import { fit, newCanvas, polyline, wipe } from "./canvas.js";

export class Trails {
  constructor() {
    this.faint = newCanvas();
    this.solid = newCanvas();
    this.lines = [];
    this.done = 0;
  }

  /** lines: {points: pixels (x, y interleaved), upto: tick -> vertex, color, width, dash: lengths or none}; frame: [left, top, width, height] that clips them. */
  set(lines, width, height, frame, theme) {
    Object.assign(this, { lines, width, height, theme });
    for (const line of lines) if (line.dash) line.along = lengths(line.points);
    this.frame = frame;
    this.ctxFaint = fit(this.faint, width, height);
    this.ctxSolid = fit(this.solid, width, height);
    for (const ctx of [this.ctxFaint, this.ctxSolid]) ctx.lineJoin = ctx.lineCap = "round";
    const ctx = this.ctxFaint;
    wipe(ctx);
    this.clipped(ctx, () => {
      for (const pass of ["halo", "color"])
        for (const line of lines) {
          ctx.beginPath();
          polyline(ctx, line.points, 0, line.points.length / 2 - 1);
          ctx.globalAlpha = 0.6;
          ctx.strokeStyle = pass === "halo" ? theme.halo : line.color;
          ctx.lineWidth = pass === "halo" ? line.width + 2.2 : line.width * 0.75;
          if (line.dash && pass === "color") striped(ctx, line, 0, theme);
          else ctx.stroke();
        }
      ctx.globalAlpha = 1;
    });
    this.restart();
  }

  restart() {
    this.done = 0;
    if (this.ctxSolid) wipe(this.ctxSolid);
  }

  draw(ctx, tick) {
    if (!this.lines.length) return;
    if (tick < this.done) this.restart();
    if (tick > this.done) {
      this.clipped(this.ctxSolid, () => {
        for (const line of this.lines) {
          this.ctxSolid.beginPath();
          polyline(this.ctxSolid, line.points, line.upto(this.done), line.upto(tick));
          this.ctxSolid.strokeStyle = line.color;
          this.ctxSolid.lineWidth = line.width;
          if (line.dash) striped(this.ctxSolid, line, line.upto(this.done), this.theme);
          else this.ctxSolid.stroke();
        }
      });
      this.done = tick;
    }
    for (const picture of [this.faint, this.solid]) ctx.drawImage(picture, 0, 0, this.width, this.height);
  }

  clipped(ctx, paint) {
    ctx.save();
    ctx.beginPath();
    ctx.rect(...this.frame);
    ctx.clip();
    paint();
    ctx.restore();
  }
}

/** Dashes with the halo's colour between them: so it is seen over a solid line of its own colour. They go on where the last stroke ended. */
function striped(ctx, line, from, theme) {
  const { strokeStyle } = ctx;
  ctx.lineCap = "butt";
  ctx.strokeStyle = theme.halo;
  ctx.stroke();
  ctx.strokeStyle = strokeStyle;
  ctx.setLineDash(line.dash);
  ctx.lineDashOffset = line.along[from] ?? 0;
  ctx.stroke();
  ctx.setLineDash([]);
  ctx.lineCap = "round";
}

/** How far along the line each vertex is. */
function lengths(points) {
  const out = new Float32Array(points.length / 2);
  for (let i = 1; i < out.length; i++) {
    const step = Math.hypot(points[2 * i] - points[2 * i - 2], points[2 * i + 1] - points[2 * i - 1]);
    out[i] = out[i - 1] + (Number.isFinite(step) ? step : 0);
  }
  return out;
}
