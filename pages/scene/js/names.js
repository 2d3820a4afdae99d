// The key to the racers beside the curve: marker, name, and the value at the cursor.

import { CURVES } from "./curves.js";
import { markerSvg } from "./markers.js";
import { number } from "./format.js";

export class Names {
  constructor(list) {
    this.list = list;
    this.values = [];
  }

  show(racers) {
    this.racers = racers;
    this.list.replaceChildren(
      ...racers.map((racer) => {
        const item = document.createElement("li");
        item.classList.toggle("rv-selected", racer.selected);
        item.innerHTML = markerSvg(racer.marker, racer.color);
        const name = document.createElement("span");
        name.textContent = racer.label;
        const detail = document.createElement("small");
        detail.textContent = racer.detail;
        name.append(" ", detail);
        item.append(name, document.createElement("b"));
        return item;
      }),
    );
    this.values = [...this.list.querySelectorAll("b")];
  }

  update(tick, kind) {
    this.list.dataset.quantity = (kind === "loss" ? this.racers?.[0]?.quantity : CURVES[kind].toLowerCase()) ?? ""; // the curve may be of what it is above a floor
    this.racers?.forEach((racer, i) => {
      const gone = racer.diverged_at !== null && tick >= racer.diverged_at;
      const text = gone ? racer.fate : racer.last < 0 ? "–" : number(racer[kind][Math.min(tick, racer.last)]);
      if (this.values[i].textContent !== text) this.values[i].textContent = text;
    });
  }
}
