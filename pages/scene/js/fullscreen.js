// The scene alone on the whole screen, for a projector: Escape or the same button leads back.

const TURNS = [["Full screen", "The scene alone, for a projector"], ["Leave full screen", "Back to the controls (Escape)"]];

/** Where a browser cannot do it, as on a phone, there is no button. Returns what undoes the listening. */
export function wireFullscreen(root, button) {
  const full = () => document.fullscreenElement === root;
  const show = () => ([button.textContent, button.title] = TURNS[Number(full())]);
  button.hidden = !document.fullscreenEnabled;
  button.onclick = () => (full() ? document.exitFullscreen() : root.requestFullscreen());
  document.addEventListener("fullscreenchange", show);
  show();
  return () => document.removeEventListener("fullscreenchange", show);
}
