// Arrays arrive as base64 of little-endian float32: a third of the size of a JSON list, and NaN survives.

export const floats = (text) => new Float32Array(bytesOf(text));

function bytesOf(text) {
  if (!text) return new ArrayBuffer(0);
  if (Uint8Array.fromBase64) return Uint8Array.fromBase64(text).buffer; // native where the browser is new enough
  const raw = atob(text);
  const bytes = new Uint8Array(raw.length);
  for (let i = 0; i < raw.length; i++) bytes[i] = raw.charCodeAt(i);
  return bytes.buffer;
}

const HOLE = 65535;

/** A surface with its grid decoded: z is (ny, nx) row by row, xs and ys are the grid lines. */
export function decodeSurface(surface) {
  const z = Float32Array.from(new Uint16Array(bytesOf(surface.z)), (code) =>
    code === HOLE ? NaN : surface.z_base + Math.exp(surface.z_low + surface.z_step * code)); // 16-bit logarithmic codes: see payload.py
  return { ...surface, z, points: ranked(surface, z), xs: gridLines(surface.x, surface.nx), ys: gridLines(surface.y, surface.ny) };
}

const ROUNDING = 1e-9; // of the heights' span: minima this close in height are alike
const COARSE = 1e-6; // the same for the grid, which is coded, and float32

/** The points, with the minima that nothing known lies below, and nothing in the frame, of a kind of their own: "lowest". */
function ranked({ points, lowest }, z) {
  let [least, most] = [Infinity, -Infinity];
  for (const v of z) if (Number.isFinite(v)) [least, most] = [Math.min(least, v), Math.max(most, v)];
  const span = Math.max(most - least, 0) || 1;
  const minima = points.filter(isMinimum).map((p) => p.z);
  const bound = Math.min(Math.min(...minima, lowest ?? Infinity) + ROUNDING * (span + Math.abs(lowest ?? 0)), least + COARSE * (span + Math.abs(least)));
  return points.map((p) => (p.kind === "minimum" && p.z <= bound ? { ...p, kind: "lowest" } : p));
}

const GOALS = ["minimum", "lowest", "valley", "edge"];
/** What a racer may be on its way to: minima, and the lowest point of a frame that falls to its edge. */
export const isMinimum = (p) => GOALS.includes(p.kind);

function gridLines([lo, hi], n) {
  return Float64Array.from({ length: n }, (_, i) => (n > 1 ? lo + ((hi - lo) * i) / (n - 1) : lo));
}

/** A racer with its arrays decoded and `last`, the last tick at which its point is finite. */
export function decodeRacer(racer, steps) {
  const path = floats(racer.path);
  const queries = racer.queries ? floats(racer.queries) : null;
  let last = -1;
  for (let t = 0; t <= steps; t++) {
    if (!Number.isFinite(path[2 * t]) || !Number.isFinite(path[2 * t + 1])) break;
    last = t;
  }
  const rate = racer.rate ? floats(racer.rate) : null; // of each step; the end of the run takes none
  const band = racer.band ? floats(racer.band) : null;
  const slopes = { slope: racer.slope && floats(racer.slope), clipped: racer.clipped && floats(racer.clipped) };
  const fast = racer.fast ? floats(racer.fast) : null; // two points a tick: where it led, and where the next one begins
  return { ...racer, ...slopes, path, queries, fast, other: racer.other && floats(racer.other), rate, band: band && thirds(band), loss: floats(racer.loss), gradient: floats(racer.gradient), last };
}

/** Lower quartile, median and upper quartile. */
function thirds(band) {
  const n = band.length / 3;
  return [0, 1, 2].map((k) => band.subarray(k * n, (k + 1) * n));
}

/** Distance from each iterate to the nearest of the minima: (steps + 1,), NaN where there is no minimum to measure from. */
export function distances(path, minima) {
  const out = new Float32Array(path.length / 2).fill(NaN);
  if (!minima.length) return out;
  for (let t = 0; t < out.length; t++) {
    let best = Infinity;
    for (const m of minima) {
      const d = Math.hypot(path[2 * t] - m.x, path[2 * t + 1] - m.y);
      if (!(d >= best)) best = d;
    }
    out[t] = best;
  }
  return out;
}
