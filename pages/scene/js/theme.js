// Streamlit hands its theme down as CSS variables; canvases and Plotly need them as colours.

// Muted and ordered by lightness, so that racers' colours stand out: valleys dark, heights pale.
const LIGHT_SCALE = ["#5f8096", "#7d9bab", "#9db5bd", "#bccccd", "#d7dfda", "#e9ebe3", "#f5f3ec"];
const DARK_SCALE = ["#0a1219", "#13202a", "#1e2f3a", "#2c3f49", "#3d5058", "#506166", "#657374"];

const probe = document.createElement("canvas").getContext("2d", { willReadFrequently: true });

/** Any CSS colour -> [r, g, b]. */
function rgb(color) {
  probe.clearRect(0, 0, 1, 1);
  probe.fillStyle = "#888";
  probe.fillStyle = color;
  probe.fillRect(0, 0, 1, 1);
  return [...probe.getImageData(0, 0, 1, 1).data.slice(0, 3)];
}

function luminance([r, g, b]) {
  const linear = (c) => (c / 255 <= 0.03928 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4);
  return 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
}

function mix(a, b, share) {
  return `rgb(${a.map((c, i) => Math.round(c * share + b[i] * (1 - share))).join(",")})`;
}

export function readTheme(element) {
  const style = getComputedStyle(element);
  const variable = (name, otherwise) => style.getPropertyValue(name).trim() || otherwise;
  const text = rgb(variable("--st-text-color", "#31333f"));
  const background = rgb(variable("--st-background-color", "#ffffff"));
  const dark = luminance(background) < 0.2;
  return {
    dark,
    text: mix(text, background, 1),
    muted: mix(text, background, 0.78),
    grid: mix(text, background, 0.14),
    edge: mix(text, background, 0.4),
    background: mix(background, text, 1),
    halo: dark ? "rgba(4,9,13,0.85)" : "rgba(255,255,255,0.92)",
    line: dark ? "rgba(255,255,255,0.14)" : "rgba(30,50,65,0.22)",
    primary: mix(rgb(variable("--st-primary-color", "#2f6f8f")), background, 1),
    font: style.fontFamily || "sans-serif",
    scale: dark ? DARK_SCALE : LIGHT_SCALE,
  };
}

/** Two readings that draw the same picture. */
export function sameTheme(a, b) {
  return Boolean(a && b) && a.text === b.text && a.background === b.background && a.primary === b.primary && a.font === b.font;
}

export function colorscale(theme) {
  return theme.scale.map((color, i) => [i / (theme.scale.length - 1), color]);
}
