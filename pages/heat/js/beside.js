// Where a basin's number stands: at its deepest place, or beside the star that lies there, so that both can be read.

const [WIDE, TALL] = [8, 15]; // pixels between a mark's middle and a number's: beyond half the number's width, and up or down
const MANY = 40; // marks and numbers: among fewer, one that has no room within its basin still stands beside its star
const AROUND = [[1, 0], [-1, 0], [0, 1], [0, -1], [1, 1], [-1, 1], [1, -1], [-1, -1]];

/** at: [x, y] in pixels; wide: the number's width; taken: marks and numbers, [x, y] each; within(place): whether it lies in the basin.
 * null where marks stand so densely that no number has room. */
export function beside(at, wide, taken, within) {
  const reach = [WIDE + wide / 2, TALL];
  const free = ([x, y]) => taken.every(([u, v]) => Math.abs(x - u) >= reach[0] || Math.abs(y - v) >= reach[1]);
  if (free(at)) return at;
  const [x, y] = taken.reduce((best, mark) => (far(mark, at) < far(best, at) ? mark : best));
  const around = [1.1, 1.6].flatMap((out) => AROUND.map(([u, v]) => [x + u * out * reach[0], y + v * out * reach[1]])).filter(free);
  return around.find(within) ?? (taken.length < MANY ? (around[0] ?? at) : null);
}

const far = ([x, y], [u, v]) => Math.hypot(x - u, y - v);
