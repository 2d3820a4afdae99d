// The key in the PNG: the bar with its numbers, what patterns and lines are, and what is to be said of them.

import { wrapWords } from "./axes.js";
import { barTicks, hasBar, keyEntries } from "./legend.js";
import { barColors } from "./tints.js";

const [BAR, LINE, BETWEEN] = [300, 22, 22]; // the bar's width; the height of a row of entries; what lies between two of them

/** Pixels that the key takes. */
export const keyHeight = (ctx, key) => keyLayout(ctx, key).height;

export function drawKey(ctx, key, left, top) {
  const { data, theme } = key;
  const { entries, note, rows, below } = keyLayout(ctx, key);
  ctx.fillStyle = theme.text;
  if (hasBar(data)) drawRamp(ctx, data.scale, theme, left, top);
  for (const { picture, text, x, row } of entries) {
    const y = top + below + row * LINE;
    if (picture instanceof HTMLCanvasElement) ctx.drawImage(picture, left + x, y + 3, 22, 14);
    else if (picture) drawDash(ctx, theme, left + x, y + 10);
    ctx.fillText(text, left + x + (picture ? 30 : 0), y + 14);
  }
  note.forEach((line, i) => ctx.fillText(line, left, top + below + rows * LINE + 14 + 17 * i));
}

/** Where everything goes: entries side by side as far as there is room, then the note. */
function keyLayout(ctx, { data, states, theme, width }) {
  ctx.font = `13px ${theme.font}`;
  let [x, row] = [0, 0];
  const entries = keyEntries(data, states, theme).map((entry) => {
    const wide = ctx.measureText(entry.text).width + (entry.picture ? 30 : 0);
    if (x && x + wide > width) [x, row] = [0, row + 1];
    const placed = { ...entry, x, row };
    x += wide + BETWEEN;
    return placed;
  });
  const note = data.scale.note ? wrapWords(ctx, data.scale.note, width) : [];
  const [rows, below] = [entries.length ? row + 1 : 0, hasBar(data) ? 62 : 0];
  return { entries, note, rows, below, height: below + rows * LINE + 17 * note.length + 8 };
}

function drawRamp(ctx, scale, theme, left, top) {
  ctx.fillText(scale.title, left, top + 14);
  const colors = barColors(scale);
  const ramp = ctx.createLinearGradient(left, 0, left + BAR, 0);
  colors.forEach((color, i) => ramp.addColorStop(i / (colors.length - 1), color));
  ctx.fillStyle = ramp;
  ctx.fillRect(left, top + 22, BAR, 12);
  ctx.fillStyle = theme.text;
  for (const { at, text } of barTicks(scale)) {
    ctx.textAlign = at < 0.06 ? "left" : at > 0.94 ? "right" : "center";
    ctx.fillText(text, left + at * BAR, top + 50);
  }
  ctx.textAlign = "left";
}

function drawDash(ctx, theme, left, y) {
  ctx.save();
  ctx.strokeStyle = theme.text;
  ctx.lineWidth = 2.5;
  ctx.setLineDash([7, 5]);
  ctx.beginPath();
  ctx.moveTo(left, y);
  ctx.lineTo(left + 26, y);
  ctx.stroke();
  ctx.restore();
}
