// The maps as one PNG, with what it takes to read them.

import { fit, newCanvas, SHARPNESS } from "../../scene/js/canvas.js";
import { drawMarker } from "../../scene/js/markers.js";
import { drawKey, keyHeight } from "./posterkey.js";
import { wrapWords } from "./axes.js";

const GAP = 18;
const CAPTION = 74; // pixels above a map: its racer's name, its settings, two lines of figures

/** All boards under the headline and what they are of, the key below. */
export async function posterOf(heat) {
  SHARPNESS.ratio = 2;
  try {
    heat.drawBoards();
    return await compose(heat);
  } finally {
    SHARPNESS.ratio = null;
    heat.drawBoards();
  }
}

function compose(heat) {
  const { boards, theme, data, root } = heat;
  const columns = Number(root.style.getPropertyValue("--hm-columns"));
  const wide = Math.max(...boards.map((board) => board.box.clientWidth));
  const tall = Math.max(...boards.map((board) => board.box.clientHeight)) + CAPTION;
  const rows = Math.ceil(boards.length / columns);
  const width = Math.max(640, columns * (wide + GAP) + GAP);
  const sheet = newCanvas();
  const bottom = 92 + rows * (tall + GAP);
  let ctx = fit(sheet, width, bottom);
  const key = { data, theme, states: heat.states(), width: width - 2 * GAP };
  ctx = fit(sheet, width, bottom + keyHeight(ctx, key) + GAP);
  ctx.fillStyle = theme.background;
  ctx.fillRect(0, 0, width, sheet.height);
  ctx.fillStyle = theme.text;
  ctx.font = `650 22px ${theme.font}`;
  ctx.fillText(data.headline, GAP, 34);
  ctx.font = `14px ${theme.font}`;
  wrapWords(ctx, data.about, width - 2 * GAP).slice(0, 2).forEach((line, i) => ctx.fillText(line, GAP, 58 + 18 * i));
  boards.forEach((board, k) => {
    const x = GAP + (k % columns) * (wide + GAP);
    const y = 92 + Math.floor(k / columns) * (tall + GAP);
    ctx.font = `600 14px ${theme.font}`;
    drawMarker(ctx, board.map.marker, x + 8, y + 8, 6, board.map.color, theme);
    ctx.fillStyle = theme.text;
    ctx.fillText(board.map.label, x + 22, y + 13);
    const after = x + 30 + ctx.measureText(board.map.label).width;
    ctx.font = `12px ${theme.font}`;
    ctx.fillText(board.map.detail, after, y + 13);
    wrapWords(ctx, board.map.note, wide).slice(0, 2).forEach((line, i) => ctx.fillText(line, x, y + 32 + 16 * i));
    for (const canvas of [board.base, board.over]) ctx.drawImage(canvas, x, y + CAPTION - 18, board.box.clientWidth, board.box.clientHeight);
  });
  drawKey(ctx, key, GAP, bottom);
  return new Promise((resolve) => sheet.toBlob(resolve, "image/png"));
}
