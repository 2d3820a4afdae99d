// The landscape from above: one Plotly node with filled contours. Paths are not its business (see overlay.js).

import { colorscale } from "./theme.js";
import { heights } from "./levels.js";

const MARGIN = { l: 52, r: 14, t: 8, b: 40 };
const PLANE_CONFIG = { displayModeBar: false, scrollZoom: true, doubleClick: false, showTips: false, responsive: false };

export class Plane {
  constructor(box, plotly) {
    this.box = box;
    this.plotly = plotly;
    this.node = document.createElement("div");
    this.node.className = "rv-plot";
    box.prepend(this.node);
    this.onMove = () => {};
    this.onZoom = () => {};
  }

  async show(surface, levels, theme, zoom) {
    const z = heights(surface, levels);
    const { data, layout } = planeFigure(surface, levels, z, theme);
    layout.width = this.box.clientWidth;
    layout.height = this.box.clientHeight;
    layout.xaxis.range = [...(zoom?.x ?? surface.x)]; // copies: Plotly writes into them
    layout.yaxis.range = [...(zoom?.y ?? surface.y)];
    // One finger scrolls the page; zooming by touch has buttons.
    layout.dragmode = window.matchMedia("(pointer: coarse)").matches ? false : "pan";
    this.home = { x: surface.x, y: surface.y };
    await this.plotly.react(this.node, data, layout, PLANE_CONFIG);
    if (!this.listening) this.listen();
    this.onMove();
  }

  listen() {
    this.listening = true;
    const moved = () => this.onMove();
    this.node.on("plotly_relayouting", moved);
    this.node.on("plotly_relayout", (change) => {
      moved();
      if (Object.keys(change).some((name) => name.includes("axis"))) this.onZoom(this.zoom());
    });
  }

  resize() {
    if (!this.listening) return Promise.resolve();
    const { clientWidth: width, clientHeight: height } = this.box;
    const now = this.node._fullLayout;
    if (!width || (now.width === width && now.height === height)) return Promise.resolve();
    return this.plotly.relayout(this.node, { width, height });
  }

  /** Where the frame is, in CSS pixels of the box, and what it shows. Read live: Plotly moves ranges while panning. */
  frame() {
    const { xaxis, yaxis } = this.node._fullLayout;
    return {
      left: xaxis._offset, top: yaxis._offset, width: xaxis._length, height: yaxis._length,
      x: xaxis.range.map(Number), y: yaxis.range.map(Number),
    };
  }

  get ready() {
    return Boolean(this.listening && this.node._fullLayout);
  }

  /** The zoomed ranges, or null when the whole landscape is in view. */
  zoom() {
    const { x, y } = this.frame();
    const near = (a, b) => a.every((v, i) => Math.abs(v - b[i]) < 1e-6 * (b[1] - b[0]));
    const round = (range) => range.map((v) => Number(v.toPrecision(6)));
    return near(x, this.home.x) && near(y, this.home.y) ? null : { x: round(x), y: round(y) };
  }

  zoomTo(x, y) {
    return this.plotly.relayout(this.node, { "xaxis.range": [...x], "yaxis.range": [...y] });
  }

  zoomBy(factor) {
    const about = ([lo, hi]) => [(lo + hi) / 2 - ((hi - lo) / 2) * factor, (lo + hi) / 2 + ((hi - lo) / 2) * factor];
    const { x, y } = this.frame();
    return this.zoomTo(about(x), about(y));
  }

  reset() {
    return this.zoomTo(this.home.x, this.home.y);
  }

  destroy() {
    this.plotly.purge(this.node);
  }
}

function planeFigure(surface, levels, z, theme) {
  const axis = (title) => ({
    title: { text: title, standoff: 6, font: { size: 13 } }, showgrid: false, zeroline: false, constrain: "domain",
    linecolor: theme.edge, showline: true, mirror: true, ticks: "outside", ticklen: 4, tickcolor: theme.edge, nticks: 8,
  });
  const layout = {
    margin: { ...MARGIN }, paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: theme.background, showlegend: false, hovermode: false,
    font: { family: theme.font, size: 12, color: theme.text }, xaxis: axis(surface.axes[0]), yaxis: axis(surface.axes[1]),
  };
  if (surface.equal) layout.yaxis.scaleanchor = "x";
  const contours = {
    type: "contour", x: surface.xs, y: surface.ys, z, colorscale: colorscale(theme), zmin: levels.lo, zmax: levels.hi, zauto: false,
    autocontour: false, contours: { coloring: "fill", start: levels.lo + levels.size / 2, end: levels.hi - levels.size / 2, size: levels.size },
    line: { width: 0.8, color: theme.line }, showscale: false, hoverinfo: "skip",
  };
  return { data: [contours], layout };
}
