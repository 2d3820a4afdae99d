// A canvas that is as sharp as the screen, and lines that survive coordinates of 1e30.

const FAR = 1e4; // pixels; canvases lose precision, then lines, with coordinates far beyond this

/** A saved picture is drawn sharper than the screen: set `ratio` and draw again. */
export const SHARPNESS = { ratio: null };

export function newCanvas(className = "") {
  const canvas = document.createElement("canvas");
  canvas.className = className;
  canvas.setAttribute("aria-hidden", "true");
  return canvas;
}

/** Sizes the canvas and returns its context, in CSS pixels. */
export function fit(canvas, width, height) {
  const ratio = SHARPNESS.ratio ?? (window.devicePixelRatio || 1);
  const w = Math.max(1, Math.round(width * ratio));
  const h = Math.max(1, Math.round(height * ratio));
  if (canvas.width !== w || canvas.height !== h) {
    canvas.width = w;
    canvas.height = h;
  }
  const ctx = canvas.getContext("2d");
  ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
  return ctx;
}

export function wipe(ctx) {
  ctx.save();
  ctx.setTransform(1, 0, 0, 1, 0, 0);
  ctx.clearRect(0, 0, ctx.canvas.width, ctx.canvas.height);
  ctx.restore();
}

/** Adds vertices from..to of pts (x, y interleaved; NaN breaks the line) to the current path. */
export function polyline(ctx, pts, from, to) {
  let px = NaN;
  let py = NaN;
  let pen = false;
  for (let i = from; i <= to; i++) {
    const x = pts[2 * i];
    const y = pts[2 * i + 1];
    if (!(Number.isFinite(x) && Number.isFinite(y))) {
      pen = false;
      px = NaN;
      continue;
    }
    // Steps under a third of a pixel are invisible: drawing them is most of a converged run's cost.
    if (pen && i < to && Math.abs(x - px) < 0.35 && Math.abs(y - py) < 0.35) continue;
    if (Math.abs(x) > FAR || Math.abs(y) > FAR || Math.abs(px) > FAR || Math.abs(py) > FAR) {
      const cut = Number.isNaN(px) ? null : clipSegment(px, py, x, y);
      if (cut) {
        ctx.moveTo(cut[0], cut[1]);
        ctx.lineTo(cut[2], cut[3]);
      }
      pen = false;
    } else if (pen) ctx.lineTo(x, y);
    else {
      ctx.moveTo(Number.isNaN(px) ? x : px, Number.isNaN(px) ? y : py);
      ctx.lineTo(x, y);
      pen = true;
    }
    px = x;
    py = y;
  }
}

/** The part of a segment inside the square of half-width FAR (Liang and Barsky 1984), or null. */
function clipSegment(x0, y0, x1, y1) {
  let a = 0;
  let b = 1;
  const dx = x1 - x0;
  const dy = y1 - y0;
  for (const [p, q] of [[-dx, x0 + FAR], [dx, FAR - x0], [-dy, y0 + FAR], [dy, FAR - y0]]) {
    if (p === 0 && q < 0) return null;
    if (p < 0) a = Math.max(a, q / p);
    else if (p > 0) b = Math.min(b, q / p);
  }
  return a < b ? [x0 + a * dx, y0 + a * dy, x0 + b * dx, y0 + b * dy] : null;
}

/** Text round x, but whole: a number at the canvas's edge moves in. */
export function centred(ctx, text, x, y, width) {
  const half = ctx.measureText(text).width / 2;
  ctx.textAlign = "center";
  ctx.fillText(text, Math.max(half, Math.min(width - half, x)), y);
}

export function haloText(ctx, text, x, y, theme, color = theme.text) {
  ctx.lineJoin = "round";
  ctx.strokeStyle = theme.halo;
  ctx.lineWidth = 4;
  ctx.strokeText(text, x, y);
  ctx.fillStyle = color;
  ctx.fillText(text, x, y);
}
