// The playback bar and the keys that stand for its buttons.

import { icon } from "./shell.js";
import { SPEEDS } from "./clock.js";
import { capital } from "./format.js";
import { count, when } from "./when.js";

export class Playbar {
  constructor(root, parts, clock) {
    Object.assign(this, { root, parts, clock });
    this.onSpeed = () => {};
    parts.first.onclick = () => clock.seek(0);
    parts.back.onclick = () => clock.seek(clock.tick - 1);
    parts.play.onclick = () => clock.toggle();
    parts.forward.onclick = () => clock.seek(clock.tick + 1);
    parts.last.onclick = () => clock.seek(clock.steps);
    parts.scrub.oninput = () => clock.seek(Number(parts.scrub.value));
    for (const speed of SPEEDS) parts.speed.add(new Option(`${speed}×`, String(speed)));
    parts.speed.onchange = () => {
      clock.speed = Number(parts.speed.value);
      this.onSpeed(clock.speed);
    };
    this.onKey = (event) => this.key(event);
    document.addEventListener("keydown", this.onKey);
  }

  show() {
    const { parts, clock } = this;
    parts.scrub.max = String(clock.steps);
    parts.scrub.value = String(clock.tick);
    parts.scrub.disabled = clock.steps < 1;
    parts.tick.textContent = `${capital(when(clock, clock.tick))} of ${count(clock, clock.steps)}`;
    parts.speed.value = String(clock.speed);
    if (this.shown !== clock.playing) {
      this.shown = clock.playing;
      parts.play.innerHTML = icon(clock.playing ? "pause" : "play");
      parts.play.setAttribute("aria-label", clock.playing ? "Pause" : "Play");
      parts.play.title = clock.playing ? "Pause (space)" : "Play (space)";
    }
  }

  key(event) {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    const target = event.target;
    const here = this.root.contains(target);
    if (!here && target !== document.body) return;
    // With two scenes on a page, keys pressed nowhere in particular belong to the first.
    if (!here && document.querySelector('[data-testid="scene"]') !== this.root) return;
    const onRange = target === this.parts.scrub;
    if (!onRange && target.closest?.("input, select, textarea")) return;
    const { clock } = this;
    if (event.key === " ") {
      if (target.closest?.("button")) return; // space presses the button that has the focus
      clock.toggle();
    } else if (onRange) return;
    else if (event.key === "ArrowLeft") clock.seek(clock.tick - 1);
    else if (event.key === "ArrowRight") clock.seek(clock.tick + 1);
    else if (event.key === "Home") clock.seek(0);
    else if (event.key === "End") clock.seek(clock.steps);
    else return;
    event.preventDefault();
  }

  destroy() {
    document.removeEventListener("keydown", this.onKey);
  }
}
