// Every visible racer in numbers, at the cursor and at the end; sortable by any column.

import { markerSvg } from "./markers.js";
import { number } from "./format.js";

const COLUMNS = [
  { key: "name", title: "Racer", sort: (r) => r.name, text: null },
  { key: "loss", title: "Loss now", sort: (r, t) => at(r, r.loss, t), live: true },
  { key: "gradient", title: "|g| now", sort: (r, t) => at(r, r.gradient, t), live: true },
  { key: "distance", title: "Distance to minimum now", sort: (r, t) => at(r, r.distance, t), live: true },
  { key: "end", title: "Loss at the end", sort: (r) => at(r, r.loss, Infinity) },
  { key: "reached", title: "Evaluations to tolerance", sort: (r) => r.reached ?? Infinity, text: (r) => (r.reached === null ? "not reached" : String(r.reached)) },
  { key: "close", title: "… in distance", sort: (r) => r.close ?? Infinity, text: (r) => (r.close === null ? "–" : String(r.close)), wanted: (racers) => racers.some((r) => r.close !== null) },
  { key: "goal", title: "Ended near", sort: (r) => r.goal || "\uffff", text: (r) => r.goal || "–" },
  { key: "status", title: "Status", sort: (r) => statusOf(r), text: (r) => statusOf(r) },
];

/** A racer's value at a tick; a diverged one has its last finite point's. */
function at(racer, values, tick) {
  return racer.last < 0 ? NaN : values[Math.min(tick, racer.last)];
}

function statusOf(racer) {
  if (racer.status === "diverged") return `${racer.fate} at ${racer.over}`;
  return racer.status === "converged" ? "converged" : "still running";
}

export class Table {
  constructor(table) {
    this.table = table;
    this.sorted = { key: null, down: false };
    const row = table.createTHead().insertRow();
    COLUMNS.forEach((column) => {
      const cell = document.createElement("th");
      cell.scope = "col";
      cell.dataset.column = column.key;
      cell.innerHTML = `<button type="button">${column.title}<span aria-hidden="true"></span></button>`;
      cell.firstChild.onclick = () => this.sortBy(column.key);
      row.append(cell);
    });
  }

  /** race: whose seeds these are. */
  show(racers, tick, { seed, seeds }) {
    this.racers = racers;
    const caption = "Racers at the cursor and at the end";
    this.table.caption.textContent = seeds > 1 ? `${caption}: the runs drawn, of seed ${seed}, one of ${seeds}` : caption;
    for (const body of [...this.table.tBodies]) body.remove();
    this.bodies = racers.map((racer) => this.body(racer));
    COLUMNS.forEach((column, c) => {
      const hidden = Boolean(column.wanted) && !column.wanted(racers); // a column of nothing
      for (const row of [this.table.tHead.rows[0], ...this.bodies.map((body) => body.rows[0])]) row.cells[c].hidden = hidden;
    });
    keepRoles(this.table);
    this.update(tick);
    this.arrange(tick);
  }

  body(racer) {
    const body = this.table.createTBody();
    body.classList.toggle("rv-selected", racer.selected);
    const row = body.insertRow();
    const head = document.createElement("th");
    head.scope = "row";
    head.innerHTML = markerSvg(racer.marker, racer.color);
    head.append(words("b", racer.label), words("span", racer.detail));
    row.append(head);
    for (const column of COLUMNS.slice(1)) {
      const cell = row.insertCell();
      cell.dataset.column = column.key;
      cell.dataset.title = column.title; // on a phone it stands beside the value
      cell.textContent = column.text ? column.text(racer) : "";
    }
    if (racer.sentence) {
      const why = body.insertRow().insertCell();
      why.colSpan = COLUMNS.length;
      why.className = "rv-why";
      why.append(words("div", racer.sentence)); // stays in view where the columns are scrolled
    }
    return body;
  }

  /** New numbers in the cells that follow the cursor. Called at most ten times a second while playing. */
  update(tick) {
    this.racers.forEach((racer, i) => {
      const { cells } = this.bodies[i].rows[0];
      COLUMNS.forEach((column, c) => {
        if (column.live || column.key === "end") {
          const text = number(column.sort(racer, tick));
          if (cells[c].textContent !== text) cells[c].textContent = text;
        }
      });
    });
  }

  sortBy(key) {
    this.sorted = { key, down: this.sorted.key === key && !this.sorted.down };
    this.arrange(this.tick ?? Infinity);
  }

  arrange(tick) {
    this.tick = tick;
    const { key, down } = this.sorted;
    [...this.table.tHead.rows[0].cells].forEach((cell, i) => {
      const active = COLUMNS[i].key === key;
      if (active) cell.setAttribute("aria-sort", down ? "descending" : "ascending");
      else cell.removeAttribute("aria-sort");
      cell.querySelector("span").textContent = active ? (down ? " ▾" : " ▴") : "";
    });
    if (!key || !this.racers) return;
    const { sort } = COLUMNS.find((column) => column.key === key);
    const order = this.racers.map((racer, i) => [sort(racer, tick), this.bodies[i]]);
    order.sort(([a], [b]) => compare(a, b) * (down ? -1 : 1));
    for (const [, body] of order) this.table.append(body);
  }
}

function compare(a, b) {
  if (typeof a === "string") return a.localeCompare(b);
  const x = Number.isNaN(a) ? Infinity : a; // what cannot be measured comes last
  const y = Number.isNaN(b) ? Infinity : b;
  return x === y ? 0 : x < y ? -1 : 1;
}

/** On a phone its parts are laid out as blocks, which in some browsers takes their meaning away. */
function keepRoles(table) {
  const roles = { table: [table], rowgroup: [table.tHead, ...table.tBodies], row: table.rows, columnheader: table.tHead.rows[0].cells };
  for (const [role, elements] of Object.entries(roles)) for (const element of elements) element.setAttribute("role", role);
  for (const cell of table.querySelectorAll("tbody th, td")) cell.setAttribute("role", cell.tagName === "TH" ? "rowheader" : "cell");
}

function words(tag, text) {
  const element = document.createElement(tag);
  element.textContent = text;
  return element;
}
