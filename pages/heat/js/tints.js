// Colours of a map: bright is good. Ends that are no number are neutral and patterned, so that colour is never the only cue.

// Viridis (van der Walt & Smith 2015): even steps to the eye, and the same order without red or green, or in grey.
const VIRIDIS = ["#440154", "#472d7b", "#3b528b", "#2c728e", "#21918c", "#28ae80", "#5ec962", "#addc30", "#fde725"];
// Minima, by number: Okabe & Ito 2008 and two more; the number on the map tells those apart that share a colour.
const BASINS = ["#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#b8a800", "#7f6fd6", "#8c6d4f", "#4aa3a1"];

const NEUTRAL = {
  light: { resting: "#dde2ea", waiting: "#eef0f0", left: "#cfd5d6", diverged: "#9aa3a6", ink: "#4c5558" },
  dark: { resting: "#30383f", waiting: "#232b2e", left: "#3d474b", diverged: "#5f6b70", ink: "#b9c3c6" },
};

export const STATES = { resting: 65532, waiting: 65533, left: 65534, diverged: 65535 };
export const STATE_WORDS = { resting: "at rest elsewhere", waiting: "not there yet", left: "left the frame", diverged: "diverged" };

const parse = (hex) => [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));
const pack = ([r, g, b]) => (255 << 24) | (b << 16) | (g << 8) | r; // little-endian RGBA
const blend = (a, b, share) => a.map((v, i) => Math.round(v + (b[i] - v) * share));

/** 256 packed colours from bad (dark) to good (bright). */
export const RAMP = Uint32Array.from({ length: 256 }, (_, i) => {
  const at = (i / 255) * (VIRIDIS.length - 1);
  const k = Math.min(VIRIDIS.length - 2, Math.floor(at));
  return pack(blend(parse(VIRIDIS[k]), parse(VIRIDIS[k + 1]), at - k));
});

/** The colours of a scale's bar from left to right, whose numbers rise: from good to bad. */
export const barColors = ({ kind }) => (kind === "basins" ? ["#56b4e9", "#1c3342"] : [...VIRIDIS].reverse());

export const neutral = (theme) => NEUTRAL[theme.dark ? "dark" : "light"];
export const packed = (hex) => pack(parse(hex));
export const basinColor = (k) => BASINS[k % BASINS.length];

/** A minimum's colour, darker the longer the way to it took: `share` from 0 to 1. */
export function basinShade(k, share) {
  return pack(blend(parse(basinColor(k)), [10, 14, 18], 0.72 * share));
}

/** Two groups that are no numbers either: at rest elsewhere than at the lowest loss, and still on the way. */
export const KINDS = { arrived: "#fde725", resting: "#c3a6e0", waiting: "#2c728e" };
