// Where a tick is on the curves' horizontal axis: ticks for all alike, or the samples that each racer has seen by then.

import { clockTicks } from "./axis.js";
import { logTicks, tickTexts } from "./ticks.js";

export const TICKS = "tick (evaluations of the loss)";

/** {at: (racer, tick) -> 0..1, tick: 0..1 -> tick, marks(most): [{at, text}], title, alike: whether a tick is at one place for all}. */
export function clockAxis(racers, steps, { axis, pace, clock }) {
  const batches = racers.map((racer) => racer.batch);
  if (axis !== "samples" || !steps || !batches.length || !batches.every(Boolean)) return ticks(steps, pace, clock);
  const [few, many] = [Math.min(...batches), Math.max(...batches)];
  return few === many ? { ...ticks(steps, { each: few, all: few * steps }), title: `samples seen, ${few} a tick` } : samples(steps, few, many);
}

function ticks(steps, pace, clock) {
  const at = (_, tick) => (steps ? tick / steps : 0);
  const marks = (most) => clockTicks(pace?.all ?? steps, most).map((t) => ({ at: at(null, t / (pace?.each ?? 1)), text: String(t) }));
  return { at, tick: (share) => share * steps, marks, title: clock ?? TICKS, alike: true };
}

/** Racers whose ticks differ in samples by orders of magnitude: a logarithm, on which the start stands at the left edge. */
function samples(steps, few, many) {
  const [lo, hi] = [Math.log10(few), Math.log10(many * steps)];
  const to = (seen) => Math.max(0, (Math.log10(Math.max(seen, few)) - lo) / (hi - lo));
  const marks = () => {
    const values = logTicks(few, many * steps);
    const texts = tickTexts(values);
    return values.map((value, i) => ({ at: to(value), text: texts[i] }));
  };
  return {
    at: (racer, tick) => to(tick * racer.batch), tick: (share) => 10 ** (lo + share * (hi - lo)) / many, marks,
    title: "samples seen (each racer's own count; the start at the left edge)", alike: false,
  };
}
