/** Small pictures of subjects, drawn by the server in sheets, and kept for as long as the page is open. */

import * as api from "./api.js";

const CELL_PX = 96;
const COLUMNS = 8;
const MOST_AT_ONCE = 24;
const GATHERING_MS = 60;

/** Where the picture of each subject is: `{url, left, top}` in pixels of its sheet. */
const drawn = new Map();
/** The elements that wait for a picture, by subject. */
const waiting = new Map();
let fetching = false;

/** Show a subject's picture as the background of an element, now or when it is drawn. */
export function paintSubject(element, name) {
  if (drawn.has(name)) {
    paint(element, drawn.get(name));
    return;
  }
  waiting.set(name, [...(waiting.get(name) ?? []), element]);
  fetchSheets();
}

/** Forget what waits: nobody looks at it any more. */
export const forgetWaiting = () => waiting.clear();

async function fetchSheets() {
  if (fetching) return;
  fetching = true;
  await api.pause(GATHERING_MS);
  while (waiting.size) {
    const names = [...waiting.keys()].slice(0, MOST_AT_ONCE);
    try {
      keep(names, URL.createObjectURL(await api.subjectSheet(names)));
    } catch (error) {
      if (error.retryAfter) {
        await api.pause(error.retryAfter * 1000);
        continue;
      }
      for (const name of names) waiting.delete(name); // they keep their names
    }
  }
  fetching = false;
}

function keep(names, url) {
  for (const [order, name] of names.entries()) {
    const picture = { url, left: (order % COLUMNS) * CELL_PX, top: Math.floor(order / COLUMNS) * CELL_PX };
    drawn.set(name, picture);
    for (const element of waiting.get(name) ?? []) paint(element, picture);
    waiting.delete(name);
  }
}

function paint(element, { url, left, top }) {
  element.style.backgroundImage = `url("${url}")`;
  element.style.backgroundPosition = `${-left}px ${-top}px`;
}
