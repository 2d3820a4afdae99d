// What the viewer chose: everything in the URL's `view`, and nothing that is as it was by default.

import { SPEEDS } from "./clock.js";
import { CURVES } from "./curves.js";

export const DEFAULT_VIEW = { camera: null, x: null, y: null, levels: null, curve: "loss", curve_log: true, axis: "ticks", surface: true, queries: false, inside: null, speed: 1 };

const isRange = (v) => Array.isArray(v) && v.length === 2 && v.every(Number.isFinite) && v[1] > v[0];
const isVector = (v) => v && ["x", "y", "z"].every((k) => Number.isFinite(v[k]));
const VALID = {
  camera: (v) => v && isVector(v.eye) && isVector(v.center) && isVector(v.up),
  x: isRange,
  y: isRange,
  levels: (v) => v === "log" || v === "linear",
  curve: (v) => v in CURVES,
  axis: (v) => v === "ticks" || v === "samples",
  curve_log: (v) => typeof v === "boolean",
  surface: (v) => typeof v === "boolean",
  queries: (v) => typeof v === "boolean",
  inside: (v) => typeof v === "boolean", // null: as the selected method has it
  speed: (v) => SPEEDS.includes(v),
};

/** A whole view from the few entries of a URL; nonsense falls back to the default. */
export function viewFrom(entries) {
  const view = { ...DEFAULT_VIEW };
  for (const [name, valid] of Object.entries(VALID)) if (entries && entries[name] !== undefined && valid(entries[name])) view[name] = entries[name];
  if (!view.x || !view.y) view.x = view.y = null; // half a zoom is none
  return view;
}

export function changedEntries(view) {
  return Object.fromEntries(Object.entries(view).filter(([name, value]) => value !== null && value !== DEFAULT_VIEW[name]));
}
