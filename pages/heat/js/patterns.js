// Patterns of the ends that are no number, and the small pictures of the key.

import { fit, newCanvas } from "../../scene/js/canvas.js";
import { neutral } from "./tints.js";

export function patternOf(name, ink) {
  const size = { diverged: 8, left: 7, resting: 9 }[name];
  const tile = document.createElement("canvas");
  tile.width = tile.height = size;
  const ctx = tile.getContext("2d");
  ctx.strokeStyle = ctx.fillStyle = ink;
  ctx.globalAlpha = 0.75;
  if (name === "diverged") {
    ctx.lineWidth = 1.2;
    for (const shift of [-size, 0, size]) {
      ctx.beginPath();
      ctx.moveTo(shift, size);
      ctx.lineTo(shift + size, 0);
      ctx.stroke();
    }
  } else if (name === "resting") {
    ctx.fillRect(0, size / 2 - 0.6, size, 1.2);
  } else {
    ctx.beginPath();
    ctx.arc(size / 2, size / 2, 1.1, 0, 2 * Math.PI);
    ctx.fill();
  }
  return tile;
}

export function swatch(name, theme) {
  const canvas = newCanvas("hm-swatch");
  canvas.style.width = "22px";
  canvas.style.height = "14px";
  const ctx = fit(canvas, 22, 14);
  const plain = neutral(theme);
  ctx.fillStyle = plain[name] ?? name;
  ctx.fillRect(0, 0, 22, 14);
  if (name in plain && name !== "waiting") {
    ctx.fillStyle = ctx.createPattern(patternOf(name, plain.ink), "repeat");
    ctx.fillRect(0, 0, 22, 14);
  }
  ctx.strokeStyle = theme.edge;
  ctx.strokeRect(0.5, 0.5, 21, 13);
  return canvas;
}
