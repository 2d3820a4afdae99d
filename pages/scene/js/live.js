// One line in words about what is happening at the cursor, from nothing but the numbers of the run.

import { apartWords } from "./companions.js";
import { capital, listed, number, point } from "./format.js";
import { clippingWords } from "./slopes.js";
import { when } from "./when.js";

const LOOK_BACK = 12;

export function liveLine(racers, tick, race) {
  if (!racers.length) return "No racers on the track: add one to start.";
  const start = point(race.start[0], race.start[1], racers[0].reach);
  if (tick === 0) return `${capital(when(race, 0))}: ${racers.length === 1 ? racers[0].name + " starts" : `all ${racers.length} start`} at ${start}, ${racers[0].quantity} ${number(racers[0].loss[0])}.`;
  const running = racers.filter((r) => !(r.diverged_at !== null && tick >= r.diverged_at) && Number.isFinite(r.loss[tick]));
  const ahead = foremost(running, tick);
  const parts = ahead.length ? [leading(ahead, racers.length, tick)] : [];
  const groups = new Map();
  for (const racer of [...racers].sort((a, b) => rank(a, tick) - rank(b, tick))) {
    if (ahead.includes(racer)) continue;
    const words = doing(racer, tick);
    groups.set(words, [...(groups.get(words) ?? []), racer.name]);
  }
  for (const [words, names] of groups) parts.push(`${counted(names, racers.length)} ${names.length > 1 ? words.many : words.one}`);
  const lowest = lowestOf(running, tick);
  if (ahead.length && arrived(ahead[0], tick) && !lowest.some((r) => ahead.includes(r))) parts.push(`lowest by now ${counted(lowest.map((r) => r.name), racers.length)} (${number(lowest[0].loss[tick])})`);
  const drawn = race.seeds > 1 ? `, seed ${race.seed} of ${race.seeds}` : "";
  const after = `${drawn && medians(racers, tick)}${clippingWords(racers.find((r) => r.selected), tick)}${apartWords(racers.find((r) => r.selected), tick, race.other)}${race.remark ? ` ${race.remark}` : ""}`;
  return `${capital(when(race, tick))}${drawn}: ${parts.join("; ")}.${after}`;
}

/** Names, or of many among a crowd their count. */
const counted = (names, among) => (among > 6 && names.length > 1 ? String(names.length) : listed(names));

/** Who is named before whom: by loss, the diverged last. */
const rank = (racer, tick) => (Number.isFinite(racer.loss[tick]) ? racer.loss[tick] : Number.MAX_VALUE);

const arrived = (racer, tick) => racer.reached !== null && tick >= racer.reached;

/** Whoever arrived first, by evaluations; while nobody has, the racer with the lowest loss, or all whose losses read the same. */
function foremost(running, tick) {
  const there = running.filter((r) => arrived(r, tick));
  if (there.length) {
    const first = Math.min(...there.map((r) => r.reached));
    return there.filter((r) => r.reached === first);
  }
  return lowestOf(running, tick);
}

function lowestOf(running, tick) {
  const least = running.reduce((best, r) => Math.min(best, r.loss[tick]), Infinity);
  return running.filter((r) => number(r.loss[tick]) === number(least));
}

function leading(ahead, among, tick) {
  const [racer] = ahead;
  const loss = `${racer.quantity} ${number(racer.loss[tick])}`;
  if (arrived(racer, tick)) {
    const names = counted(ahead.map((r) => r.name), among);
    const each = new Set(ahead.map((r) => number(r.loss[tick]))).size > 1 ? "" : ` (${loss})`;
    if (racer.reached === tick) return `${names} ${ahead.length > 1 ? "are" : "is"} within the tolerance now${each}`;
    return `${names} ${ahead.length > 1 ? "have" : "has"} been within the tolerance since ${racer.when ? racer.when(racer.reached) : `tick ${racer.reached}`}${each}`;
  }
  const away = ahead.filter((r) => r.left[Math.min(tick, r.last)] >= 0).map((r) => r.name);
  const outside = away.length === ahead.length ? ", outside the frame" : away.length ? `, ${counted(away, among)} outside the frame` : "";
  if (ahead.length > 1) return `${counted(ahead.map((r) => r.name), among)} are level at ${loss}${outside}`;
  return among > 1 ? `${racer.name} leads (${loss}${outside})` : `${racer.name} is at ${loss}${outside}`;
}

/** Over all seeds: whose median is lowest. One seed's leader may be another's last. */
function medians(racers, tick) {
  const found = racers.filter((r) => r.band && Number.isFinite(r.band[1][tick])).map((r) => ({ name: r.name, text: number(r.band[1][tick]), value: r.band[1][tick] }));
  if (!found.length) return "";
  const best = found.reduce((a, b) => (b.value < a.value ? b : a));
  if (racers.length === 1) return ` Median of all seeds: ${best.text}.`;
  const names = found.filter((one) => one.text === best.text).map((one) => one.name);
  return ` Median of all seeds: lowest for ${counted(names, racers.length)} (${best.text}).`;
}

const WORDS = {
  reaches: { one: "comes within the tolerance now", many: "come within the tolerance now" },
  reached: { one: "has arrived too", many: "have arrived too" },
  left: { one: "is outside the frame", many: "are outside the frame" },
  zigzag: { one: "zig-zags", many: "zig-zag" },
  rising: { one: "climbs", many: "climb" }, // its loss does: whether it shot past something is not known here
  stalled: { one: "hardly moves", many: "hardly move" },
  behind: { one: "follows", many: "follow" },
};
const OVER = new Map(); // one object per phrase, so that racers with the same fate share a phrase

/** What it does at the tick. Of a shadow on a plane through weight space nothing is said that only the whole path could tell. */
function doing(racer, tick) {
  if (racer.diverged_at !== null && tick >= racer.diverged_at) return over(`${racer.fate} at ${racer.over}`);
  if (arrived(racer, tick)) return racer.reached === tick ? WORDS.reaches : WORDS.reached;
  if (racer.left[Math.min(tick, racer.last)] >= 0) return WORDS.left;
  const from = Math.max(0, tick - LOOK_BACK);
  if (!racer.shadow && turns(racer.path, from, tick) >= 0.5) return WORDS.zigzag;
  const before = racer.loss[Math.max(0, tick - 3)];
  if (racer.loss[tick] - before > 1e-3 * Math.abs(before) + 1e-12) return WORDS.rising; // a loss may be negative
  const travelled = Math.hypot(racer.path[2 * tick] - racer.path[2 * from], racer.path[2 * tick + 1] - racer.path[2 * from + 1]);
  if (!racer.shadow && tick > LOOK_BACK && travelled < racer.reach * 0.004) return WORDS.stalled;
  return WORDS.behind;
}

function over(phrase) {
  if (!OVER.has(phrase)) OVER.set(phrase, { one: phrase, many: phrase });
  return OVER.get(phrase);
}

/** The share of steps that turn back on the one before. */
function turns(path, from, to) {
  let back = 0;
  let all = 0;
  for (let t = from + 2; t <= to; t++) {
    const ax = path[2 * t - 2] - path[2 * t - 4];
    const ay = path[2 * t - 1] - path[2 * t - 3];
    const bx = path[2 * t] - path[2 * t - 2];
    const by = path[2 * t + 1] - path[2 * t - 1];
    all += 1;
    if (ax * bx + ay * by < 0) back += 1;
  }
  return all > 2 ? back / all : 0;
}
