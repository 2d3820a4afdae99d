// Numbers and lists in words. Three significant digits everywhere, small and large ones as Python writes them: 1e-05, 2.55e+19.

export function number(value) {
  if (value === null || value === undefined || Number.isNaN(value)) return "–";
  if (value === Infinity) return "∞";
  if (value === -Infinity) return "−∞";
  if (value === 0) return "0";
  const size = Math.abs(Number(value.toPrecision(3))); // as it will read: 0.00009999 is 0.0001
  const text = size >= 1e5 || size < 1e-4 ? tidyExponent(value.toExponential(2)) : digits(value, size);
  return text.replace(/^-/, "−");
}

function digits(value, size) {
  const text = value.toPrecision(3);
  const plain = text.includes("e") ? String(Math.round(value)) : text;
  return size < 100 && plain.includes(".") ? plain.replace(/\.?0+$/, "") : plain;
}

function tidyExponent(text) {
  return text.replace(/\.?0*e/, "e").replace(/e([+-])(\d)$/, "e$10$2");
}

const DUST = 1e-13; // of the frame's size: what is smaller is an error of a few hundred roundings

/** A place in a frame of that size; a coordinate that is 0 but for rounding is 0. */
export function point(x, y, reach) {
  return pair(x, y, DUST * reach);
}

/** A step or a slope there: beside a coordinate of any size, one of rounding is 0. Alone, a small one may be all there is. */
export function arrow(x, y, reach) {
  return pair(x, y, Math.min(DUST * reach, 1e-9 * Math.max(Math.abs(x), Math.abs(y))));
}

function pair(x, y, dust) {
  return `(${[x, y].map((value) => number(Math.abs(value) < dust ? 0 : value)).join(", ")})`;
}

export const capital = (text) => text[0].toUpperCase() + text.slice(1);

/** "A", "A and B", "A, B and C" */
export function listed(words) {
  if (words.length < 2) return words.join("");
  return `${words.slice(0, -1).join(", ")} and ${words[words.length - 1]}`;
}

/** The racer's name, and of several that share it what they differ in. */
export function nameOf(racer, racers) {
  const twins = racers.filter((other) => other.visible && other.label === racer.label).map((other) => other.detail.split(", "));
  if (twins.length < 2 || !racer.detail) return racer.label;
  const parts = racer.detail.split(", ");
  const own = parts.filter((part) => twins.some((twin) => !twin.includes(part)));
  const told = (own.length ? own : parts).join(", ");
  return /[,:]|^the /.test(told) ? `${racer.label} (${told})` : `${racer.label} ${told}`;
}
