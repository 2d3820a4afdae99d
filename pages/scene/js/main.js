// The doors: `mountScene` and `mountSurface` for Streamlit, `showAlone` for a file on its own.

import { Scene } from "./scene.js";
import { putSurface } from "./store.js";

const SCENES = new Map();

function addStyles() {
  if (document.getElementById("rv-styles")) return;
  const style = document.createElement("style");
  style.id = "rv-styles";
  style.textContent = RAVINE_CSS;
  document.head.append(style);
}

let plotlyComing;

/** Our own Plotly, whatever version of it Streamlit may have put on the page. */
function loadPlotly(url) {
  plotlyComing ??= new Promise((resolve, reject) => {
    const before = window.Plotly;
    const script = document.createElement("script");
    script.src = url;
    script.onload = () => {
      resolve(window.Plotly);
      if (before) window.Plotly = before;
    };
    script.onerror = () => {
      plotlyComing = undefined; // the next message tries again
      reject(new Error(`Plotly could not be loaded from ${url}`));
    };
    document.head.append(script);
  });
  return plotlyComing;
}

/** Called by Streamlit for every change of data or theme. */
export async function mountScene({ data, parentElement, setStateValue }, plotlyUrl) {
  const cleanup = () => setTimeout(() => leave(parentElement), 0);
  const place = (SCENES.get(parentElement) ?? SCENES.set(parentElement, {}).get(parentElement));
  place.latest = { data, setStateValue };
  if (!place.scene) {
    addStyles();
    const plotly = await loadPlotly(plotlyUrl);
    if (!place.scene && parentElement.isConnected) {
      parentElement.querySelector(".rv-loading")?.remove();
      place.scene = new Scene(parentElement, plotly);
    }
  }
  // While Plotly was loading newer data may have come: every call shows the latest.
  place.scene?.update(place.latest.data, place.latest.setStateValue);
  return cleanup;
}

/** Streamlit also cleans up after a call that was overtaken by the next: only an element that is gone takes its scene along. */
function leave(parentElement) {
  if (parentElement.isConnected) return;
  SCENES.get(parentElement)?.scene?.destroy();
  SCENES.delete(parentElement);
}

export function preload(_, plotlyUrl) {
  loadPlotly(plotlyUrl).catch(() => {}); // whoever needs it will try again and say so
}

export function mountSurface({ data }) {
  putSurface(data);
}

export function showAlone(host, surface, race) {
  addStyles();
  putSurface(surface);
  const scene = new Scene(host, window.Plotly);
  scene.parts.link.hidden = true; // the address of a file on somebody's disk helps nobody
  scene.update(race, () => {});
  window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => scene.refresh());
}
