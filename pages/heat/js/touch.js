// What a hand does to a map: point at a cell, open it, drag a box open, move by keys, zoom.

const STILL = 5; // pixels that a click may slip
const BY_KEY = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

/** Wires one board; `panel` hears `point(board, cell)`, `open(board)`, `zoom(board, [u0, u1], [v0, v1])`, `whole()`. */
export function wireBoard(board, panel) {
  const { box } = board;
  let from = null;
  const at = (event) => {
    const rect = box.getBoundingClientRect();
    return [event.clientX - rect.left, event.clientY - rect.top];
  };
  box.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || !board.place(...at(event))) return;
    from = { point: at(event), mouse: event.pointerType === "mouse" };
    if (from.mouse) box.setPointerCapture(event.pointerId);
  });
  box.addEventListener("pointermove", (event) => {
    const [x, y] = at(event);
    if (from?.mouse && Math.hypot(x - from.point[0], y - from.point[1]) > STILL) {
      panel.drag(board, { x0: from.point[0], y0: from.point[1], ...inside(board, x, y) });
      return;
    }
    const place = board.place(x, y);
    if (place) panel.point(board, board.cellAt(place));
  });
  box.addEventListener("pointerup", (event) => {
    if (!from) return;
    const [x, y] = at(event);
    const start = from;
    from = null;
    panel.drag(board, null);
    const a = board.place(...start.point);
    const end = inside(board, x, y);
    const b = board.place(end.x1, end.y1);
    if (!a || !b) return;
    if (Math.hypot(x - start.point[0], y - start.point[1]) > STILL) {
      if (start.mouse && Math.abs(a[0] - b[0]) > 0.01 && Math.abs(a[1] - b[1]) > 0.01) panel.zoom(board, span(a[0], b[0]), span(a[1], b[1]));
      return;
    }
    panel.point(board, board.cellAt(b));
    if (start.mouse) panel.open(board); // a finger has to see the cell first, and then presses the button
  });
  box.addEventListener("pointercancel", () => {
    from = null;
    panel.drag(board, null);
  });
  box.addEventListener("dblclick", (event) => event.preventDefault());
  box.addEventListener("keydown", (event) => key(event, board, panel));
  box.addEventListener("focus", () => panel.focus(board));
}

const span = (a, b) => (a < b ? [a, b] : [b, a]);

function inside(board, x, y) {
  const { left, top, width, height } = board.frame;
  return { x1: Math.min(left + width - 0.01, Math.max(left + 0.01, x)), y1: Math.min(top + height - 0.01, Math.max(top + 0.01, y)) };
}

function key(event, board, panel) {
  if (event.ctrlKey || event.metaKey || event.altKey || !board.sheet) return;
  if (BY_KEY[event.key]) {
    const [di, dj] = BY_KEY[event.key].map((d) => d * (event.shiftKey ? 10 : 1));
    const now = panel.cellOn(board);
    const clamp = (v, count) => Math.min(count - 1, Math.max(0, v));
    const i = clamp(now.i + di, board.x.count);
    const j = clamp(now.j + dj, board.y.count);
    panel.point(board, { i, j, at: [(i + 0.5) / board.x.count, (j + 0.5) / board.y.count] });
  } else if (event.key === "Enter") panel.open(board);
  else if (event.key === "+" || event.key === "=") panel.nearer(board, 0.5);
  else if (event.key === "-") panel.nearer(board, 2);
  else if (event.key === "0") panel.whole();
  else return;
  event.preventDefault();
  event.stopPropagation();
}
