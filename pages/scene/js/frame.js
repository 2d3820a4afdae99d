// When a racer is out of sight: since which tick, where on the edge, in which direction.

/** The size of a landscape's frame: its diagonal. */
export const reachOf = ({ x, y }) => Math.hypot(x[1] - x[0], y[1] - y[0]);

/** For each tick: the tick at which the racer last left the landscape, -1 while it is inside. */
export function leftAt(racer, surface) {
  const out = new Int32Array(racer.path.length / 2).fill(-1);
  for (let t = 0; t <= racer.last; t++) {
    const x = racer.path[2 * t];
    const y = racer.path[2 * t + 1];
    const inside = x >= surface.x[0] && x <= surface.x[1] && y >= surface.y[0] && y <= surface.y[1];
    if (!inside) out[t] = t > 0 && out[t - 1] >= 0 ? out[t - 1] : t;
  }
  return out;
}

/** Where the line from the frame's centre to (x, y) in pixels crosses its edge, and the angle; null for a point inside. */
export function edgeOf(frame, x, y, inset) {
  const cx = frame.left + frame.width / 2;
  const cy = frame.top + frame.height / 2;
  const dx = x - cx;
  const dy = y - cy;
  const reach = Math.max(Math.abs(dx) / (frame.width / 2), Math.abs(dy) / (frame.height / 2));
  if (reach <= 1) return null;
  const fx = (frame.width / 2 - inset) / (frame.width / 2);
  return { x: cx + (dx / reach) * fx, y: cy + (dy / reach) * ((frame.height / 2 - inset) / (frame.height / 2)), angle: Math.atan2(dy, dx) };
}

/** The racer's situation at a tick: where to draw it and what to write beside it ("" when it is simply there). */
export function situation(racer, tick) {
  const gone = racer.diverged_at !== null && tick >= racer.diverged_at;
  const at = Math.max(0, Math.min(tick, racer.last));
  const left = racer.left[at];
  const again = left >= 0 && racer.left.findIndex((tick) => tick >= 0) < left; // it had left before, and come back
  const note = gone ? `${racer.fate} at ${racer.over}` : left >= 0 ? `${again ? "last left" : "left"} at ${racer.when(left)}` : "";
  return { at, gone, left, note, x: racer.path[2 * at], y: racer.path[2 * at + 1] };
}
