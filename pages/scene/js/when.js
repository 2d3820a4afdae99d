// What the clock counts, in words: ticks, or, where several evaluations make a tick, these.

/** The count at a tick: race.pace is {each: evaluations a tick, all: at the end}, or null where a tick is one. */
export const count = ({ pace }, tick) => (pace ? Math.min(tick * pace.each, pace.all) : tick);

/** "tick 5", "evaluation 40". */
export const when = (race, tick) => `${race.pace ? "evaluation" : "tick"} ${count(race, tick)}`;
