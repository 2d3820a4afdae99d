// Level sets of quadratics in the plane: ellipses, and hyperbolas where the curvatures have opposite signs.

const CORNERS = 96;

/** Eigenvalues of the symmetric matrix [a, b; b, c] and the unit vector of the first. */
export function eigen(a, b, c) {
  const mean = (a + c) / 2;
  const spread = Math.hypot((a - c) / 2, b);
  const angle = 0.5 * Math.atan2(2 * b, a - c);
  return { values: [mean + spread, mean - spread], u: [Math.cos(angle), Math.sin(angle)] };
}

/** The points p with (p - centre)' A (p - centre) = level, as lines [x, y, ...]; `reach` ends a hyperbola's branches. */
export function levelSet([cx, cy], [a, b, c], level, reach) {
  const { values: [first, second], u: [ux, uy] } = eigen(a, b, c);
  const p = level / first;
  const q = level / second;
  const at = (s, t) => [cx + s * ux - t * uy, cy + s * uy + t * ux];
  if (p > 0 && q > 0) return [trace(0, 2 * Math.PI, (w) => at(Math.sqrt(p) * Math.cos(w), Math.sqrt(q) * Math.sin(w)))];
  if (!(p > 0 || q > 0) || !Number.isFinite(p) || !Number.isFinite(q)) return [];
  const [along, across] = p > 0 ? [Math.sqrt(p), Math.sqrt(-q)] : [Math.sqrt(q), Math.sqrt(-p)];
  const end = Math.asinh(reach / Math.min(along, across));
  return [1, -1].map((side) =>
    trace(-end, end, (w) => (p > 0 ? at(side * along * Math.cosh(w), across * Math.sinh(w)) : at(across * Math.sinh(w), side * along * Math.cosh(w)))));
}

function trace(from, to, point) {
  return Array.from({ length: CORNERS + 1 }, (_, i) => point(from + ((to - from) * i) / CORNERS)).flat();
}

export function energy([cx, cy], [a, b, c], x, y) {
  const dx = x - cx;
  const dy = y - cy;
  return a * dx * dx + 2 * b * dx * dy + c * dy * dy;
}
