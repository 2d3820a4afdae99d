// The page's skeleton in HTML. Everything that varies is written by the modules that own it.

import { icon } from "../../scene/js/shell.js";

const button = (name, label) => `<button type="button" class="rv-icon" data-rv="${name}" aria-label="${label}" title="${label}">${icon(name)}</button>`;

const SKELETON = `
<div class="rv-head">
  <h1 data-rv="title"></h1>
  <div class="rv-actions">
    <div class="rv-choice" role="group" aria-label="Zoom of the map"><button type="button" data-rv="nearer" aria-label="Zoom in" title="Zoom in (+), or drag a box on the map">+</button><button type="button" data-rv="farther" aria-label="Zoom out" title="Zoom out (−)">−</button><button type="button" data-rv="whole" title="The whole range (0)">whole</button></div>
    <button type="button" data-rv="png" title="Save the picture as a PNG file">PNG</button>
    <button type="button" data-rv="link" title="Copy a link to exactly this map">Copy link</button>
    <span class="rv-said" role="status" data-rv="said"></span>
    <input class="rv-link" data-rv="address" aria-label="Link to this map" readonly hidden>
  </div>
  <p class="rv-line" data-rv="live" aria-live="polite"></p>
</div>
<div class="hm-boards" data-rv="boards"></div>
<aside class="hm-side" aria-label="The run under the pointer">
  <h2 data-rv="sideTitle">The run under the pointer</h2>
  <div class="rv-box hm-inset" data-rv="inset"></div>
  <div class="rv-keys" data-rv="marks"></div>
  <p class="hm-says" data-rv="says"></p>
  <button type="button" data-rv="open" disabled>Open it in the race</button>
</aside>
<div class="hm-areas" tabindex="0" role="group" aria-label="Area of each basin"><table data-rv="areas" hidden></table></div>
<div class="rv-key hm-key" data-rv="key"></div>
<div class="rv-play" role="group" aria-label="Playback" data-rv="playback" hidden>
  <div class="rv-buttons">${button("first", "To the start")}${button("back", "One tick back")}${button("play", "Play")}${button("forward", "One tick forward")}${button("last", "To the end")}</div>
  <input type="range" min="0" step="1" value="0" data-rv="scrub" aria-label="Evaluations spent">
  <output data-rv="tick"></output>
  <label class="rv-speed"><span>Speed</span> <select data-rv="speed"></select></label>
</div>`;

export function buildSkeleton(host) {
  const root = document.createElement("div");
  root.className = "rv hm";
  root.dataset.testid = "map";
  root.dataset.revision = "0";
  root.innerHTML = `<div class="hm-stage">${SKELETON}</div>`;
  host.append(root);
  const parts = {};
  for (const element of root.querySelectorAll("[data-rv]")) parts[element.dataset.rv] = element;
  return { root, parts };
}
