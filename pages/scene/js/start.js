// The start point: a marker to drag, to move with the arrow keys, or to send somewhere with a click on the plane.

import { number } from "./format.js";

const STILL = 5; // pixels a pointer may tremble and still be a click
const NUDGE = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

export class Start {
  constructor(box, handle, overlay) {
    Object.assign(this, { box, handle, overlay, dragging: false, at: [0, 0] });
    this.onStart = () => {}; // (x, y, dragging)
    this.onReset = () => {}; // double click
    this.zoomed = () => false;
    this.fixed = false; // whether it follows from something else than a hand
    handle.addEventListener("pointerdown", (event) => this.grab(event));
    handle.addEventListener("keydown", (event) => this.nudge(event));
    box.addEventListener("pointerdown", (event) => this.press(event), true);
  }

  show([x, y]) {
    if (this.dragging) return; // the hand is ahead of the server
    this.at = [x, y];
    this.place();
  }

  place() {
    if (!this.overlay.frame) return;
    const { left, top, width, height } = this.overlay.frame;
    const [px, py] = this.overlay.pixel(...this.at);
    const inside = px >= left - 1 && px <= left + width + 1 && py >= top - 1 && py <= top + height + 1;
    this.handle.hidden = !inside;
    this.handle.style.transform = `translate(${px}px, ${py}px)`;
    this.handle.setAttribute("aria-label", `Start point at x ${number(this.at[0])}, y ${number(this.at[1])}.${this.fixed ? "" : " Arrow keys move it."}`);
    this.handle.title = this.fixed ? "Start point" : "Drag to move the start; or click anywhere on the plane";
  }

  grab(event) {
    if (event.button !== 0 || this.fixed) return;
    event.preventDefault();
    event.stopPropagation();
    this.handle.focus({ preventScroll: true });
    this.handle.setPointerCapture(event.pointerId);
    this.dragging = true;
    const move = (e) => this.follow(e, true);
    const drop = (e) => {
      this.handle.removeEventListener("pointermove", move);
      this.dragging = false;
      this.follow(e, false);
    };
    this.handle.addEventListener("pointermove", move);
    this.handle.addEventListener("pointerup", drop, { once: true });
    this.handle.addEventListener("pointercancel", drop, { once: true });
  }

  follow(event, dragging) {
    const rect = this.box.getBoundingClientRect();
    const { left, top, width, height } = this.overlay.frame;
    const px = Math.max(left, Math.min(left + width, event.clientX - rect.left));
    const py = Math.max(top, Math.min(top + height, event.clientY - rect.top));
    this.moveTo(...this.overlay.data(px, py), dragging);
  }

  moveTo(x, y, dragging) {
    this.at = [x, y];
    this.place();
    this.onStart(x, y, dragging);
  }

  nudge(event) {
    const by = NUDGE[event.key];
    if (!by || this.fixed) return;
    event.preventDefault();
    event.stopPropagation(); // these arrows are not the clock's
    const { x, y } = this.overlay.frame;
    this.moveTo(this.at[0] + by[0] * 0.01 * (x[1] - x[0]), this.at[1] + by[1] * 0.01 * (y[1] - y[0]), false);
  }

  /** A click on the plane, told apart from panning and from a double click. */
  press(down) {
    if (down.button !== 0 || down.target === this.handle || !this.overlay.frame) return;
    const rect = this.box.getBoundingClientRect();
    const { left, top, width, height } = this.overlay.frame;
    const px = down.clientX - rect.left;
    const py = down.clientY - rect.top;
    if (px < left || px > left + width || py < top || py > top + height) return;
    const up = (event) => {
      window.removeEventListener("pointerup", up, true);
      window.removeEventListener("pointercancel", cancel, true);
      if (event.pointerId === down.pointerId && Math.hypot(event.clientX - down.clientX, event.clientY - down.clientY) < STILL) this.click(px, py);
    };
    const cancel = () => window.removeEventListener("pointerup", up, true); // a scroll of the page took the finger
    window.addEventListener("pointerup", up, true);
    window.addEventListener("pointercancel", cancel, { once: true, capture: true });
  }

  click(px, py) {
    if (this.second) {
      clearTimeout(this.second);
      this.second = null;
      this.onReset();
      return;
    }
    const [x, y] = this.overlay.data(px, py);
    if (this.fixed) {
      this.second = setTimeout(() => (this.second = null), 280);
      return;
    }
    // While zoomed in, a double click means "show everything": wait and see before moving the start.
    const wait = this.zoomed() ? 280 : 0;
    if (!wait) this.moveTo(x, y, false);
    else this.second = setTimeout(() => {
      this.second = null;
      this.moveTo(x, y, false);
    }, wait);
  }
}
