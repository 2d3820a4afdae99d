// The doors that Streamlit calls: the maps, and what travels apart from them.

import { Heat } from "./heat.js";
import { EARS, putGround, putRun, putSheet } from "./shelf.js";
import { unpackCurve, unpackRun, unpackSheet } from "./unpack.js";

const HEATS = new Map();

function addHeatStyles() {
  if (document.getElementById("rv-heat-styles")) return;
  const style = document.createElement("style");
  style.id = "rv-heat-styles";
  style.textContent = RAVINE_CSS;
  document.head.append(style);
}

export function mountHeat({ data, parentElement }) {
  if (!HEATS.has(parentElement)) {
    addHeatStyles();
    parentElement.querySelector(".rv-loading")?.remove();
    HEATS.set(parentElement, new Heat(parentElement));
  }
  const maps = data.maps.map((map) => ({ ...map, curves: map.curves.map(unpackCurve) }));
  HEATS.get(parentElement).update({ ...data, maps });
  return () =>
    setTimeout(() => {
      if (parentElement.isConnected) return; // only an element that is gone takes its maps along
      HEATS.get(parentElement)?.destroy();
      HEATS.delete(parentElement);
    }, 0);
}

export function mountSheet({ data }) {
  putSheet(data, () => unpackSheet(data));
}

export function mountGround({ data }) {
  putGround(data);
}

export function mountRun({ data, setStateValue }) {
  putRun({ ...data, runs: data.runs.map(unpackRun) }, (question) => setStateValue("cell", question));
}

export function mountEars({ setStateValue }) {
  EARS.hear = setStateValue;
}
