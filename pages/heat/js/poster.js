// The maps as one PNG, with what it takes to read them.

import { fit, newCanvas, SHARPNESS } from "../../scene/js/canvas.js";
import { drawKey, keyHeight } from "./posterkey.js";
import { wrapWords } from "./axes.js";

const GAP = 18;

/** All boards under the headline and the line of words, the key below. */
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
  const { boards, theme, data, parts, root } = heat;
  const columns = Number(root.style.getPropertyValue("--hm-columns"));
  const wide = Math.max(...boards.map((board) => board.box.clientWidth));
  const tall = Math.max(...boards.map((board) => board.box.clientHeight)) + 40;
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
  wrapWords(ctx, parts.live.textContent, width - 2 * GAP).slice(0, 2).forEach((line, i) => ctx.fillText(line, GAP, 58 + 18 * i));
  boards.forEach((board, k) => {
    const x = GAP + (k % columns) * (wide + GAP);
    const y = 92 + Math.floor(k / columns) * (tall + GAP);
    ctx.fillStyle = theme.text;
    ctx.font = `600 14px ${theme.font}`;
    ctx.fillText(board.map.label, x, y + 12);
    ctx.font = `12px ${theme.font}`;
    ctx.fillText(board.map.note, x, y + 29);
    for (const canvas of [board.base, board.over]) ctx.drawImage(canvas, x, y + 36, board.box.clientWidth, board.box.clientHeight);
  });
  drawKey(ctx, key, GAP, bottom);
  return new Promise((resolve) => sheet.toBlob(resolve, "image/png"));
}
