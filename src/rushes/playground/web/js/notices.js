/** Short words at the page's edge, which are read out too. */

import { h } from "./dom.js";
import { sentence } from "./words.js";

const SHOWN_MS = 6000;

export function notice(text, { bad = false } = {}) {
  const one = h("p", { class: bad ? "notice bad" : "notice" }, sentence(text));
  document.getElementById("notices").append(one);
  setTimeout(() => one.remove(), SHOWN_MS);
}

/** Do something on a person's behalf, and say so if it cannot be done. */
export async function attempt(doing) {
  try {
    return await doing();
  } catch (error) {
    if (error.name !== "AbortError") notice(error.message, { bad: true });
    return undefined;
  }
}
