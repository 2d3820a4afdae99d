// Asks the server for the run under the pointer: ten times a second at most, one question in flight, the last one always.

const PACE_MS = 90;
const LONGEST_MS = 1500; // an answer that does not come is not waited for for ever

export class Ask {
  constructor(send) {
    this.send = send;
    this.sentAt = -Infinity;
    this.open = false;
    this.waiting = null;
    this.count = 0;
  }

  about(question) {
    this.waiting = question;
    this.flush();
  }

  flush() {
    clearTimeout(this.timer);
    if (!this.waiting) return;
    const now = performance.now();
    const due = this.sentAt + (this.open ? LONGEST_MS : PACE_MS);
    if (due > now) {
      this.timer = setTimeout(() => this.flush(), due - now);
      return;
    }
    this.count = Math.max(this.count + 1, Date.now());
    this.send({ ...this.waiting, n: this.count });
    this.waiting = null;
    this.open = true;
    this.sentAt = now;
  }

  answered() {
    this.open = false;
    this.flush();
  }

  destroy() {
    clearTimeout(this.timer);
    this.waiting = null;
  }
}
