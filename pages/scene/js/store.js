// Surfaces travel in an element of their own and may arrive before or after the race that needs them.
// They meet here, by key.

const SURFACES = new Map();
const WAITING = new Set();
const KEPT = 6; // enough to go back and forth between a few landscapes without holding all of a session

export function putSurface(surface) {
  const known = SURFACES.get(surface.key);
  if (known && known.z === surface.z) return;
  SURFACES.delete(surface.key);
  SURFACES.set(surface.key, surface);
  for (const key of [...SURFACES.keys()].slice(0, -KEPT)) SURFACES.delete(key);
  for (const notify of [...WAITING]) notify(surface.key);
}

export function getSurface(key) {
  return SURFACES.get(key);
}

export function onSurface(notify) {
  WAITING.add(notify);
  return () => WAITING.delete(notify);
}
