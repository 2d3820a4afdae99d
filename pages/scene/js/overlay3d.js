// What lies over the 3-D surface: the draped paths, their heads, and the minima.

import { fit, newCanvas, wipe } from "./canvas.js";
import { companions, drawCompanion, widthOf } from "./companions.js";
import { drape } from "./draped.js";
import { drawInside3d } from "./insidedraw.js";
import { isMinimum } from "./decode.js";
import { drawMarker, drawPoint, MOST_SOLID, sizeOf } from "./markers.js";
import { heightAt } from "./levels.js";
import { situation } from "./frame.js";
import { Trails } from "./trails.js";

export class Overlay3d {
  constructor(box, view) {
    this.box = box;
    this.view = view;
    this.canvas = newCanvas("rv-over");
    box.append(this.canvas);
    this.trails = new Trails();
    this.lines = [];
  }

  layout(racers, surface, theme, { inside, levels }) {
    Object.assign(this, { racers, surface, theme, inside, levels });
    this.lines = racers.map((racer) => drape(racer, surface, this.view.rows));
    this.draped = companions(racers).map((one) => ({ ...one, ...drape(one, surface, this.view.rows) }));
    const known = surface.points.filter(isMinimum);
    const crowd = known.filter((p) => p.kind === "minimum").length > MOST_SOLID;
    this.known = [...(crowd ? known.filter((p) => p.kind === "lowest" || p.kind === "edge") : known), ...surface.points.filter((p) => p.kind === "mark")];
    this.places = Float32Array.from(this.known.flatMap((p) => [p.x, p.y, heightAt(surface, this.view.rows, p.x, p.y)]));
    this.look();
  }

  /** The camera moved: where is everything now? */
  look() {
    if (!this.view.ready || !this.racers) return;
    this.width = this.box.clientWidth;
    this.height = this.box.clientHeight;
    const lines = this.lines.map(({ points, first }, i) => ({
      points: this.view.project(points), upto: (t) => first[Math.min(t, first.length - 1)],
      color: this.racers[i].color, width: widthOf(this.racers[i]),
    }));
    this.beside = this.draped.map(({ points, first, ...one }) => ({
      ...one, ...one.look, points: this.view.project(points), upto: (t) => first[Math.min(one.upto(t), first.length - 1)],
    }));
    this.trails.set([...lines, ...this.beside], this.width, this.height, [0, 0, this.width, this.height], this.theme);
    this.pixels = lines;
  }

  draw(tick) {
    if (!this.pixels || !this.view.ready) return;
    const ctx = fit(this.canvas, this.width, this.height);
    wipe(ctx);
    const seen = this.view.project(this.places);
    this.known.forEach(({ kind }, i) => Number.isFinite(seen[2 * i]) && drawPoint(ctx, kind, seen[2 * i], seen[2 * i + 1], 7 * sizeOf(kind), this.theme));
    this.trails.draw(ctx, tick);
    drawInside3d(ctx, this.inside, this, tick);
    for (const one of this.beside) drawCompanion(ctx, one, tick, this.theme);
    this.racers.forEach((racer, i) => {
      if (racer.last < 0) return;
      const now = situation(racer, tick);
      const { points, upto } = this.pixels[i];
      const k = 2 * upto(now.at);
      if (Number.isFinite(points[k]) && Number.isFinite(points[k + 1]))
        drawMarker(ctx, racer.marker, points[k], points[k + 1], racer.selected ? 8 : 6, racer.color, this.theme);
    });
  }
}
