/** The latest generations as a strip of film; what is under way moves on by itself. */

import * as api from "../api.js";
import { h, refill } from "../dom.js";
import { clip } from "./clip.js";

const SHOWN = 12;
const LOOK_AGAIN_MS = 2500;

/**
 * Return `{node, put, mark, first}`; `onchoose` gets the generation whose frame was clicked.
 *
 * `first` is the newest there was when the page was opened.
 */
export function strip({ onchoose, signal }) {
  const row = h("div", { class: "strip-frames" });
  const node = h(
    "section",
    { class: "strip", "aria-label": "Latest", hidden: true },
    h("div", { class: "strip-head" }, h("h2", {}, "Latest"), h("a", { href: "#/gallery" }, "Show all")),
    h("div", { class: "film" }, row),
  );
  let shown = [];
  let marked = null;

  /** Show a generation as it stands now, in front if it is new. */
  function put(generation) {
    const at = shown.findIndex(({ id }) => id === generation.id);
    if (at >= 0) {
      if (same(shown[at], generation)) return;
      shown[at] = generation;
      const hadFocus = row.children[at] === document.activeElement;
      row.children[at].replaceWith(frame(generation));
      if (hadFocus) row.children[at].focus();
    } else {
      shown = [generation, ...shown].slice(0, SHOWN);
      render();
    }
    wake();
  }

  function mark(id) {
    marked = id;
    for (const one of row.children) one.classList.toggle("marked", one.dataset.id === id);
  }

  function render() {
    node.hidden = shown.length === 0;
    refill(row, shown.map(frame));
  }

  function frame(generation) {
    const one = clip(generation);
    one.dataset.key = generation.id; // the focus stays when it is made anew
    one.classList.toggle("marked", generation.id === marked);
    one.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      onchoose(shown.find(({ id }) => id === generation.id));
    });
    return one;
  }

  async function look() {
    const { generations } = await api.list({ limit: SHOWN }, signal);
    const isSame = generations.length === shown.length && generations.every((one, order) => same(one, shown[order]));
    shown = generations;
    if (!isSame) render();
  }

  let awake = false;

  /** Look again and again while something is under way. */
  async function wake() {
    if (awake) return;
    awake = true;
    while (!signal.aborted && shown.some(({ state }) => !api.isFinal(state))) {
      await api.pause(LOOK_AGAIN_MS, signal);
      if (!signal.aborted) await look().catch(() => {});
    }
    awake = false;
  }

  const first = look().then(
    () => (wake(), shown[0]),
    () => undefined, // where the server cannot be reached, whatever is asked next says so
  );
  return { node, put, mark, first };
}

function same(one, other) {
  return one.id === other?.id && one.state === other.state && one.phase === other.phase && Math.abs(one.progress - other.progress) < 0.01;
}
