// Where notes stand beside their marks.

const LINE = 17; // pixels that a note is high
const GOAL = 9; // and that a star reaches round its centre

/**
 * A place beside each mark, to its right or left, moved along so that notes overlap neither each other nor goals and stay in the frame:
 * [{note, x, y, width, mark: the height of its arrow}]. notes: {x, y, words}; goals: [x, y] in pixels; extra: what stands before the words.
 */
export function placed(ctx, notes, frame, extra, goals) {
  const taken = [];
  const stars = goals.map(([x, y]) => ({ x: x - GOAL, width: 2 * GOAL, y, half: GOAL }));
  for (const note of notes) {
    const width = ctx.measureText(note.words).width + extra;
    const places = [...candidates(note, frame, width)];
    const apart = ({ x, y }) => (other) => Math.abs(other.y - y) >= LINE / 2 + other.half || other.x > x + width + 6 || x > other.x + other.width + 6;
    const free = (others) => places.find((place) => others.every(apart(place)));
    taken.push({ note, width, half: LINE / 2, ...(free([...taken, ...stars]) ?? free(taken) ?? places[0]) });
  }
  return taken;
}

/** The nearest first. */
function* candidates({ x, y }, frame, width) {
  const top = frame.top + LINE / 2 + 2;
  const bottom = frame.top + frame.height - LINE / 2 - 2;
  const [least, most] = [frame.left + 4, frame.left + frame.width - 2 - width];
  const sides = [x + 14, x - 14 - width].filter((at) => at >= least && at <= most);
  const wanted = Math.min(bottom, Math.max(top, y));
  for (let k = 0; k < 80; k++) {
    const away = (k % 2 ? 1 : -1) * Math.ceil(k / 2) * (LINE / 2);
    const at = wanted + away;
    if (k && (at < top || at > bottom)) continue;
    for (const side of sides) yield { x: side, y: at, mark: at };
    if (!sides.length && Math.abs(at - y) > LINE) yield { x: Math.max(least, Math.min(most, x - width / 2)), y: at, mark: y }; // above or below it
  }
}
