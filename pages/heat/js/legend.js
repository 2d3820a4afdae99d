// The key: what the colours mean, and what the patterns do.

import { number } from "../../scene/js/format.js";
import { swatch } from "./patterns.js";
import { basinColor, KINDS, rampCss, STATE_WORDS } from "./tints.js";

const LETTERS = [["L", "largest curvature at the minimum"], ["β", "momentum"], ["τ", "dampening"]]; // in the formulas of stability edges

export function showLegend(element, data, states, theme) {
  const { scale } = data;
  const parts = [];
  if (scale.kind === "status") {
    parts.push(labelled(swatch(KINDS.arrived, theme), "arrived: within the tolerance of the lowest loss"));
    parts.push(labelled(swatch(KINDS.resting, theme), "at rest elsewhere"), labelled(swatch(KINDS.waiting, theme), "still on its way"));
  } else parts.push(bar(scale));
  for (const name of states) if (!(name === "waiting" && scale.kind === "status")) parts.push(labelled(swatch(name, theme), STATE_WORDS[name]));
  const formulas = data.maps.flatMap((map) => map.curves.map((curve) => curve.label)).join();
  const letters = LETTERS.filter(([letter]) => formulas.includes(letter)).map(([letter, word]) => `${letter} is the ${word}`);
  if (formulas) parts.push(labelled(dashes(), `stability edge; ${letters.join(", ")}`));
  if (data.maps.some((map) => map.own)) parts.push(labelled("", data.kind === "basins" ? "marker: the race's start" : "marker: the racer's own values"));
  element.replaceChildren(...parts);
}

function labelled(picture, text) {
  const span = document.createElement("span");
  span.className = "hm-entry";
  span.append(picture, text);
  return span;
}

function dashes() {
  const line = document.createElement("i");
  line.className = "hm-dashes";
  return line;
}

function bar(scale) {
  const holder = document.createElement("div");
  holder.className = "rv-scale";
  const ramp = document.createElement("div");
  ramp.className = "rv-ramp";
  ramp.style.background = scale.kind === "basins" ? "linear-gradient(to left, #1c3342, #56b4e9)" : rampCss();
  for (const k of barTicks(scale)) {
    const label = document.createElement("span");
    label.textContent = number(Number((10 ** k).toPrecision(3)));
    label.style.left = `${(100 * (k - scale.lo)) / (scale.hi - scale.lo)}%`;
    ramp.append(label);
  }
  const title = document.createElement("span");
  title.textContent = scale.title;
  if (scale.note) title.title = scale.note;
  holder.append(title, ramp);
  return holder;
}

/** Powers of ten; between them 2 and 5 where there are few. */
function barTicks({ lo, hi }) {
  const leads = hi - lo < 2.2 ? [1, 2, 5] : [1];
  const stride = Math.max(1, Math.ceil((hi - lo) / 5));
  const out = [];
  for (let k = Math.floor(lo); k <= hi; k += stride) for (const lead of leads) out.push(k + Math.log10(lead));
  return out.filter((k) => k >= lo - 1e-9 && k <= hi + 1e-9);
}

/** Each minimum's share of the frame, a column an optimizer. */
export function showAreas(table, data) {
  table.hidden = !data.areas;
  if (!data.areas) return;
  const head = row("th", ["Area of each basin", ...data.maps.map((map) => map.label)]);
  const body = data.areas.map((area) => {
    const line = row("td", [area.label, ...area.shares.map((share) => `${(100 * share).toFixed(1)} %`)]);
    if (area.basin !== null) {
      const chip = document.createElement("i");
      chip.className = "hm-chip";
      chip.style.background = basinColor(area.basin);
      line.firstChild.prepend(chip);
    }
    return line;
  });
  const thead = document.createElement("thead");
  const tbody = document.createElement("tbody");
  thead.append(head);
  tbody.append(...body);
  table.replaceChildren(thead, tbody);
}

function row(kind, cells) {
  const line = document.createElement("tr");
  cells.forEach((text, i) => {
    const cell = document.createElement(i === 0 || kind === "th" ? "th" : "td");
    cell.scope = kind === "th" ? "col" : "row";
    if (cell.tagName === "TD") cell.removeAttribute("scope");
    cell.textContent = text;
    line.append(cell);
  });
  return line;
}
