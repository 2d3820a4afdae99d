// On a touch screen a finger that moves up or down scrolls the page, also over a picture; one that sets out sideways turns or scrubs it.

const SLOP = 8; // pixels that a finger may tremble and still tap

/** Lets Plotly see only the swipes that set out sideways: it would keep every touch of the surface from the page. Plotly tells nobody
 * that a finger has turned it; `turned()` is called for that. */
export function leaveSwipesToThePage(box, turned) {
  let [from, whose] = [null, ""];
  const start = (event) => {
    const [finger] = event.touches;
    [from, whose] = [{ x: finger.clientX, y: finger.clientY }, event.touches.length > 1 ? "ours" : ""];
    if (!whose) event.preventDefault = () => {}; // Plotly's, which would end the scroll before it is known to be one
  };
  const move = (event) => {
    const [finger] = event.touches;
    const [dx, dy] = [finger.clientX - from.x, finger.clientY - from.y].map(Math.abs);
    if (!whose) whose = dx > dy ? "ours" : "page's";
    if (whose !== "ours") event.stopPropagation();
  };
  const end = () => whose === "ours" && turned();
  box.addEventListener("touchend", end);
  box.addEventListener("touchstart", start, { capture: true, passive: false });
  box.addEventListener("touchmove", move, { capture: true, passive: true });
  return () => {
    box.removeEventListener("touchstart", start, { capture: true });
    box.removeEventListener("touchmove", move, { capture: true });
    box.removeEventListener("touchend", end);
  };
}

/** Calls `scrub(event)` while a mouse is held down, and for a finger that taps or moves sideways: see touch-action in scene.css. */
export function onScrub(box, scrub) {
  let from = null; // where a finger was put down that has neither moved nor scrolled the page
  box.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    from = event.pointerType === "touch" ? event.clientX : null;
    if (from !== null) return;
    box.setPointerCapture(event.pointerId);
    scrub(event);
  });
  box.addEventListener("pointermove", (event) => {
    if (from !== null && Math.abs(event.clientX - from) < SLOP) return;
    from = null;
    if (event.buttons & 1) scrub(event);
  });
  box.addEventListener("pointerup", (event) => {
    if (from !== null) scrub(event);
    from = null;
  });
  box.addEventListener("pointercancel", () => (from = null));
}
