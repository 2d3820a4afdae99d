// Hover: which racer is under the pointer, at which tick, with what numbers.

import { number, point } from "./format.js";
import { reachOf } from "./frame.js";

const NEAR = 11; // pixels

/** The vertex nearest to the pointer: {racer, tick} or null. Ticks up to the cursor win over the faint future. */
export function nearest(racers, x, y, cursor) {
  let best = null;
  let least = NEAR * NEAR;
  for (const racer of racers) {
    const px = racer.pixels;
    if (!px) continue;
    for (let t = 0; t <= racer.last; t++) {
      const d = (px[2 * t] - x) ** 2 + (px[2 * t + 1] - y) ** 2 + (t > cursor ? 16 : 0);
      if (d < least) {
        least = d;
        best = { racer, tick: t };
      }
    }
  }
  return best;
}

export function describe({ racer, tick }) {
  return [
    `${racer.name}, ${racer.when(tick)}`,
    `at ${point(racer.path[2 * tick], racer.path[2 * tick + 1], racer.reach)}`,
    `${racer.quantity} ${number(racer.loss[tick])}, |g| ${number(racer.gradient[tick])}`,
  ];
}

/** Which stationary point is under the pointer, in words. */
export function stationaryAt(surface, pixel, x, y) {
  for (const p of surface.points) {
    const [px, py] = pixel(p.x, p.y);
    const kind = { lowest: "minimum", valley: "minimum", edge: "no minimum" }[p.kind] ?? p.kind;
    if (Math.hypot(px - x, py - y) < NEAR) return [p.label || kind, `${kind} at ${point(p.x, p.y, reachOf(surface))}`, `${surface.quantity} ${number(p.z)}`];
  }
  return null;
}

export function showTip(tip, box, lines, x, y) {
  if (!lines) {
    tip.hidden = true;
    return;
  }
  tip.replaceChildren(...lines.map((text) => Object.assign(document.createElement("div"), { textContent: text })));
  tip.hidden = false;
  const left = x + 16 + tip.offsetWidth > box.clientWidth ? x - 16 - tip.offsetWidth : x + 16;
  tip.style.left = `${Math.max(0, left)}px`;
  tip.style.top = `${Math.max(0, Math.min(box.clientHeight - tip.offsetHeight, y + 14))}px`;
}
