// What the server hears: the start while it is dragged (throttled, one message in flight), the cursor and the view once they rest.

const DRAG_MS = 80;
const ANSWER_MS = 1500; // a run that changed nothing sends no answer; do not wait for it for ever
const REST_MS = 400;

export class Events {
  constructor() {
    this.send = () => {};
    this.count = 0;
    this.sentAt = -Infinity;
    this.unanswered = false;
    this.waiting = null;
    this.timers = {};
  }

  start(x, y, dragging) {
    this.waiting = { x, y, dragging };
    this.flush();
  }

  flush() {
    clearTimeout(this.timers.start);
    if (!this.waiting) return;
    const now = performance.now();
    const due = this.unanswered ? this.sentAt + ANSWER_MS : this.waiting.dragging ? this.sentAt + DRAG_MS : now;
    if (due > now) {
      this.timers.start = setTimeout(() => this.flush(), due - now);
      return;
    }
    this.count = Math.max(this.count + 1, Date.now()); // rises through reloads too, so equal points still are news
    this.send("start", { ...this.waiting, n: this.count });
    this.waiting = null;
    this.unanswered = true;
    this.sentAt = now;
  }

  /** The server's answer has arrived. */
  answered() {
    this.unanswered = false;
    this.flush();
  }

  cursor(tick) {
    this.rest("cursor", tick);
  }

  /** urgent: the server has to add something to the picture. */
  view(view, urgent) {
    this.rest("view", view, urgent ? 0 : REST_MS);
  }

  rest(name, value, after = REST_MS) {
    clearTimeout(this.timers[name]);
    this.timers[name] = setTimeout(() => this.send(name, value), after);
  }

  drop(name) {
    clearTimeout(this.timers[name]);
  }

  destroy() {
    Object.values(this.timers).forEach(clearTimeout);
    this.send = () => {};
  }
}
