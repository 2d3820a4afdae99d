// The one clock: the tick under the cursor, and playback. It knows no picture.

export const SPEEDS = [0.25, 0.5, 1, 2, 4, 8];
const RUN_SECONDS = 10; // a whole run at speed 1, unless that would be under SLOWEST ticks a second
const SLOWEST = 12;
const JUMPS = 10; // where the system asks for less motion, playback shows so many pictures of a run, one a second

export class Clock {
  constructor() {
    this.tick = 0;
    this.steps = 0;
    this.speed = 1;
    this.pace = null; // how many evaluations a tick has, where it is not one: see when.js
    this.playing = false;
    this.onTick = () => {}; // the picture of another tick is due
    this.onRest = () => {}; // the cursor has come to rest where the user put it
  }

  /** Another run: the cursor stays where it is, or at the end if it was there. */
  setSteps(steps) {
    const atEnd = this.tick >= this.steps;
    this.steps = steps;
    this.tick = atEnd && !this.playing ? steps : Math.min(this.tick, steps);
  }

  /** Reload or navigation: no event, the server already knows. */
  adopt(tick) {
    this.halt();
    this.tick = Math.max(0, Math.min(this.steps, tick ?? this.steps));
  }

  seek(tick) {
    this.halt();
    this.tick = Math.max(0, Math.min(this.steps, tick));
    this.onTick();
    this.onRest();
  }

  toggle() {
    if (this.playing) {
      this.halt();
      this.onTick();
      this.onRest();
    } else this.play();
  }

  play() {
    if (this.steps < 1) return;
    if (this.tick >= this.steps) this.tick = 0;
    this.playing = true;
    if (window.matchMedia("(prefers-reduced-motion: reduce)").matches) this.jump();
    else this.run();
    this.onTick();
  }

  run() {
    let exact = this.tick;
    let before = performance.now();
    const frame = (now) => {
      if (!this.playing) return;
      exact += (Math.max(0, now - before) / 1000) * this.speed * Math.max(SLOWEST, this.steps / RUN_SECONDS);
      before = now;
      const tick = Math.min(this.steps, Math.floor(exact));
      if (tick !== this.tick) {
        this.tick = tick;
        if (tick >= this.steps) this.halt();
        this.onTick();
        if (!this.playing) this.onRest();
      }
      if (this.playing) this.request = requestAnimationFrame(frame);
    };
    this.request = requestAnimationFrame(frame);
  }

  jump() {
    this.timer = setTimeout(() => {
      this.tick = Math.min(this.steps, this.tick + Math.ceil(this.steps / JUMPS));
      if (this.tick >= this.steps) this.halt();
      this.onTick();
      if (this.playing) this.jump();
      else this.onRest();
    }, 1000 / this.speed);
  }

  halt() {
    this.playing = false;
    cancelAnimationFrame(this.request);
    clearTimeout(this.timer);
  }
}
