// The key: what the colours mean, and what the patterns do.

import { number } from "../../scene/js/format.js";
import { logTicks } from "../../scene/js/ticks.js";
import { swatch } from "./patterns.js";
import { barColors, basinColor, KINDS, STATE_WORDS } from "./tints.js";

const LETTERS = [["L", "largest curvature at the minimum"], ["β", "momentum"], ["τ", "dampening"]]; // in the formulas of stability edges

export function showLegend(element, data, states, theme) {
  const entries = keyEntries(data, states, theme).map(({ picture, text }) => labelled(picture, text));
  element.replaceChildren(...(hasBar(data) ? [bar(data.scale)] : []), ...entries);
}

/** Whether colours are numbers. */
export const hasBar = ({ scale }) => scale.kind !== "status";

/** What the key explains besides its bar: [{picture: a swatch, dashes or nothing, text}]. */
export function keyEntries(data, states, theme) {
  const status = !hasBar(data);
  const entries = [];
  if (status) {
    entries.push({ picture: swatch(KINDS.arrived, theme), text: "arrived: within the tolerance of the lowest loss" });
    entries.push({ picture: swatch(KINDS.resting, theme), text: "at rest elsewhere" }, { picture: swatch(KINDS.waiting, theme), text: "still on its way" });
  }
  for (const name of states) if (!(name === "waiting" && status)) entries.push({ picture: swatch(name, theme), text: STATE_WORDS[name] });
  const formulas = data.maps.flatMap((map) => map.curves.map((curve) => curve.label)).join();
  const letters = LETTERS.filter(([letter]) => formulas.includes(letter)).map(([letter, word]) => `${letter} is the ${word}`);
  const exact = data.maps.every((map) => map.curves.every((curve) => curve.exact));
  const where = exact ? "stability edge" : "stability edge at the lowest minimum, runs elsewhere may differ";
  if (formulas) entries.push({ picture: dashes(), text: `${where}; ${letters.join(", ")}` });
  if (data.maps.some((map) => map.own)) entries.push({ picture: "", text: data.kind === "basins" ? "marker: the race's start" : "marker: the racer's own values" });
  return entries;
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
  ramp.style.background = `linear-gradient(to right, ${barColors(scale).join(",")})`;
  for (const { at, text } of barTicks(scale)) {
    const label = document.createElement("span");
    label.textContent = text;
    label.style.left = `${100 * at}%`;
    ramp.append(label);
  }
  const title = document.createElement("span");
  title.textContent = scale.title;
  if (scale.note) title.title = scale.note;
  holder.append(title, ramp);
  return holder;
}

/** Powers of ten; between them 2 and 5 where there are few, even steps where these are few, too: [{at: 0..1 along the bar, text}]. */
export function barTicks({ lo, hi }) {
  if (hi - lo < 1) return logTicks(10 ** lo, 10 ** hi).map((value) => ({ at: (Math.log10(value) - lo) / (hi - lo), text: number(value) }));
  const leads = hi - lo < 2.2 ? [1, 2, 5] : [1];
  const stride = Math.max(1, Math.ceil((hi - lo) / 5));
  const out = [];
  for (let k = Math.floor(lo); k <= hi; k += stride) for (const lead of leads) out.push(k + Math.log10(lead));
  return out.filter((k) => k >= lo - 1e-9 && k <= hi + 1e-9).map((k) => ({ at: (k - lo) / (hi - lo), text: number(Number((10 ** k).toPrecision(3))) }));
}

/** Each minimum's share of the frame, a column an optimizer. */
export function showAreas(table, data) {
  table.hidden = table.parentElement.hidden = !data.areas; // what is empty is no stop for the keyboard
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
