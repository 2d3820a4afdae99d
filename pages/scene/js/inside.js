// What one racer holds inside, at the cursor: shapes round it as lines in the landscape's coordinates, and one line in words.

import { eigen, energy, levelSet } from "./conic.js";
import { floats } from "./decode.js";
import { arrow, number } from "./format.js";

const ARROW_PX = 80; // the longest arrow's length
const ARROW_POWER = 0.3; // steps shrink by orders of magnitude: a ten times shorter arrow is drawn half as long
const ELLIPSE_SHARE = 0.18; // of the frame: the longest half-axis of the matrices' ellipses, in their geometric mean
const ELLIPSE_MOST = 0.6; // and at most
const RINGS = [1, 0.45, 0.12]; // levels of a quadratic model, as shares of what the iterate is above its centre
const NARROWEST = 7; // pixels: a ring with a shorter half-axis would be a blot
const TRUE_SIZE = ["circle", "polygon", "ellipse", "model"];
const DRAWN = ["arrow", "point", ...TRUE_SIZE];

export class Inside {
  constructor() {
    this.read(null, []);
  }

  /** The message's `inside`, or null; of the racers the one that it is about. */
  read(entry, racers) {
    this.racer = (entry && racers.find((racer) => racer.id === entry.racer)) || null;
    this.ends = this.racer && Number.isInteger(entry.ends) ? entry.ends : Infinity; // what follows is rounding
    this.says = this.racer ? entry.says : [];
    this.parts = this.racer ? entry.parts.map((part) => ({ ...part, data: floats(part.data) })) : [];
    this.byKey = new Map(this.parts.map((part) => [part.key, part]));
    this.shapes = this.parts.filter((part) => DRAWN.includes(part.form));
    this.longest = null;
  }

  /** Notes how long arrows are. Where there are no shapes of true size beside them, short ones will be magnified. */
  layout({ scaleX, scaleY, frame }) {
    this.frame = { ...frame, scaleX, scaleY };
    this.reach = 3 * Math.max(frame.x[1] - frame.x[0], frame.y[1] - frame.y[0]);
    this.arrows = this.shapes.filter((part) => part.form === "arrow");
    this.longest = null;
    if (!this.arrows.length || this.shapes.some((part) => TRUE_SIZE.includes(part.form))) return;
    const lengths = [];
    for (let t = 0; t < this.arrows[0].data.length / 4; t++) lengths.push(this.length(t));
    this.longest = Math.max(0, ...lengths.filter((length) => length < frame.width)); // without the leaps of a divergence
  }

  /** Of the longest arrow at a tick, in pixels. */
  length(tick) {
    const { scaleX, scaleY } = this.frame;
    return Math.max(...this.arrows.map(({ data }) => Math.hypot(data[4 * tick + 2] * scaleX, data[4 * tick + 3] * scaleY)));
  }

  /** How much arrows and points are magnified round the racer at a tick: all by the same, so that what adds up still does. */
  magnified(tick) {
    const length = this.longest ? this.length(tick) : 0;
    return length > 0 ? Math.max(1, (ARROW_PX / length) * (length / this.longest) ** ARROW_POWER) : 1;
  }

  row(part, tick) {
    const t = part.data.length === part.width ? 0 : tick; // the same at every tick
    return part.data.subarray(part.width * t, part.width * (t + 1));
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
    const factor = this.magnified(tick);
    for (const part of this.shapes) {
      const row = this.row(part, tick);
      if (!row.every(Number.isFinite) || (part.form === "arrow" && tick > this.ends)) continue;
      const lines = SHAPERS[part.form](row, { inside: this, home, at: [home[0], home[1]], scale, factor, loss: racer.loss[tick] });
      for (const line of lines) out.push({ ...line, part });
    }
    return out;
  }

  /** Whether an arrow shows what this racer's gradient does at a tick: another one of it would be one too many. */
  pulls(racer, tick) {
    return racer === this.racer && tick <= this.ends && this.shapes.some((part) => part.form === "arrow" && part.plain && this.row(part, tick).every(Number.isFinite));
  }

  /** One scale for all ellipses of a tick: only their proportions to each other mean something. */
  ellipseScale(tick) {
    const { frame } = this;
    const longest = this.shapes.filter((part) => part.form === "ellipse").map((part) => halfAxis(this.row(part, tick).subarray(2), frame)).filter(Number.isFinite);
    if (!longest.length) return 1;
    const middle = Math.exp(longest.reduce((sum, half) => sum + Math.log(half), 0) / longest.length);
    const size = Math.min(frame.width, frame.height);
    return Math.min((ELLIPSE_SHARE * size) / middle, (ELLIPSE_MOST * size) / Math.max(...longest));
  }

  /** The clauses whose numbers are all there. */
  line(tick) {
    const { racer } = this;
    if (!racer) return "";
    const clauses = this.says.map((clause) => this.filled(clause, tick)).filter(Boolean);
    if (tick > this.ends) return `${racer.name} has been at rest since tick ${this.ends}, but for rounding: step back or play it to see how it moves.`;
    if (tick > 0 && tick === racer.path.length / 2 - 1 && tick === racer.last) clauses.push("the run ends here: step back or play it to see how it moves");
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
    if (!row || row.every((v) => Number.isNaN(v))) return null; // a coordinate alone may have no number yet: a dash
    if (part.form === "word") return part.options[row[0]] ?? null;
    if (part.width === 1) return number(row[0]);
    if (part.options.length) return [...row].map(number).join(` ${part.options[0]} `);
    if (part.form === "corridor") return `${number(row[0])} to ${number(row[1])}`;
    const inPlane = part.form !== "curves"; // moments and the like: the smallest number may be meant
    return arrow(...(part.form === "arrow" ? row.slice(2, 4) : row.slice(0, 2)), inPlane ? this.racer.reach : 0);
  }
}

const SHAPERS = {
  arrow([x, y, dx, dy], { factor, home }) {
    const from = [home[0] + factor * (x - home[0]), home[1] + factor * (y - home[1])];
    return dx || dy ? [{ kind: "arrow", points: [...from, from[0] + factor * dx, from[1] + factor * dy] }] : [];
  },
  point([x, y], { factor, home }) {
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
    const narrow = Math.sqrt(Math.min(...eigen(...matrix).values.map((value) => Math.abs(above / value)))) * inside.frame.scaleX;
    const rings = RINGS.filter((share) => share === 1 || narrow * Math.sqrt(share) > NARROWEST).flatMap((share) =>
      levelSet([x, y], matrix, share * above, inside.reach).map((points) => ({ kind: "line", points, share, height: loss + 0.5 * above * (share - 1) })));
    return [...rings, { kind: "centre", points: [x, y], height: loss - 0.5 * above }];
  },
};

/** The longest half-axis of p' A p = 1, in pixels. */
function halfAxis(matrix, { scaleX, scaleY }) {
  const { values, u } = eigen(...matrix);
  return Math.max(...values.map((value, i) => Math.hypot((i ? -u[1] : u[0]) * scaleX, u[i ? 0 : 1] * scaleY) / Math.sqrt(Math.abs(value))));
}

/** Straight edges in pieces, so that they can follow the ground. */
function divided(corners) {
  const out = [corners[0], corners[1]];
  for (let i = 2; i < corners.length; i += 2)
    for (let k = 1; k <= 12; k++) out.push(corners[i - 2] + ((corners[i] - corners[i - 2]) * k) / 12, corners[i - 1] + ((corners[i + 1] - corners[i - 1]) * k) / 12);
  return out;
}
