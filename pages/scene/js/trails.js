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

  /** lines: {points: pixels (x, y interleaved), upto: tick -> vertex, color, width}; frame: [left, top, width, height] that clips them. */
  set(lines, width, height, frame, theme) {
    Object.assign(this, { lines, width, height });
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
          ctx.stroke();
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
          this.ctxSolid.stroke();
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
