// The scene: one clock, and the panels that follow it. Data comes in through `update`, the user's doings leave through `events`.

import { Clock } from "./clock.js";
import { companionKey } from "./companions.js";
import { showControls } from "./controls.js";
import { Curves } from "./curves.js";
import { decodeRacer, decodeSurface, distances, isMinimum } from "./decode.js";
import { Events } from "./events.js";
import { leftAt, reachOf } from "./frame.js";
import { Inside } from "./inside.js";
import { InsideCurves } from "./insidecurves.js";
import { insideKey, magnification } from "./insidedraw.js";
import { nameOf } from "./format.js";
import { levelsOf } from "./levels.js";
import { liveLine } from "./live.js";
import { Names } from "./names.js";
import { Overlay } from "./overlay.js";
import { Overlay3d } from "./overlay3d.js";
import { Plane } from "./plane.js";
import { Playbar } from "./playbar.js";
import { buildShell, showKey } from "./shell.js";
import { Start } from "./start.js";
import { getSurface, onSurface } from "./store.js";
import { hasWebGL, Surface3d } from "./surface3d.js";
import { Table } from "./table.js";
import { readTheme, sameTheme } from "./theme.js";
import { insideTitle, surfaceTitle } from "./titles.js";
import { changedEntries, DEFAULT_VIEW, viewFrom } from "./view.js";
import { when } from "./when.js";
import { wireScene } from "./wiring.js";

const BREATH_MS = 60; // between the plane and the surface: what the hand did meanwhile is heard first
const WORDS_MS = 120; // how often words and numbers change during playback: faster cannot be read

export class Scene {
  constructor(host, plotly) {
    this.plotly = plotly;
    Object.assign(this, buildShell(host));
    const { parts } = this;
    this.clock = new Clock();
    this.events = new Events();
    this.view = { ...DEFAULT_VIEW };
    this.racers = [];
    this.plane = new Plane(parts.planeBox, plotly);
    this.overlay = new Overlay(parts.planeBox, this.plane);
    this.start = new Start(parts.planeBox, parts.start, this.overlay);
    this.webgl = hasWebGL();
    this.space = this.webgl ? new Surface3d(parts.surfaceBox, plotly) : null;
    this.overlay3d = this.webgl ? new Overlay3d(parts.surfaceBox, this.space) : null;
    this.curves = new Curves(parts.curveBox);
    this.rates = new Curves(parts.rateBox);
    this.inside = new Inside();
    this.insideCurves = new InsideCurves(parts.insideBox);
    this.names = new Names(parts.names);
    this.table = new Table(parts.table);
    this.playbar = new Playbar(this.root, parts, this.clock);
    this.forget = onSurface((key) => key === this.race?.surface && this.refresh());
    wireScene(this);
  }

  /** New data from the server, or the same data under another theme. */
  update(race, send) {
    this.events.send = send;
    this.race = race;
    this.events.answered(); // the server may compute the next answer while this one is drawn
    this.refresh();
  }

  /** Whether the surface is drawn in 3-D: wished for, possible, and with heights to draw. */
  get solid() {
    return Boolean(this.view.surface && this.space && !this.surface?.bare);
  }

  /** Draws what changed. Runs one at a time; what arrives meanwhile is drawn in one go afterwards. */
  async refresh() {
    if (this.busy) {
      this.again = true;
      return;
    }
    this.busy = true;
    try {
      do {
        this.again = false;
        await this.paint();
      } while (this.again && !this.gone);
    } finally {
      this.busy = false;
    }
  }

  async paint() {
    const { race } = this;
    const raw = race && getSurface(race.surface);
    if (!raw || this.gone) return; // the surface is still on its way and will call
    const theme = readTheme(this.root);
    const themed = !sameTheme(theme, this.theme);
    this.theme = theme;
    this.root.classList.toggle("rv-dark", theme.dark);
    const landed = raw !== this.raw;
    if (landed) this.land(raw);
    if (race.nav !== this.nav) this.navigate(race);
    if (race !== this.drawn || landed) this.readRace(race);
    this.drawn = race;
    const redraw = landed || themed || this.restyle;
    this.restyle = false;
    showControls(this);
    if (redraw) await this.drawPlane();
    this.drawRacers();
    this.count();
    if (this.spaceDue && this.solid) await this.drawSpace();
  }

  /** A new picture is up. */
  count() {
    return painted().then(() => (this.root.dataset.revision = String(Number(this.root.dataset.revision) + 1)));
  }

  /** Another landscape: a zoom into the old frame means nothing in a different one. */
  land(raw) {
    const before = this.surface;
    this.raw = raw;
    this.surface = decodeSurface(raw);
    const sameFrame = before && String([before.x, before.y]) === String([raw.x, raw.y]);
    if (before && !sameFrame) this.view.x = this.view.y = null;
  }

  navigate(race) {
    this.nav = race.nav;
    this.view = viewFrom(race.view);
    this.clock.speed = this.view.speed;
    this.clock.steps = race.steps;
    this.clock.adopt(race.cursor);
    this.events.drop("cursor");
    this.events.drop("view");
    this.restyle = true;
    this.cameraDue = true;
  }

  readRace(race) {
    const minima = this.surface.points.filter(isMinimum);
    const shown = race.racers.filter((racer) => racer.visible);
    this.racers = shown.map((entry) => {
      const racer = decodeRacer(entry, race.steps);
      return Object.assign(racer, { name: nameOf(entry, shown), distance: distances(racer.path, minima), left: leftAt(racer, this.surface), reach: reachOf(this.surface), when: (tick) => when(race, tick), over: entry.ended || when(race, racer.diverged_at), shadow: race.fixed, quantity: this.surface.quantity });
    });
    this.clock.pace = race.pace;
    this.clock.setSteps(race.steps);
    this.root.classList.toggle("rv-fixed", race.fixed);
    this.start.fixed = race.fixed;
    this.start.show(race.start);
    this.told = false;
  }

  /** The words of a new run. After the pictures: text that changes first would make the browser lay out the page to measure them. */
  tell() {
    if (this.told) return;
    this.told = true;
    if (this.parts.title.textContent !== this.race.headline) this.parts.title.textContent = this.race.headline;
    this.names.show(this.racers);
    this.table.show(this.racers, this.clock.tick, this.race);
  }

  async drawPlane() {
    const { surface, theme, view } = this;
    const levels = levelsOf(surface, view.levels ?? surface.levels);
    const zoom = view.x ? { x: view.x, y: view.y } : null;
    this.parts.height.textContent = this.solid ? surfaceTitle(surface.quantity, levels.kind) : "Surface";
    showKey(this.parts.key, surface, levels, theme, this.solid);
    await this.plane.show(surface, levels, theme, zoom);
    this.levels = levels;
    this.spaceDue = true;
  }

  /** The surface comes after the rest: in software WebGL it takes longer than everything else together, and newer data goes before it. */
  async drawSpace() {
    await painted();
    await new Promise((resolve) => setTimeout(resolve, BREATH_MS));
    if (this.again || this.gone) return;
    this.spaceDue = false;
    await this.space.show(this.surface, this.levels, this.theme, this.cameraDue ? this.view.camera ?? undefined : undefined);
    this.cameraDue = false;
    this.drawPaths3d();
    this.overlay3d.draw(this.clock.tick);
    this.count();
  }

  drawPaths3d() {
    if (this.solid && this.space.ready && !this.spaceDue) this.overlay3d.layout(this.racers, this.surface, this.theme, this);
  }

  drawRacers() {
    this.inside.read(this.view.inside === false ? null : this.race.inside, this.racers);
    this.layoutPlane();
    this.drawPaths3d();
    this.layoutCurves();
    this.tell();
    this.draw(true);
  }

  layoutPlane() {
    if (!this.plane.ready) return;
    this.overlay.start = this.start.at;
    this.overlay.layout(this.racers, this.surface, this.theme, { queries: this.view.queries, inside: this.inside });
    this.parts.companionKey.textContent = companionKey(this.racers, this.race.other);
    this.parts.insideKey.replaceChildren(...insideKey(this.inside, this.theme));
    this.start.place();
    this.parts.whole.disabled = !this.plane.zoom();
  }

  layoutCurves() {
    const clock = { axis: this.view.axis, clock: this.race.clock, pace: this.race.pace };
    const scheduled = this.racers.filter((racer) => racer.rate);
    this.parts.rates.hidden = !scheduled.length;
    if (scheduled.length) this.rates.layout(scheduled, this.surface, this.clock.steps, this.theme, { kind: "rate", log: false, ...clock });
    this.curves.layout(this.racers, this.surface, this.clock.steps, this.theme, { kind: this.view.curve, log: this.view.curve_log, ...clock });
    this.parts.axisTitle.textContent = this.curves.axisTitle;
    const seen = this.insideCurves.layout(this.inside, this.clock.steps, this.theme, this.curves.frame, this.curves.width);
    this.parts.insidePanel.hidden = !seen;
    if (seen) this.parts.insideTitle.textContent = insideTitle(this.inside, this.surface.axes);
  }

  /** The picture at the cursor: pictures at once, words when there is time to read them. */
  draw(now = false) {
    const { tick } = this.clock;
    this.overlay.draw(tick);
    if (this.solid) this.overlay3d.draw(tick);
    this.curves.draw(tick);
    if (!this.parts.rates.hidden) this.rates.draw(tick);
    this.insideCurves.draw(tick);
    this.playbar.show();
    this.root.dataset.cursor = String(tick);
    if (now || !this.clock.playing || performance.now() - (this.saidAt ?? 0) > WORDS_MS) this.say(tick);
  }

  say(tick) {
    this.saidAt = performance.now();
    const { live } = this.parts;
    live.setAttribute("aria-live", this.clock.playing ? "off" : "polite"); // nobody can listen to sixty lines a second
    live.textContent = liveLine(this.racers, tick, this.race);
    this.parts.insideLine.textContent = this.inside.line(tick);
    this.parts.magnified.textContent = magnification(this.inside, tick);
    this.names.update(tick, this.view.curve);
    this.table.update(tick);
    if (!this.clock.playing) this.table.arrange(tick);
  }

  /** The viewer chose something. */
  choose(entries, redraw, urgent = false) {
    Object.assign(this.view, entries);
    this.tellView(urgent);
    if (!redraw) return;
    this.restyle = redraw === "landscape" || this.restyle;
    this.refresh();
  }

  tellView(urgent) {
    const view = { ...this.view };
    if (view.levels === this.surface?.levels) view.levels = null;
    this.events.view(changedEntries(view), urgent);
  }

  resized() {
    if (this.gone || !this.surface) return;
    Promise.all([this.plane.resize(), this.solid && this.space.resize()]).then(() => !this.gone && this.plane.ready && this.drawRacers());
  }

  destroy() {
    this.gone = true;
    this.clock.halt();
    this.events.destroy();
    this.playbar.destroy();
    this.forget();
    this.unwire();
    this.plane.destroy();
    this.space?.destroy();
    this.root.remove();
  }
}

/** A message sent in an animation frame arrives after that frame has been painted. */
function painted() {
  return new Promise((resolve) =>
    requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = resolve;
      port2.postMessage(null);
    }),
  );
}
