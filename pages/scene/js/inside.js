// What one racer holds inside, at the cursor: shapes round it as lines in the landscape's coordinates, and one line in words.

import { eigen, energy, levelSet } from "./conic.js";
import { floats } from "./decode.js";
import { number, point } from "./format.js";

const ARROW_PX = 64; // a usual arrow's length; shorter ones are all magnified by the same factor
const ELLIPSE_SHARE = 0.2; // of the frame: the longest half-axis of the matrices' ellipses
const RINGS = [1, 0.5, 0.15]; // levels of a quadratic model, as shares of what the iterate is above its centre
const TRUE_SIZE = ["circle", "polygon", "ellipse", "model"];
const DRAWN = ["arrow", "point", ...TRUE_SIZE];

export class Inside {
  constructor() {
    this.read(null, []);
  }

  /** The message's `inside`, or null; of the racers the one that it is about. */
  read(entry, racers) {
    this.racer = (entry && racers.find((racer) => racer.id === entry.racer)) || null;
    this.says = this.racer ? entry.says : [];
    this.parts = this.racer ? entry.parts.map((part) => ({ ...part, data: floats(part.data) })) : [];
    this.byKey = new Map(this.parts.map((part) => [part.key, part]));
    this.shapes = this.parts.filter((part) => DRAWN.includes(part.form));
    this.factor = 1;
  }

  /** How much arrows and points are magnified round the racer, the same at every tick; shapes of true size forbid it. */
  layout({ scaleX, scaleY, frame }) {
    this.frame = { ...frame, scaleX, scaleY };
    this.reach = 3 * Math.max(frame.x[1] - frame.x[0], frame.y[1] - frame.y[0]);
    const arrows = this.shapes.filter((part) => part.form === "arrow");
    this.factor = 1;
    if (!arrows.length || this.shapes.some((part) => TRUE_SIZE.includes(part.form))) return;
    const lengths = [];
    for (let t = 0; t < arrows[0].data.length / 4; t++) {
      const longest = Math.max(...arrows.map(({ data }) => Math.hypot(data[4 * t + 2] * scaleX, data[4 * t + 3] * scaleY)));
      if (Number.isFinite(longest)) lengths.push(longest);
    }
    lengths.sort((a, b) => a - b);
    const usual = lengths[Math.floor(0.85 * (lengths.length - 1))];
    const wanted = ARROW_PX / usual;
    if (!(wanted > 1) || !Number.isFinite(wanted)) return;
    const power = 10 ** Math.floor(Math.log10(wanted));
    this.factor = power * (wanted / power >= 5 ? 5 : wanted / power >= 2 ? 2 : 1);
  }

  row(part, tick) {
    return part.data.subarray(part.width * tick, part.width * (tick + 1));
  }

  /** [{points: x, y interleaved, part, kind, level}] of the picture at a tick. kind: line, closed, arrow, point, centre. */
  lines(tick) {
    const { racer } = this;
    if (!racer || tick > racer.last) return [];
    const at = [racer.path[2 * tick], racer.path[2 * tick + 1]];
    const first = this.shapes.find((part) => part.form === "arrow");
    const home = first && Number.isFinite(this.row(first, tick)[0]) ? this.row(first, tick) : at; // under Lookahead the path is not its own
    const out = [];
    const scale = this.ellipseScale(tick);
    for (const part of this.shapes) {
      const row = this.row(part, tick);
      if (!row.every(Number.isFinite)) continue;
      const lines = SHAPERS[part.form](row, { inside: this, home, at: [home[0], home[1]], scale, loss: racer.loss[tick] });
      for (const line of lines) out.push({ ...line, part });
    }
    return out;
  }

  /** One scale for all ellipses of a tick: only their proportions to each other mean something. */
  ellipseScale(tick) {
    const { frame } = this;
    let longest = 0;
    for (const part of this.shapes) {
      if (part.form !== "ellipse") continue;
      const { values, u } = eigen(...this.row(part, tick).subarray(2));
      values.forEach((value, i) => {
        const [x, y] = i ? [-u[1], u[0]] : u;
        const half = Math.hypot(x * frame.scaleX, y * frame.scaleY) / Math.sqrt(Math.abs(value));
        if (Number.isFinite(half)) longest = Math.max(longest, half);
      });
    }
    return longest ? (ELLIPSE_SHARE * Math.min(frame.width, frame.height)) / longest : 1;
  }

  /** The clauses whose numbers are all there. */
  line(tick) {
    const { racer } = this;
    if (!racer) return "";
    const clauses = this.says.map((clause) => this.filled(clause, tick)).filter(Boolean);
    if (clauses.length) return `${racer.name}: ${clauses.join("; ")}.`;
    return tick > racer.last ? `${racer.name} has diverged.` : tick === 0 ? `${racer.name} holds nothing yet.` : "";
  }

  filled(clause, tick) {
    let whole = true;
    const text = clause.replace(/\{(\w+)\}/g, (_, key) => {
      const words = this.words(this.byKey.get(key), tick);
      whole &&= words !== null;
      return words;
    });
    return whole ? text : null;
  }

  words(part, tick) {
    const row = part && this.row(part, tick);
    if (!row || !row.length || !row.every((v) => !Number.isNaN(v))) return null;
    if (part.form === "word") return part.options[row[0]] ?? null;
    if (part.width === 1) return number(row[0]);
    return part.form === "arrow" ? point(row[2], row[3]) : part.form === "corridor" ? `${number(row[0])} to ${number(row[1])}` : point(row[0], row[1]);
  }
}

const SHAPERS = {
  arrow([x, y, dx, dy], { inside: { factor }, home }) {
    const from = [home[0] + factor * (x - home[0]), home[1] + factor * (y - home[1])];
    return dx || dy ? [{ kind: "arrow", points: [...from, from[0] + factor * dx, from[1] + factor * dy] }] : [];
  },
  point([x, y], { inside: { factor }, home }) {
    return [{ kind: "point", points: [home[0] + factor * (x - home[0]), home[1] + factor * (y - home[1])] }];
  },
  circle([x, y, r]) {
    return levelSet([x, y], [1, 0, 1], r * r, 0).map((points) => ({ kind: "closed", points }));
  },
  polygon(row) {
    const corners = [...row, row[0], row[1]];
    return [{ kind: "closed", points: divided(corners) }];
  },
  ellipse([x, y, ...matrix], { inside, scale }) {
    const signs = eigen(...matrix).values;
    const levels = signs[0] > 0 && signs[1] < 0 ? [1, -1] : [signs[0] > 0 ? 1 : -1];
    return levels.flatMap((level) => levelSet([x, y], matrix, level * scale * scale, inside.reach)).map((points) => ({ kind: "line", points }));
  },
  model([x, y, ...matrix], { inside, at, loss }) {
    const above = energy([x, y], matrix, ...at);
    if (!above) return [];
    const rings = RINGS.flatMap((share) =>
      levelSet([x, y], matrix, share * above, inside.reach).map((points) => ({ kind: "line", points, share, height: loss + 0.5 * above * (share - 1) })));
    return [...rings, { kind: "centre", points: [x, y], height: loss - 0.5 * above }];
  },
};

/** Straight edges in pieces, so that they can follow the ground. */
function divided(corners) {
  const out = [corners[0], corners[1]];
  for (let i = 2; i < corners.length; i += 2)
    for (let k = 1; k <= 12; k++) out.push(corners[i - 2] + ((corners[i] - corners[i - 2]) * k) / 12, corners[i - 1] + ((corners[i + 1] - corners[i - 1]) * k) / 12);
  return out;
}
