// One map: its picture, axes, theory's curves, the numbers of its basins, and the cell under the pointer.

import { fit, haloText, newCanvas, polyline, wipe } from "../../scene/js/canvas.js";
import { drawMarker, drawPoint, markerSvg, sizeOf } from "../../scene/js/markers.js";
import { paintAxes, wrapWords } from "./axes.js";
import { beside } from "./beside.js";
import { patternOf } from "./patterns.js";
import { Ruler } from "./ruler.js";
import { basinPlaces, tint } from "./tinting.js";
import { neutral } from "./tints.js";

const MARGIN = { left: 66, right: 12, top: 6, bottom: 42 };
const SLENDER = 5; // times as wide as high: beyond, or the other way round, a map fills its box
const MARKS = ["minimum", "valley", "lowest"]; // what the server's numbers say
const CROWD = 0.28; // of the distance between crowded stars: their radius
const [DEEP, SLIM] = [5, 7.5]; // cells, and pixels, from its border: a smaller basin has no room for its number

export class Board {
  constructor() {
    this.figure = document.createElement("figure");
    this.figure.className = "hm-board";
    this.figure.innerHTML = `<figcaption></figcaption><div class="hm-box" tabindex="0" role="group"></div>`;
    this.caption = this.figure.firstElementChild;
    this.box = this.figure.lastElementChild;
    this.base = newCanvas("rv-over");
    this.over = newCanvas("rv-over");
    this.box.append(this.base, this.over);
    this.cells = document.createElement("canvas");
  }

  /** map: from the server; sheet: its numbers; scale: the colours' common one; minima: to be marked. */
  show(map, sheet, { scale, theme, minima, points, equal }) {
    const fresh = sheet !== this.sheet;
    Object.assign(this, { map, sheet, scale, theme, minima, points });
    this.x = new Ruler({ ...map.x, values: sheet.xs });
    this.y = new Ruler({ ...map.y, values: sheet.ys });
    const aspect = (map.x.high - map.x.low) / (map.y.high - map.y.low);
    this.aspect = equal && aspect < SLENDER && aspect > 1 / SLENDER ? aspect : 0; // a strip would be too thin to be seen
    if (fresh && sheet.which) this.places = basinPlaces(sheet);
    this.describe();
  }

  describe() {
    const { map } = this;
    this.caption.innerHTML = markerSvg(map.marker, map.color);
    const name = Object.assign(document.createElement("b"), { textContent: map.label });
    const detail = Object.assign(document.createElement("small"), { textContent: map.detail });
    const note = Object.assign(document.createElement("span"), { textContent: map.note });
    this.caption.append(name, " ", detail, note);
    this.box.setAttribute("aria-label", `${map.label}: ${map.x.name} across, ${map.y.name} up. ${map.note} Arrow keys move the cell, Enter opens it as a race, plus and minus zoom.`);
  }

  /** Where the picture lies in the box, in pixels. */
  layout() {
    const width = Math.max(40, this.box.clientWidth - MARGIN.left - MARGIN.right);
    this.box.style.maxHeight = this.aspect ? `${Math.ceil(width / this.aspect) + MARGIN.top + MARGIN.bottom}px` : ""; // no empty room below
    const height = Math.max(40, this.box.clientHeight - MARGIN.top - MARGIN.bottom);
    const wide = this.aspect ? Math.min(width, height * this.aspect) : width;
    const tall = this.aspect ? wide / this.aspect : height;
    this.frame = { left: MARGIN.left, top: MARGIN.top, width: wide, height: tall };
  }

  px(x) {
    return this.frame.left + this.frame.width * this.x.at(x);
  }

  py(y) {
    return this.frame.top + this.frame.height * (1 - this.y.at(y));
  }

  /** The picture at a tick of the animation. */
  draw(tick) {
    if (!this.sheet) return;
    this.layout();
    const { clientWidth: width, clientHeight: height } = this.box;
    const ctx = fit(this.base, width, height);
    wipe(ctx);
    this.paintCells(ctx, tick);
    paintAxes(ctx, this.frame, this.x, this.y, this.theme, MARGIN.right);
    ctx.save();
    const { left, top, width: w, height: h } = this.frame;
    ctx.beginPath();
    ctx.rect(left, top, w, h);
    ctx.clip();
    this.paintCurves(ctx);
    this.paintMinima(ctx, tick);
    this.paintOwn(ctx);
    ctx.restore();
    if (this.map.says) this.paintWords(ctx, this.map.says);
  }

  paintCells(ctx, tick) {
    const { nx, ny } = this.sheet;
    const { pixels, masks } = tint(this.sheet, this.scale, this.theme, tick);
    this.cells.width = nx;
    this.cells.height = ny;
    const image = new ImageData(new Uint8ClampedArray(pixels.buffer), nx, ny);
    this.cells.getContext("2d").putImageData(image, 0, 0);
    const { left, top, width, height } = this.frame;
    ctx.imageSmoothingEnabled = false; // what is seen is what was computed
    ctx.drawImage(this.cells, left, top, width, height);
    for (const [name, mask] of Object.entries(masks)) this.paintPattern(ctx, name, mask);
    ctx.strokeStyle = this.theme.edge;
    ctx.strokeRect(left + 0.5, top + 0.5, width - 1, height - 1);
  }

  /** Lines over the runs that diverged or rest elsewhere, dots over those that left: at the screen's resolution, cut out by the mask. */
  paintPattern(ctx, name, mask) {
    if (!mask.includes(1)) return;
    const { nx, ny } = this.sheet;
    const { left, top, width, height } = this.frame;
    const pixels = new Uint32Array(mask.length);
    for (let k = 0; k < mask.length; k++) pixels[k] = mask[k] ? 0xff000000 : 0;
    const stencil = document.createElement("canvas");
    stencil.width = nx;
    stencil.height = ny;
    stencil.getContext("2d").putImageData(new ImageData(new Uint8ClampedArray(pixels.buffer), nx, ny), 0, 0);
    const layer = newCanvas();
    const on = fit(layer, width, height);
    on.imageSmoothingEnabled = false;
    on.drawImage(stencil, 0, 0, width, height);
    on.globalCompositeOperation = "source-in";
    on.fillStyle = on.createPattern(patternOf(name, neutral(this.theme).ink), "repeat");
    on.fillRect(0, 0, width, height);
    ctx.drawImage(layer, left, top, width, height);
  }

  /** Theory over practice: a dashed line with its formula. */
  paintCurves(ctx) {
    for (const curve of this.map.curves ?? []) {
      const pts = new Float32Array(curve.points.length);
      for (let i = 0; i < pts.length; i += 2) {
        pts[i] = this.px(curve.points[i]);
        pts[i + 1] = this.py(curve.points[i + 1]);
      }
      ctx.lineJoin = "round";
      for (const [color, width, dash] of [["rgba(0,0,0,0.75)", 4.5, []], ["#ffffff", 2, [7, 5]]]) {
        ctx.beginPath();
        polyline(ctx, pts, 0, pts.length / 2 - 1);
        ctx.setLineDash(dash);
        ctx.strokeStyle = color;
        ctx.lineWidth = width;
        ctx.stroke();
      }
      ctx.setLineDash([]);
      this.labelCurve(ctx, pts, curve.label);
    }
  }

  /** The formula stands where the curve has most room beside it. */
  labelCurve(ctx, pts, label) {
    const { left, top, width, height } = this.frame;
    ctx.font = `600 13px ${this.theme.font}`;
    const wide = ctx.measureText(label).width + 14;
    const inside = [];
    for (let i = 0; i < pts.length; i += 2) {
      if (pts[i] > left && pts[i] < left + width && pts[i + 1] > top + 12 && pts[i + 1] < top + height - 12) inside.push([pts[i], pts[i + 1]]);
    }
    if (!inside.length) return;
    const [x, y] = inside[Math.floor(inside.length * 0.3)];
    const at = x + 10 + wide < left + width ? x + 10 : Math.max(left + 4, x - 10 - wide);
    ctx.fillStyle = "rgba(12,16,18,0.82)";
    ctx.beginPath();
    ctx.roundRect(at, y - 11, wide, 22, 4);
    ctx.fill();
    ctx.fillStyle = "#ffffff";
    ctx.textBaseline = "middle";
    ctx.fillText(label, at + 7, y + 0.5);
  }

  paintMinima(ctx, tick) {
    const { minima, theme, places } = this;
    if (!minima) return;
    const { width, height } = this.frame;
    const most = Math.max(2.4, CROWD * Math.sqrt((width * height) / (minima.length || 1))); // a hundred stars must not hide the map
    const marks = minima.map(([x, y, kind]) => ({ kind: MARKS[kind], at: [this.px(x), this.py(y)] }));
    for (const { kind, at } of marks) drawPoint(ctx, kind, ...at, Math.min(most, 6 * sizeOf(kind)), theme);
    const taken = marks.filter(({ kind }) => kind !== "valley").map(({ at }) => at);
    if (this.map.own) taken.push([this.px(this.map.own[0]), this.py(this.map.own[1])]);
    ctx.font = `700 13px ${theme.font}`;
    ctx.textAlign = "center";
    ctx.textBaseline = "middle";
    for (const [k, { i, j, depth }] of places ?? []) {
      if (depth < DEEP || tick < 1 || (depth * width) / this.sheet.nx < SLIM) continue;
      const x = this.frame.left + ((i + 0.5) / this.sheet.nx) * this.frame.width;
      const y = this.frame.top + (1 - (j + 0.5) / this.sheet.ny) * this.frame.height;
      const within = ([u, v]) => this.sheet.which[this.cellIndex(u, v)] === k;
      const spot = beside([x, y], ctx.measureText(String(k + 1)).width, taken, within);
      if (!spot) continue;
      taken.push(spot);
      haloText(ctx, String(k + 1), ...spot, theme);
    }
    ctx.textAlign = "left";
  }

  /** Pixels -> the cell's place among the sheet's numbers; -1 outside. */
  cellIndex(px, py) {
    const place = this.place(px, py);
    if (!place) return -1;
    const { i, j } = this.cellAt(place);
    return j * this.sheet.nx + i;
  }

  /** Where the racer of the race is. */
  paintOwn(ctx) {
    const own = this.map.own;
    if (own) drawMarker(ctx, this.map.marker, this.px(own[0]), this.py(own[1]), 7, this.map.color, this.theme);
  }

  /** What there is to say about a map on which there is nothing to see. */
  paintWords(ctx, text) {
    const { left, top, width, height } = this.frame;
    ctx.font = `600 15px ${this.theme.font}`;
    const lines = wrapWords(ctx, text, width - 40);
    const tall = 21 * lines.length + 16;
    ctx.fillStyle = this.theme.background;
    ctx.strokeStyle = this.theme.edge;
    ctx.beginPath();
    ctx.roundRect(left + 12, top + height / 2 - tall / 2, width - 24, tall, 6);
    ctx.fill();
    ctx.stroke();
    ctx.fillStyle = this.theme.text;
    ctx.textAlign = "center";
    ctx.textBaseline = "middle";
    lines.forEach((line, i) => ctx.fillText(line, left + width / 2, top + height / 2 + 21 * (i - (lines.length - 1) / 2)));
    ctx.textAlign = "left";
  }

  /** The cell under the pointer, and the box that is being dragged open: over the picture, which stays. */
  drawOver(cell, dragged) {
    const ctx = fit(this.over, this.box.clientWidth, this.box.clientHeight);
    wipe(ctx);
    if (!this.sheet || !this.frame) return;
    const { left, top, width, height } = this.frame;
    if (cell) {
      const x = left + cell.at[0] * width;
      const y = top + (1 - cell.at[1]) * height;
      for (const [color, wide] of [["rgba(0,0,0,0.55)", 3], ["rgba(255,255,255,0.95)", 1]]) {
        ctx.strokeStyle = color;
        ctx.lineWidth = wide;
        ctx.beginPath();
        ctx.moveTo(x, top);
        ctx.lineTo(x, y - 8);
        ctx.moveTo(x, y + 8);
        ctx.lineTo(x, top + height);
        ctx.moveTo(left, y);
        ctx.lineTo(x - 8, y);
        ctx.moveTo(x + 8, y);
        ctx.lineTo(left + width, y);
        ctx.stroke();
        ctx.strokeRect(x - 8, y - 8, 16, 16);
      }
    }
    if (dragged) {
      const [x0, x1] = [dragged.x0, dragged.x1].sort((a, b) => a - b);
      const [y0, y1] = [dragged.y0, dragged.y1].sort((a, b) => a - b);
      ctx.fillStyle = "rgba(255,255,255,0.25)";
      ctx.fillRect(x0, y0, x1 - x0, y1 - y0);
      ctx.strokeStyle = this.theme.text;
      ctx.lineWidth = 1.5;
      ctx.setLineDash([5, 4]);
      ctx.strokeRect(x0, y0, x1 - x0, y1 - y0);
      ctx.setLineDash([]);
    }
  }

  /** Pixels -> place on the map, 0..1 each way from the lower left, or null outside. */
  place(px, py) {
    if (!this.frame) return null;
    const { left, top, width, height } = this.frame;
    const u = (px - left) / width;
    const v = 1 - (py - top) / height;
    return u < 0 || u > 1 || v < 0 || v > 1 ? null : [u, v];
  }

  /** The cell at a place: its column and row, and its middle. */
  cellAt([u, v]) {
    const i = this.x.cell(u);
    const j = this.y.cell(v);
    return { i, j, at: [(i + 0.5) / this.x.count, (j + 0.5) / this.y.count] };
  }
}
