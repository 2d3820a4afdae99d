// The wheel belongs to the page, which scrolls: over a picture it zooms with Ctrl or Cmd held, as a pinch on a trackpad arrives here too.

const PAUSE_MS = 400; // a turn of the wheel that began elsewhere and only passes needs no words
const HINT_MS = 1800;
const KEY = /Mac|iP/.test(navigator.platform) ? "⌘" : "Ctrl";

/** Keeps bare turns of the wheel from the pictures in these boxes, and says how to zoom. Returns what undoes it. */
export function leaveWheelToThePage(boxes) {
  let [before, last] = [-Infinity, -Infinity]; // when the wheel turned, anywhere
  const turned = (event) => ([before, last] = [last, event.timeStamp]);
  const guards = boxes.map((box) => {
    const hint = Object.assign(document.createElement("div"), { className: "rv-wheel", textContent: `${KEY} + wheel zooms`, hidden: true });
    box.append(hint);
    let due;
    const guard = (event) => {
      if (event.ctrlKey || event.metaKey) {
        event.preventDefault(); // else the browser enlarges the whole page
        hint.hidden = true;
        return;
      }
      event.stopPropagation();
      if (event.timeStamp - before < PAUSE_MS) return;
      hint.hidden = false;
      clearTimeout(due);
      due = setTimeout(() => (hint.hidden = true), HINT_MS);
    };
    box.addEventListener("wheel", guard, { capture: true, passive: false });
    return () => {
      clearTimeout(due);
      box.removeEventListener("wheel", guard, { capture: true });
    };
  });
  document.addEventListener("wheel", turned, { capture: true, passive: true }); // hears it before the guards do
  return () => {
    guards.forEach((undo) => undo());
    document.removeEventListener("wheel", turned, { capture: true });
  };
}
