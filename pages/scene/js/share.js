// Taking the picture away: as one PNG, or as a link.

import { fit, newCanvas, SHARPNESS } from "./canvas.js";

async function plotImage(plotly, node) {
  const { width, height } = node._fullLayout;
  const image = new Image();
  image.src = await plotly.toImage(node, { format: "png", width, height, scale: SHARPNESS.ratio });
  await image.decode();
  return image;
}

/** Plane, surface and curve with what is drawn over them, under the headline and the live line. */
export async function composePng({ plotly, theme, title, live, racers, panels, curve }) {
  const gap = 16;
  const top = 70 + 20 * Math.ceil(racers.length / 4);
  const width = Math.max(640, panels.reduce((sum, p) => sum + p.box.clientWidth, gap * (panels.length + 1)));
  const tall = Math.max(...panels.map((p) => p.box.clientHeight));
  const curveHeight = curve.height;
  const sheet = newCanvas();
  const ctx = fit(sheet, width, top + tall + curveHeight + 2 * gap + 20);
  ctx.fillStyle = theme.background;
  ctx.fillRect(0, 0, width, sheet.height);
  ctx.fillStyle = theme.text;
  ctx.font = `600 22px ${theme.font}`;
  ctx.fillText(title, gap, 32);
  ctx.font = `14px ${theme.font}`;
  wrap(ctx, live, width - 2 * gap).slice(0, 2).forEach((line, i) => ctx.fillText(line, gap, 54 + 18 * i));
  racers.forEach((racer, i) => {
    const x = gap + ((i % 4) * (width - 2 * gap)) / 4;
    const y = 88 + 20 * Math.floor(i / 4);
    racer.drawMark(ctx, x + 6, y);
    ctx.fillStyle = theme.text;
    ctx.fillText(`${racer.label} ${racer.detail}`, x + 18, y + 5);
  });
  let x = gap;
  for (const { box, node, over } of panels) {
    ctx.drawImage(await plotImage(plotly, node), x, top + gap, box.clientWidth, box.clientHeight);
    ctx.drawImage(over.canvas, x, top + gap, box.clientWidth, box.clientHeight);
    over.drawStart?.(ctx, x, top + gap);
    x += box.clientWidth + gap;
  }
  ctx.fillStyle = theme.text;
  ctx.fillText(curve.axisTitle, gap, top + tall + 2 * gap + 10);
  ctx.drawImage(curve.canvas, gap, top + tall + 2 * gap + 16, curve.width, curve.height);
  return new Promise((resolve) => sheet.toBlob(resolve, "image/png"));
}

function wrap(ctx, text, width) {
  const lines = [""];
  for (const word of text.split(" ")) {
    const longer = `${lines[lines.length - 1]} ${word}`.trim();
    if (ctx.measureText(longer).width > width) lines.push(word);
    else lines[lines.length - 1] = longer;
  }
  return lines;
}

export function download(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}

/** Copies the address; where the browser refuses, shows it selected. Returns what to tell the user. */
export async function copyLink(field) {
  field.value = location.href;
  try {
    await navigator.clipboard.writeText(location.href);
    field.hidden = true;
    return "Link copied.";
  } catch {
    field.hidden = false;
    field.focus();
    field.select();
    return "Copy the selected link.";
  }
}
