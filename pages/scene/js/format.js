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

export function point(x, y) {
  return `(${number(x)}, ${number(y)})`;
}

export const capital = (text) => text[0].toUpperCase() + text.slice(1);

/** "A", "A and B", "A, B and C" */
export function listed(words) {
  if (words.length < 2) return words.join("");
  return `${words.slice(0, -1).join(", ")} and ${words[words.length - 1]}`;
}

/** The racer's name, with its detail only where two racers share the label. */
export function nameOf(racer, racers) {
  const twins = racers.filter((other) => other.visible && other.label === racer.label).length > 1;
  return twins && racer.detail ? `${racer.label} ${racer.detail}` : racer.label;
}
