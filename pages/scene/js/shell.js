// The scene's skeleton in HTML. Everything that varies is written by the modules that own it.

import { drawPoint, MOST_SOLID, sizeOf } from "./markers.js";
import { fit, newCanvas } from "./canvas.js";

const ICONS = {
  first: "M3 3v10M13 3 6 8l7 5z", back: "M11 3 4 8l7 5z", play: "M4 2.5 13 8l-9 5.5z", pause: "M4 3h3v10H4zM9 3h3v10H9z",
  forward: "M5 3l7 5-7 5z", last: "M13 3v10M3 3l7 5-7 5z",
};

export function icon(name) {
  return `<svg width="16" height="16" viewBox="0 0 16 16" aria-hidden="true"><path d="${ICONS[name]}" fill="currentColor" stroke="currentColor" stroke-width="1.4" stroke-linejoin="round" stroke-linecap="round"/></svg>`;
}

function iconButton(name, label) {
  return `<button type="button" class="rv-icon" data-rv="${name}" aria-label="${label}" title="${label}">${icon(name)}</button>`;
}

function choice(name, label, options) {
  const buttons = options.map(([value, text]) => `<button type="button" data-value="${value}" aria-pressed="false">${text}</button>`);
  return `<div class="rv-choice" role="group" aria-label="${label}" data-rv="${name}">${buttons.join("")}</div>`;
}

function tick(name, label) {
  return `<label class="rv-check"><input type="checkbox" data-rv="${name}">${label}</label>`;
}

const SHELL = `
<div class="rv-head">
  <h1 data-rv="title"></h1>
  <div class="rv-actions">
    <button type="button" data-rv="png" title="Save the picture as a PNG file">PNG</button>
    <button type="button" data-rv="link" title="Copy a link to exactly this picture">Copy link</button>
    <button type="button" data-rv="full"></button>
    <span class="rv-said" role="status" data-rv="said"></span>
    <input class="rv-link" data-rv="address" aria-label="Link to this picture" readonly hidden>
  </div>
  <div class="rv-words"><p class="rv-line" data-rv="live" aria-live="polite"></p><p class="rv-line rv-inside" data-rv="insideLine" hidden></p></div>
</div>
<section class="rv-plane" aria-label="Plane">
  <div class="rv-bar"><h2 data-rv="name">Plane</h2><span class="rv-gap"></span>
    ${choice("levels", "Colour levels", [["log", "log"], ["linear", "linear"]])}
    <div class="rv-choice" role="group" aria-label="Zoom of the plane">
      <button type="button" data-rv="nearer" aria-label="Zoom in" title="Zoom in (Ctrl or Cmd + wheel)">+</button><button type="button" data-rv="farther" aria-label="Zoom out" title="Zoom out (Ctrl or Cmd + wheel)">−</button><button type="button" data-rv="whole" title="Show the whole landscape (double click)" disabled>whole</button>
    </div>
  </div>
  <div class="rv-box" data-rv="planeBox"><button type="button" class="rv-start" data-rv="start" aria-label="Start point" title="Drag to move the start; or click anywhere on the plane"></button><div class="rv-tip" data-rv="tip" hidden></div></div>
</section>
<section class="rv-surface" aria-label="Surface">
  <div class="rv-bar"><h2 data-rv="height">Surface</h2><span class="rv-gap"></span><button type="button" data-rv="upright" title="Back to the first view">reset view</button>${tick("surface", "Show")}</div>
  <div class="rv-box" data-rv="surfaceBox" tabindex="0" role="group" aria-label="Surface in 3-D. Arrow keys turn it, plus and minus zoom."></div>
  <p class="rv-sorry" data-rv="sorry" hidden>This browser offers no WebGL, so the surface cannot be drawn in 3-D. Everything else works.</p>
</section>
<div class="rv-keys"><div class="rv-marks rv-inside-keys">${tick("inside", "Inside")}${tick("queries", "Evaluations")}<div class="rv-marks" data-rv="insideKey"></div><span data-rv="magnified"></span><span data-rv="companionKey"></span></div><div class="rv-key" data-rv="key"></div></div>
<div class="rv-play" role="group" aria-label="Playback">
  <div class="rv-buttons">${iconButton("first", "To the start")}${iconButton("back", "One tick back")}${iconButton("play", "Play")}${iconButton("forward", "One tick forward")}${iconButton("last", "To the end")}</div>
  <input type="range" min="0" step="1" value="0" data-rv="scrub" aria-label="Tick under the cursor">
  <output data-rv="tick"></output>
  <label class="rv-speed"><span>Speed</span> <select data-rv="speed"></select></label>
</div>
<section class="rv-curve" aria-label="Curves">
  <div class="rv-left"><div class="rv-bar">${choice("curve", "Value to draw", [["loss", "Loss"], ["gradient", "Gradient norm"], ["distance", "Distance to minimum"]])}
    ${choice("curveLog", "Scale", [["log", "log"], ["linear", "linear"]])}${choice("axis", "Across", [["ticks", "by tick"], ["samples", "by sample"]])}<span class="rv-gap"></span><span class="rv-note" data-rv="axisTitle"></span></div>
  <div class="rv-rates" data-rv="rates" hidden><span class="rv-note">Learning rate</span><div class="rv-box" data-rv="rateBox"></div></div>
  <div class="rv-box" data-rv="curveBox"></div>
  <div class="rv-inside-panel" data-rv="insidePanel" hidden><span class="rv-note" data-rv="insideTitle"></span><div class="rv-box" data-rv="insideBox"></div></div></div><ul class="rv-names" data-rv="names" aria-label="Racers, with the value at the cursor"></ul>
</section>
<section class="rv-table" aria-label="Results" tabindex="0"><table data-rv="table"><caption>Racers at the cursor and at the end</caption></table></section>`;

/** Builds the skeleton inside `host`; returns the root and its named parts. */
export function buildShell(host) {
  const root = document.createElement("div");
  root.className = "rv";
  root.dataset.testid = "scene";
  root.dataset.revision = "0";
  root.dataset.cursor = "0";
  root.innerHTML = `<div class="rv-stage">${SHELL}</div>`; // the stage measures itself against the root (container query)
  host.append(root);
  const parts = {};
  for (const element of root.querySelectorAll("[data-rv]")) parts[element.dataset.rv] = element;
  return { root, parts };
}

/** Presses the one button of a choice that has this value. */
export function pick(group, value) {
  for (const button of group.children) button.setAttribute("aria-pressed", String(button.dataset.value === value));
}

export function onPick(group, chosen) {
  for (const button of group.children) button.onclick = () => chosen(button.dataset.value);
}

/** The key to the marks and the colours; solid: whether the surface is drawn in 3-D. */
export function showKey(element, surface, levels, theme, solid) {
  const marks = marksKey(surface, theme, solid);
  for (const p of surface.points.filter((p) => p.kind === "mark")) marks.append(entry(pointPicture("mark", theme), p.label));
  if (surface.searched && surface.points.length) marks.append(entry("", "found numerically, maybe not all"));
  if (surface.bare) return element.replaceChildren(marks); // no heights, no colours
  const scale = document.createElement("div");
  scale.className = "rv-scale";
  const bar = document.createElement("div");
  bar.className = "rv-ramp";
  bar.style.background = `linear-gradient(to right, ${theme.scale.join(",")})`;
  for (const { at, text } of levels.ticks) {
    const label = document.createElement("span");
    label.textContent = text;
    label.style.left = `${(100 * (at - levels.lo)) / (levels.hi - levels.lo)}%`;
    bar.append(label);
  }
  const title = document.createElement("span");
  title.textContent = levels.kind === "log" ? levels.title : `${levels.title}, ${levels.note}`;
  title.title = levels.note;
  scale.append(title, bar);
  element.replaceChildren(marks, scale);
}

/** What the ring, the stars and so on are. */
export function marksKey(surface, theme, solid) {
  const marks = document.createElement("div");
  marks.className = "rv-marks";
  marks.append(entry(Object.assign(document.createElement("i"), { className: "rv-start-key" }), "start"));
  for (const [kind, words] of marked(surface, solid)) marks.append(entry(pointPicture(kind, theme), words));
  return marks;
}

/** [kind, words] of the marks on the plane. Which minimum is the goal is said where there are several, or where none is it. */
function marked(surface, solid) {
  const count = (kind) => surface.points.filter((p) => p.kind === kind).length;
  const [lowest, local] = [count("lowest"), count("minimum")];
  const flat = solid && local > MOST_SOLID ? " (on the plane)" : "";
  const words = {
    lowest: local ? (lowest > 1 ? "lowest minima" : "lowest minimum") : lowest > 1 ? "minima, all alike" : "minimum",
    minimum: (lowest ? (local > 1 ? "other minima" : "other minimum") : local > 1 ? "minima, none the lowest in the frame" : "minimum, not the lowest in the frame") + flat,
    edge: "lowest of the frame, at its edge", valley: "valley of minima", saddle: "saddle", maximum: "maximum",
  };
  return Object.entries(words).filter(([kind]) => count(kind));
}

function entry(picture, text) {
  const span = document.createElement("span");
  span.append(picture, text);
  return span;
}

function pointPicture(kind, theme) {
  const canvas = newCanvas();
  canvas.style.width = canvas.style.height = "18px";
  drawPoint(fit(canvas, 18, 18), kind, 9, 9.5, 6 * sizeOf(kind), theme);
  return canvas;
}
