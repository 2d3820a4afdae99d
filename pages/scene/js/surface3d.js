// The landscape in 3-D: one Plotly node with WebGL. It tells where a point of space is on the screen; paths are drawn over it.

import { colorscale } from "./theme.js";
import { heights } from "./levels.js";

export const CAMERA = { eye: { x: -1.06, y: -1.32, z: 0.96 }, center: { x: 0, y: 0, z: -0.17 }, up: { x: 0, y: 0, z: 1 } };
const SURFACE_CONFIG = { displayModeBar: false, showTips: false, responsive: false, scrollZoom: true };

export function hasWebGL() {
  try {
    const canvas = document.createElement("canvas");
    const gl = canvas.getContext("webgl") || canvas.getContext("experimental-webgl");
    gl?.getExtension("WEBGL_lose_context")?.loseContext(); // browsers hold only a few contexts
    return Boolean(gl);
  } catch {
    return false;
  }
}

export class Surface3d {
  constructor(box, plotly) {
    this.box = box;
    this.plotly = plotly;
    this.node = document.createElement("div");
    this.node.className = "rv-plot";
    box.prepend(this.node);
    this.onMove = () => {};
    this.onCamera = () => {};
  }

  get gl() {
    return this.node._fullLayout?.scene?._scene;
  }

  get ready() {
    return Boolean(this.listening && this.gl?.glplot);
  }

  async show(surface, levels, theme, camera) {
    this.rows = heights(surface, levels);
    const figure = surfaceFigure(surface, levels, this.rows, theme);
    figure.layout.width = this.box.clientWidth;
    figure.layout.height = this.box.clientHeight;
    figure.layout.scene.camera = camera ?? this.camera() ?? CAMERA;
    await this.plotly.react(this.node, figure.data, figure.layout, SURFACE_CONFIG);
    if (!this.listening) {
      this.listening = true;
      this.node.on("plotly_relayout", (change) => change["scene.camera"] && this.onCamera(this.camera()));
    }
    this.follow();
    this.onMove();
  }

  /** Plotly redraws the scene when it likes; after each of its frames the overlay is redrawn too, so that paths never lag. */
  follow() {
    const plot = this.gl?.glplot;
    if (!plot || plot.followed) return;
    plot.followed = true;
    const drawn = plot.onrender;
    plot.onrender = (...args) => {
      drawn?.apply(plot, args);
      this.onMove();
    };
  }

  camera() {
    const now = this.gl?.getCamera?.();
    if (!now) return null;
    const round = (v) => ({ x: Number(v.x.toFixed(3)), y: Number(v.y.toFixed(3)), z: Number(v.z.toFixed(3)) });
    return { eye: round(now.eye), center: round(now.center), up: round(now.up) };
  }

  moveTo(camera) {
    return this.plotly.relayout(this.node, { "scene.camera": camera });
  }

  /** Keyboard: turn by an angle about the vertical, tilt, or come nearer. */
  orbit(turn, tilt, nearer) {
    const camera = this.camera();
    if (!camera) return;
    const { x, y, z } = camera.eye;
    const r = Math.hypot(x, y, z) * nearer;
    const angle = Math.atan2(y, x) + turn;
    const height = Math.min(1.5, Math.max(-1.5, Math.asin(z / Math.hypot(x, y, z)) + tilt));
    camera.eye = { x: r * Math.cos(height) * Math.cos(angle), y: r * Math.cos(height) * Math.sin(angle), z: r * Math.sin(height) };
    this.moveTo(camera);
  }

  resize() {
    if (!this.listening) return Promise.resolve();
    const { clientWidth: width, clientHeight: height } = this.box;
    const now = this.node._fullLayout;
    if (!width || (now.width === width && now.height === height)) return Promise.resolve();
    return this.plotly.relayout(this.node, { width, height });
  }

  /** Points of space (x, y, drawn height; interleaved) -> pixels of the box (x, y interleaved). */
  project(points) {
    const { glplot, dataScale } = this.gl;
    const { model, view, projection } = glplot.cameraParams;
    const m = multiply(projection, multiply(view, model));
    const size = this.node._fullLayout._size;
    const out = new Float32Array((points.length / 3) * 2);
    for (let i = 0, k = 0; i < points.length; i += 3, k += 2) {
      const x = points[i] * dataScale[0];
      const y = points[i + 1] * dataScale[1];
      const z = points[i + 2] * dataScale[2];
      const w = m[3] * x + m[7] * y + m[11] * z + m[15];
      out[k] = w > 0 ? size.l + (size.w / 2) * (1 + (m[0] * x + m[4] * y + m[8] * z + m[12]) / w) : NaN;
      out[k + 1] = size.t + (size.h / 2) * (1 - (m[1] * x + m[5] * y + m[9] * z + m[13]) / w);
    }
    return out;
  }

  destroy() {
    this.plotly.purge(this.node);
  }
}

/** Column-major 4 x 4 matrices, as WebGL has them: a b. */
function multiply(a, b) {
  const out = new Float64Array(16);
  for (let c = 0; c < 4; c++)
    for (let r = 0; r < 4; r++) for (let k = 0; k < 4; k++) out[4 * c + r] += a[4 * k + r] * b[4 * c + k];
  return out;
}

/** What stands in brackets is on the plane's axes: here it would be cut at the panel's edge. */
const short = (title) => title.replace(/ \(.*\)$/, "");

function surfaceFigure(surface, levels, rows, theme) {
  const axis = (title) => ({
    title: { text: title, font: { size: 13 } }, color: theme.text, gridcolor: theme.grid, zeroline: false, showbackground: false,
    showspikes: false, nticks: 5, tickfont: { size: 11 }, linecolor: theme.edge, showline: true,
  });
  const spans = [surface.x[1] - surface.x[0], surface.y[1] - surface.y[0]];
  const widest = Math.max(...spans);
  const ratio = surface.equal ? spans.map((span) => Math.max(0.4, span / widest)) : [1, 1];
  const zaxis = axis(""); // a title would be cut at the panel's edge; the panel's heading says what height is
  zaxis.tickvals = levels.ticks.map((t) => t.at);
  zaxis.ticktext = levels.ticks.map((t) => t.text);
  zaxis.range = [levels.lo, levels.hi];
  // With holes in the grid, WebGL's contour lines take half a minute in software rendering: then the colours must do.
  const whole = rows.every((row) => row.every(Number.isFinite));
  const lines = { show: whole, start: levels.lo, end: levels.hi, size: levels.size * 2, width: 1, color: theme.dark ? "#9fb0b8" : "#3f5a69", highlight: false };
  const data = [{
    type: "surface", x: surface.xs, y: surface.ys, z: rows, colorscale: colorscale(theme), cmin: levels.lo, cmax: levels.hi,
    showscale: false, hoverinfo: "skip", connectgaps: false,
    lighting: { ambient: 0.72, diffuse: 0.55, specular: 0.06, roughness: 0.9, fresnel: 0.05 }, lightposition: { x: -2000, y: -3000, z: 9000 },
    contours: { z: lines, x: { highlight: false }, y: { highlight: false } },
  }];
  const layout = {
    margin: { l: 0, r: 0, t: 0, b: 0 }, paper_bgcolor: "rgba(0,0,0,0)", font: { family: theme.font, size: 12, color: theme.text }, hovermode: false,
    scene: {
      xaxis: axis(short(surface.axes[0])), yaxis: axis(short(surface.axes[1])), zaxis, bgcolor: "rgba(0,0,0,0)", dragmode: "turntable",
      aspectmode: "manual", aspectratio: { x: ratio[0], y: ratio[1], z: 0.55 },
    },
  };
  return { data, layout };
}
