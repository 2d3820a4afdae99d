// The axes of a map: ticks, numbers, names.

/** x, y: rulers; slack: pixels right of the frame that a number may use. */
export function paintAxes(ctx, frame, x, y, theme, slack) {
  const { left, top, width, height } = frame;
  ctx.font = `12px ${theme.font}`;
  ctx.fillStyle = theme.text;
  ctx.strokeStyle = theme.edge;
  ctx.lineWidth = 1;
  ctx.beginPath();
  ctx.textAlign = "center";
  ctx.textBaseline = "top";
  const bottom = top + height;
  let free = -Infinity;
  for (const { at, text } of x.ticks(Math.max(2, Math.floor(width / 64)))) {
    const px = left + at * width;
    ctx.moveTo(px, bottom);
    ctx.lineTo(px, bottom + 4);
    const half = ctx.measureText(text).width / 2;
    if (px - half < free) continue; // a label that would touch its neighbour
    ctx.fillText(text, Math.min(px, left + width + slack - half), bottom + 7);
    free = px + half + 8;
  }
  ctx.textAlign = "right";
  ctx.textBaseline = "middle";
  for (const { at, text } of y.ticks(Math.max(2, Math.floor(height / 44)))) {
    const py = bottom - at * height;
    ctx.moveTo(left, py);
    ctx.lineTo(left - 4, py);
    ctx.fillText(text, left - 7, py);
  }
  ctx.stroke();
  ctx.font = `600 13px ${theme.font}`;
  ctx.textAlign = "center";
  ctx.textBaseline = "alphabetic";
  ctx.fillText(x.name, left + width / 2, bottom + 37);
  ctx.save();
  ctx.translate(13, top + height / 2);
  ctx.rotate(-Math.PI / 2);
  ctx.fillText(y.name, 0, 0);
  ctx.restore();
  ctx.textAlign = "left";
}

export function wrapWords(ctx, text, width) {
  const lines = [""];
  for (const word of text.split(" ")) {
    const longer = `${lines[lines.length - 1]} ${word}`.trim();
    if (ctx.measureText(longer).width > width && lines[lines.length - 1]) lines.push(word);
    else lines[lines.length - 1] = longer;
  }
  return lines;
}
