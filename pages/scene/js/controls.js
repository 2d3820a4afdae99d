// What the buttons and boxes of the scene show, and which of them there are.

import { isMinimum } from "./decode.js";
import { pick } from "./shell.js";

export function showControls({ parts, view, surface, race, root, solid, webgl }) {
  parts.name.textContent = parts.name.title = surface.name || "Plane"; // the title says it whole where there is no room
  pick(parts.levels, view.levels ?? surface.levels);
  pick(parts.curve, view.curve);
  pick(parts.curveLog, view.curve_log ? "log" : "linear");
  pick(parts.axis, view.axis);
  parts.axis.hidden = !race.racers.some((racer) => racer.batch);
  parts.queries.checked = view.queries;
  parts.inside.checked = view.inside ?? Boolean(race.inside);
  parts.insideLine.hidden = !parts.inside.checked;
  root.classList.toggle("rv-seen", parts.inside.checked);
  parts.surface.checked = view.surface;
  parts.upright.hidden = !solid;
  parts.sorry.hidden = webgl || !view.surface;
  parts.surfaceBox.hidden = !solid;
  root.classList.toggle("rv-flat", !view.surface || surface.bare);
  root.classList.toggle("rv-bare", surface.bare);
  const measurable = surface.points.some(isMinimum);
  const distance = parts.curve.querySelector('[data-value="distance"]');
  distance.disabled = !measurable;
  distance.title = measurable ? "" : "No minimum of this landscape is known";
}
