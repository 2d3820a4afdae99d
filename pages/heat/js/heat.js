// The maps of a page side by side, the run under the pointer, and the clock of their animation.

import { Clock } from "../../scene/js/clock.js";
import { number } from "../../scene/js/format.js";
import { Playbar } from "../../scene/js/playbar.js";
import { readTheme, sameTheme } from "../../scene/js/theme.js";
import { Ask } from "./ask.js";
import { Board } from "./board.js";
import { Inset } from "./inset.js";
import { showAreas, showLegend } from "./legend.js";
import { EARS, getGround, getSheet, HOVERED, onShelf } from "./shelf.js";
import { buildSkeleton } from "./skeleton.js";
import { marksKey } from "../../scene/js/shell.js";
import { copyLink, download } from "../../scene/js/share.js";
import { posterOf } from "./poster.js";
import { STATES, STATE_WORDS } from "./tints.js";
import { NO_BASIN } from "./tinting.js";
import { logOf } from "./unpack.js";
import { wireBoard } from "./touch.js";

/** On a board, whose sides go from 0 to 1; what its axis has no place for is at its lower end. */
const inBoard = (at) => Math.min(0.9999, Math.max(0, at || 0));

export class Heat {
  constructor(host) {
    Object.assign(this, buildSkeleton(host));
    this.boards = [];
    this.cell = null;
    this.clock = new Clock();
    this.inset = new Inset(this.parts.inset);
    this.playbar = new Playbar(this.root, this.parts, this.clock);
    this.ask = new Ask((question) => HOVERED.send?.(question));
    this.forget = onShelf((kind) => this.landed(kind));
    this.clock.onTick = () => this.drawBoards();
    this.clock.onRest = () => this.later("tick", this.clock.tick);
    this.wire();
  }

  wire() {
    const { parts } = this;
    parts.nearer.onclick = () => this.nearer(this.current(), 0.5);
    parts.farther.onclick = () => this.nearer(this.current(), 2);
    parts.whole.onclick = () => this.whole();
    parts.open.onclick = () => this.open(this.current());
    parts.link.onclick = async () => this.say(await copyLink(parts.address));
    parts.png.onclick = async () => {
      download(await posterOf(this), "ravine-map.png");
      this.say("Picture saved.");
    };
    let due;
    this.observer = new ResizeObserver(() => {
      clearTimeout(due);
      due = setTimeout(() => this.theme && this.paint(), 60);
    });
    this.observer.observe(parts.boards);
  }

  update(data) {
    this.data = data;
    if (data.nav !== this.nav) {
      this.nav = data.nav;
      this.clock.steps = data.steps;
      this.clock.adopt(data.tick);
    } else this.clock.setSteps(data.steps);
    this.paint();
  }

  /** Something that was waited for has come. */
  landed(kind) {
    if (!this.data) return;
    if (kind === "run") {
      this.ask.answered();
      this.showRun();
    } else if (kind === "ground") this.showRun();
    else this.paint();
  }

  paint() {
    if (this.gone || !this.data || !this.data.maps.every((map) => getSheet(map.sheet))) return;
    const theme = readTheme(this.root);
    const themed = !sameTheme(theme, this.theme);
    this.theme = theme;
    this.root.classList.toggle("rv-dark", theme.dark);
    const { data, parts } = this;
    if (parts.title.textContent !== data.headline) parts.title.textContent = data.headline;
    parts.playback.hidden = data.kind !== "basins";
    this.arrange(data.maps.length);
    data.maps.forEach((map, k) => this.boards[k].show(map, getSheet(map.sheet), { ...data, theme }));
    showLegend(parts.key, data, this.states(), theme);
    showAreas(parts.areas, data);
    parts.whole.disabled = !data.zoomed;
    this.root.dataset.state = data.state;
    this.root.dataset.kind = data.kind;
    if (themed) this.inset.stamp = null;
    this.follow();
    this.drawBoards();
    this.showRun();
    this.speak();
    this.count();
  }

  /** As many boards as maps, in columns that suit the number. */
  arrange(count) {
    while (this.boards.length > count) this.boards.pop().figure.remove();
    while (this.boards.length < count) {
      const board = new Board();
      wireBoard(board, this);
      this.boards.push(board);
      this.parts.boards.append(board.figure);
    }
    this.root.style.setProperty("--hm-columns", count < 2 ? 1 : count < 5 ? 2 : count < 10 ? 3 : 4);
    this.root.style.setProperty("--hm-rows", Math.ceil(count / (count < 2 ? 1 : count < 5 ? 2 : count < 10 ? 3 : 4)));
  }

  /** Which kinds of runs without a number there are. */
  states() {
    const found = new Set();
    for (const board of this.boards) {
      for (const [name, code] of Object.entries(STATES)) {
        if (board.sheet.which ? name === "waiting" || board.sheet.which.includes(NO_BASIN + code - STATES.resting) : board.sheet.codes.includes(code)) found.add(name);
      }
    }
    return Object.keys(STATES).filter((name) => found.has(name));
  }

  drawBoards() {
    const tick = this.data.kind === "basins" ? (this.clock.tick >= this.clock.steps ? Infinity : this.clock.tick) : Infinity;
    for (const board of this.boards) board.draw(tick);
    this.playbar.show();
    if (this.data.kind === "basins") this.parts.tick.textContent = `${this.clock.tick} of ${this.clock.steps} evaluations`;
    this.drawOver();
  }

  drawOver(dragged) {
    for (const board of this.boards) board.drawOver(this.cell && this.onBoard(board), dragged?.board === board ? dragged.box : null);
  }

  count() {
    requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel(); // after that frame has been painted
      port1.onmessage = () => (this.root.dataset.revision = String(Number(this.root.dataset.revision) + 1));
      port2.postMessage(null);
    });
  }

  // --- the cell under the pointer

  point(board, { i, j }) {
    const before = this.cell;
    if (before && before.board === board && before.i === i && before.j === j) return;
    this.cell = { board, i, j, x: board.sheet.xs[i], y: board.sheet.ys[j] };
    this.drawOver();
    this.speak();
    this.ask.about({ map: board.map.id, i, j, nx: board.x.count, ny: board.y.count });
  }

  /** Other maps lie under the cell, zoomed or finer ones: the run that is there now is asked about, so that line and card speak of one. */
  follow() {
    const { cell } = this;
    if (!cell?.board.figure.isConnected) return;
    const { board } = cell;
    const { i, j } = this.onBoard(board);
    const [x, y] = [board.sheet.xs[i], board.sheet.ys[j]];
    this.cell = { board, i, j, x, y };
    if (x !== cell.x || y !== cell.y) this.ask.about({ map: board.map.id, i, j, nx: board.x.count, ny: board.y.count });
  }

  /** Where the cell lies on a board: on every one that has the same axes. */
  onBoard(board) {
    const { cell } = this;
    if (board !== cell.board && (board.map.x.word !== cell.board.map.x.word || board.map.y.word !== cell.board.map.y.word)) return null;
    return board.cellAt([board.x.at(cell.x), board.y.at(cell.y)].map(inBoard));
  }

  cellOn(board) {
    const own = board.map.own;
    const middle = own ? [board.x.at(own[0]), board.y.at(own[1])].map(inBoard) : [0.5, 0.5];
    return (this.cell && this.onBoard(board)) ?? board.cellAt(middle);
  }

  focus(board) {
    if (!board.sheet || this.cell?.board === board) return;
    this.point(board, this.cellOn(board));
  }

  current() {
    return this.cell?.board.figure.isConnected ? this.cell.board : this.boards[0];
  }

  /** One line: the cell in words from the map itself at once; the server's sentence when it has come. */
  speak() {
    const { cell, data } = this;
    const line = cell && cell.board.figure.isConnected && cell.board.sheet ? this.words(cell) : data.summary;
    if (this.parts.live.textContent !== line) this.parts.live.textContent = line;
  }

  words({ board }) {
    const { i, j } = this.onBoard(board);
    const { map, sheet } = board;
    const place = `${map.label}, ${map.x.name} ${board.x.text(sheet.xs[i])}, ${map.y.name} ${board.y.text(sheet.ys[j])}`;
    return `${place}: ${this.outcome(sheet, j * sheet.nx + i)}`;
  }

  outcome(sheet, at) {
    const { scale } = this.data;
    const code = sheet.codes[at];
    if (sheet.which) {
      const basin = sheet.which[at];
      if (basin >= NO_BASIN) return `${STATE_WORDS[Object.keys(STATES)[basin - NO_BASIN]]}.`;
      return `${scale.floor} minimum ${basin + 1} after ${code} evaluations, and stays.`;
    }
    const state = Object.keys(STATES).find((name) => STATES[name] === code);
    if (state) return `${STATE_WORDS[state]}.`;
    if (scale.kind === "loss") return `ends ${number(10 ** logOf(code))} above ${scale.floor}.`;
    if (scale.kind === "evaluations") return `arrives after ${code} evaluations.`;
    return `${["arrives", "comes to rest elsewhere", "is still on its way"][code]}.`;
  }

  /** Its path on the small plane, and what the server says of it. */
  showRun() {
    const { run } = HOVERED;
    const { parts } = this;
    const ground = run && getGround(run.ground);
    if (!ground || !this.theme) return;
    if (this.inset.land(ground, this.theme)) parts.marks.replaceChildren(marksKey(this.inset.surface, this.theme, false));
    this.inset.draw(run.runs, run.start);
    parts.sideTitle.textContent = run.title;
    parts.says.textContent = run.says;
    parts.open.disabled = !run.runs.length;
    this.root.dataset.run = String(run.n);
  }

  // --- what the server hears

  open(board) {
    if (!board?.sheet || !this.cell) return;
    const { i, j } = this.cellOn(board);
    EARS.hear("open", { map: board.map.id, i, j, nx: board.x.count, ny: board.y.count, n: Date.now() });
  }

  drag(board, box) {
    this.drawOver(box && { board, box });
  }

  zoom(board, u, v) {
    EARS.hear("zoom", { x: u.map((at) => board.x.value(at)), y: v.map((at) => board.y.value(at)), n: Date.now() });
  }

  /** Closer to the cell, or away from it, by a factor. */
  nearer(board, factor) {
    if (!board?.sheet) return;
    const [u, v] = this.cell && this.onBoard(board) ? this.onBoard(board).at : [0.5, 0.5];
    const about = (at) => (factor < 1 ? [Math.max(0, at - factor / 2), Math.min(1, at + factor / 2)] : null);
    if (factor < 1) this.zoom(board, about(u), about(v));
    else EARS.hear("zoom", { out: factor, n: Date.now() });
  }

  whole() {
    EARS.hear("zoom", { whole: true, n: Date.now() });
  }

  later(name, value) {
    clearTimeout(this.resting);
    this.resting = setTimeout(() => EARS.hear(name, value), 400);
  }

  say(text) {
    this.parts.said.textContent = text;
    clearTimeout(this.saying);
    this.saying = setTimeout(() => (this.parts.said.textContent = ""), 6000);
  }

  destroy() {
    this.gone = true;
    this.clock.halt();
    this.playbar.destroy();
    this.ask.destroy();
    this.forget();
    this.observer.disconnect();
    clearTimeout(this.resting);
    this.root.remove();
  }
}
