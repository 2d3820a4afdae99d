// Twelve racer shapes and the marks of stationary points, as paths inside a circle of radius r.

function ring(sides, turn, inner = 1) {
  const n = inner === 1 ? sides : 2 * sides;
  return Array.from({ length: n }, (_, i) => {
    const angle = turn + (2 * Math.PI * i) / n;
    const r = inner !== 1 && i % 2 ? inner : 1;
    return [r * Math.cos(angle), r * Math.sin(angle)];
  });
}

const UP = -Math.PI / 2;
const ARM = 0.36;
const PLUS = [[-ARM, -1], [ARM, -1], [ARM, -ARM], [1, -ARM], [1, ARM], [ARM, ARM], [ARM, 1], [-ARM, 1], [-ARM, ARM], [-1, ARM], [-1, -ARM], [-ARM, -ARM]];
const HALF = Math.SQRT1_2;

const SHAPES = {
  square: [[-0.85, -0.85], [0.85, -0.85], [0.85, 0.85], [-0.85, 0.85]],
  diamond: ring(4, UP).map(([x, y]) => [x * 1.1, y * 1.1]),
  "triangle-up": ring(3, UP).map(([x, y]) => [x * 1.15, y * 1.15]),
  "triangle-down": ring(3, -UP).map(([x, y]) => [x * 1.15, y * 1.15]),
  plus: PLUS,
  cross: PLUS.map(([x, y]) => [(x - y) * HALF, (x + y) * HALF]),
  star: ring(5, UP, 0.45).map(([x, y]) => [x * 1.2, y * 1.2]),
  hexagon: ring(6, UP),
  pentagon: ring(5, UP),
  bowtie: [[-1, -0.85], [0, -0.1], [1, -0.85], [1, 0.85], [0, 0.1], [-1, 0.85]],
  hourglass: [[-0.85, -1], [0.85, -1], [0.1, 0], [0.85, 1], [-0.85, 1], [-0.1, 0]],
};

export function tracePath(ctx, marker, x, y, r) {
  ctx.beginPath();
  const shape = SHAPES[marker];
  if (!shape) ctx.arc(x, y, r * 0.92, 0, 2 * Math.PI);
  else shape.forEach(([u, v], i) => (i ? ctx.lineTo(x + r * u, y + r * v) : ctx.moveTo(x + r * u, y + r * v)));
  ctx.closePath();
}

export function drawMarker(ctx, marker, x, y, r, fill, theme) {
  tracePath(ctx, marker, x, y, r);
  ctx.lineJoin = "round";
  ctx.strokeStyle = theme.halo;
  ctx.lineWidth = 4.5;
  ctx.stroke();
  ctx.fillStyle = fill;
  ctx.fill();
  ctx.strokeStyle = theme.dark ? "rgba(255,255,255,0.85)" : "rgba(20,25,30,0.85)";
  ctx.lineWidth = 1;
  ctx.stroke();
}

const POINTS = { minimum: "star", lowest: "star", edge: "star", maximum: "triangle-up", mark: "hexagon" };
export const MOST_SOLID = 12; // local minima in 3-D; more would bury the surface and the paths

/** The goal stands out; a hundred hollows beside it must not bury the landscape, and a valley's minima are dots of one line. */
export const sizeOf = (kind) => ({ minimum: 0.68, valley: 0.36 })[kind] ?? 1;

/** A place on the ground: lowest minimum, or the frame's lowest point where it is none = filled star, minimum = hollow star, one of a valley's minima = dot, saddle = x, maximum = hollow
 * triangle, what has a name of its own = hollow hexagon. */
export function drawPoint(ctx, kind, x, y, r, theme) {
  ctx.lineJoin = ctx.lineCap = "round";
  if (kind === "saddle") {
    ctx.beginPath();
    for (const s of [-1, 1]) {
      ctx.moveTo(x - r * 0.75, y - s * r * 0.75);
      ctx.lineTo(x + r * 0.75, y + s * r * 0.75);
    }
  } else tracePath(ctx, POINTS[kind], x, y, r);
  ctx.strokeStyle = theme.halo;
  ctx.lineWidth = kind === "minimum" || kind === "valley" ? 3.6 : 5;
  ctx.stroke();
  if (kind !== "saddle") {
    ctx.fillStyle = ["lowest", "edge", "valley"].includes(kind) ? theme.text : theme.background;
    ctx.fill();
  }
  ctx.strokeStyle = theme.text;
  ctx.lineWidth = kind === "minimum" ? 1.4 : 1.8;
  ctx.stroke();
}

/** Somewhere over there: an arrow at the edge of a frame. */
export function drawArrow(ctx, { x, y, angle }, color, theme) {
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

/** The same shapes for HTML: an SVG of `size` pixels. */
export function markerSvg(marker, color, size = 16) {
  const shape = SHAPES[marker];
  const body = shape
    ? `<polygon points="${shape.map(([x, y]) => `${(x * 6).toFixed(2)},${(y * 6).toFixed(2)}`).join(" ")}"`
    : '<circle r="5.5"';
  return `<svg class="rv-mark" width="${size}" height="${size}" viewBox="-8 -8 16 16" aria-hidden="true">${body} fill="${color}" stroke="currentColor" stroke-width="0.8" stroke-linejoin="round"/></svg>`;
}
