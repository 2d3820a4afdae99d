// What arrives as base64: a map's codes (16 bits a run), which minimum each run reached (8 bits), values of axes (float32).

import { floats } from "../../scene/js/decode.js";

function bytes(text) {
  const raw = atob(text);
  const out = new Uint8Array(raw.length);
  for (let i = 0; i < raw.length; i++) out[i] = raw.charCodeAt(i);
  return out;
}

export function unpackSheet(sheet) {
  const codes = new Uint16Array(bytes(sheet.codes).buffer);
  const which = sheet.which ? bytes(sheet.which) : null;
  return { ...sheet, codes, which, xs: floats(sheet.xs), ys: floats(sheet.ys), nx: floats(sheet.xs).length, ny: floats(sheet.ys).length };
}

export function unpackRun(run) {
  return { ...run, path: floats(run.path) };
}

export const unpackCurve = (curve) => ({ ...curve, points: floats(curve.points) });

const LOW = -18; // log10 of the smallest height above the lowest loss that has a code: see payload.py
const SPAN = 36;
const MOST = 65000;

/** The code of a loss -> log10 of its height above the lowest. */
export const logOf = (code) => LOW + (SPAN * code) / MOST;
