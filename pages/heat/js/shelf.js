// Maps, landscapes and hovered runs travel in elements of their own and may arrive in any order. They meet here, by key.

const SHEETS = new Map();
const GROUNDS = new Map();
const LOOKING = new Set();
const ROOM = 40; // coarse and fine maps of twelve racers, and the last ones

function keep(store, key, value, room) {
  store.delete(key);
  store.set(key, value);
  for (const old of [...store.keys()].slice(0, -room)) store.delete(old);
}

export function putSheet(sheet, decoded) {
  if (SHEETS.has(sheet.key)) return;
  keep(SHEETS, sheet.key, decoded(), ROOM);
  tellAll("sheet", sheet.key);
}

export const getSheet = (key) => SHEETS.get(key);

export function putGround(ground) {
  if (GROUNDS.get(ground.key)?.z === ground.z) return;
  keep(GROUNDS, ground.key, ground, 6);
  tellAll("ground", ground.key);
}

export const getGround = (key) => GROUNDS.get(key);

/** The run under the pointer, and how to ask for another one. */
export const HOVERED = { run: null, send: null };

/** Where what the viewer does is told. */
export const EARS = { hear: () => {} };

export function putRun(run, send) {
  HOVERED.run = run;
  HOVERED.send = send;
  tellAll("run", run.n);
}

export function onShelf(listener) {
  LOOKING.add(listener);
  return () => LOOKING.delete(listener);
}

function tellAll(kind, key) {
  for (const listener of [...LOOKING]) listener(kind, key);
}
