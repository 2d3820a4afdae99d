// What the scene does when its parts are touched.

import { SHARPNESS } from "./canvas.js";
import { wireFullscreen } from "./fullscreen.js";
import { drawMarker } from "./markers.js";
import { onPick } from "./shell.js";
import { composePng, copyLink, download } from "./share.js";
import { CAMERA } from "./surface3d.js";
import { leaveSwipesToThePage, onScrub } from "./swipes.js";
import { describe, nearest, showTip, stationaryAt } from "./tooltip.js";
import { leaveWheelToThePage } from "./wheel.js";

const TURN = Math.PI / 18;
const ORBIT = {
  ArrowLeft: [-TURN, 0, 1], ArrowRight: [TURN, 0, 1], ArrowUp: [0, TURN, 1], ArrowDown: [0, -TURN, 1], "+": [0, 0, 0.9], "=": [0, 0, 0.9], "-": [0, 0, 1.1],
};

export function wireScene(scene) {
  const { parts } = scene;
  wireClock(scene);
  wirePlane(scene);
  if (scene.space) wireSpace(scene);
  wireCurves(scene);
  parts.png.onclick = () => savePng(scene);
  parts.link.onclick = async () => tell(scene, await copyLink(parts.address));
  let due;
  const observer = new ResizeObserver(() => {
    clearTimeout(due);
    due = setTimeout(() => scene.resized(), 60);
  });
  for (const box of [parts.planeBox, parts.surfaceBox, parts.curveBox]) observer.observe(box);
  const settle = wireFullscreen(scene.root, parts.full);
  const hand = leaveSwipesToThePage(parts.surfaceBox, () => scene.space?.ready && scene.space.onCamera(scene.space.camera()));
  const release = leaveWheelToThePage([parts.planeBox, parts.surfaceBox]);
  scene.unwire = () => {
    observer.disconnect();
    release();
    settle();
    hand();
  };
}

function wireClock(scene) {
  scene.clock.onTick = () => scene.draw();
  scene.clock.onRest = () => scene.events.cursor(scene.clock.tick);
  scene.playbar.onSpeed = (speed) => scene.choose({ speed });
}

function wirePlane(scene) {
  const { parts, plane, overlay, start } = scene;
  plane.onMove = () => {
    if (!scene.theme || !scene.surface || scene.busy) return; // a refresh in progress draws everything itself
    scene.layoutPlane();
    overlay.draw(scene.clock.tick);
  };
  plane.onZoom = (zoom) => scene.choose({ x: zoom?.x ?? null, y: zoom?.y ?? null });
  parts.nearer.onclick = () => plane.zoomBy(1 / 1.5);
  parts.farther.onclick = () => plane.zoomBy(1.5);
  parts.whole.onclick = () => plane.reset();
  start.onStart = (x, y, dragging) => scene.events.start(x, y, dragging);
  start.onReset = () => plane.reset();
  start.zoomed = () => Boolean(plane.zoom());
  onPick(parts.levels, (levels) => scene.choose({ levels }, "landscape"));
  parts.inside.onchange = () => scene.choose({ inside: parts.inside.checked }, "racers", true);
  parts.queries.onchange = () => scene.choose({ queries: parts.queries.checked }, "racers");
  parts.planeBox.addEventListener("pointermove", (event) => {
    if (!overlay.frame || !scene.surface) return;
    const rect = parts.planeBox.getBoundingClientRect();
    const x = event.clientX - rect.left;
    const y = event.clientY - rect.top;
    const hit = event.buttons ? null : nearest(scene.racers, x, y, scene.clock.tick);
    const still = event.buttons || hit ? null : stationaryAt(scene.surface, (u, v) => overlay.pixel(u, v), x, y);
    showTip(parts.tip, parts.planeBox, hit ? describe(hit) : still, x, y);
  });
  parts.planeBox.addEventListener("pointerleave", () => showTip(parts.tip, parts.planeBox, null));
}

function wireSpace(scene) {
  const { parts, space, overlay3d } = scene;
  space.onMove = () => {
    if (!space.ready || !overlay3d.racers || scene.gone) return;
    overlay3d.look();
    overlay3d.draw(scene.clock.tick);
  };
  space.onCamera = (camera) => scene.choose({ camera });
  parts.upright.onclick = () => {
    space.moveTo(CAMERA);
    scene.choose({ camera: null });
  };
  parts.surface.onchange = () => scene.choose({ surface: parts.surface.checked }, "landscape");
  parts.surfaceBox.addEventListener("keydown", (event) => {
    if (!ORBIT[event.key]) return;
    event.preventDefault();
    event.stopPropagation(); // these arrows are not the clock's
    space.orbit(...ORBIT[event.key]);
  });
}

function wireCurves(scene) {
  const { parts, curves, clock } = scene;
  onPick(parts.curve, (curve) => scene.choose({ curve }, "racers"));
  onPick(parts.curveLog, (scale) => scene.choose({ curve_log: scale === "log" }, "racers"));
  onPick(parts.axis, (axis) => scene.choose({ axis }, "racers"));
  onScrub(parts.curveBox, (event) => curves.frame && clock.seek(curves.tickAt(event.clientX - parts.curveBox.getBoundingClientRect().left)));
}

async function savePng(scene) {
  const { parts, overlay, overlay3d, plane, space, theme, curves, racers } = scene;
  if (!plane.ready) return;
  tell(scene, "Drawing the picture…");
  const panels = [{ box: parts.planeBox, node: plane.node, over: overlay }];
  if (scene.solid && space.ready) panels.push({ box: parts.surfaceBox, node: space.node, over: overlay3d });
  const keyed = racers.map((r) => ({ label: r.label, detail: r.detail, drawMark: (ctx, x, y) => drawMarker(ctx, r.marker, x, y, 6, r.color, theme) }));
  const sheet = { plotly: scene.plotly, theme, title: scene.race.headline, live: parts.live.textContent, racers: keyed, panels, curve: curves };
  SHARPNESS.ratio = 2;
  try {
    scene.drawRacers();
    download(await composePng(sheet), "ravine.png");
    tell(scene, "Picture saved.");
  } finally {
    SHARPNESS.ratio = null;
    scene.drawRacers();
  }
}

function tell(scene, text) {
  scene.parts.said.textContent = text;
  clearTimeout(scene.saying);
  scene.saying = setTimeout(() => (scene.parts.said.textContent = ""), 6000);
}
