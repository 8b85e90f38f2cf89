/** The gallery: every generation on a contact sheet, to be searched, played, opened and compared. */

import * as api from "../api.js";
import { fill, h, icon } from "../dom.js";
import { clip } from "../parts/clip.js";
import { filters, wantedOf } from "../parts/filters.js";
import { ago, day, heading, shortPrint, standing } from "../words.js";

const PAGE = 24;
const LOOK_AGAIN_MS = 2500;
const MOST_MARKED = 2;

/** What is marked for comparing; it stays while one looks around. */
const marked = [];

export async function gallery({ query, signal }) {
  const models = await api.models();
  const sheet = h("ul", { class: "sheet", "aria-label": "Generations", onkeydown: moved });
  const more = h("button", { class: "button", type: "button", onclick: () => load() }, "Show more");
  const end = h("div", { class: "sheet-end" }, more);
  const told = h("p", { class: "dim", role: "status" });
  const bar = h("div", { class: "compare-bar", hidden: true });
  let shown = [];
  let next = null;
  let loading = null;

  const filter = filters(models, query, {
    onchange: (asked) => {
      history.replaceState(null, "", `#/gallery${asked.size ? `?${asked}` : ""}`);
      begin();
    },
  });

  /** Load the first page anew. */
  function begin() {
    shown = [];
    next = null;
    fill(sheet);
    return load();
  }

  async function load() {
    loading?.abort();
    loading = new AbortController();
    const stop = AbortSignal.any([signal, loading.signal]);
    more.disabled = true;
    try {
      const page = await api.list({ ...wantedOf(filter.asked()), limit: PAGE, cursor: next }, stop);
      if (stop.aborted) return;
      next = page.next;
      shown.push(...page.generations);
      sheet.append(...page.generations.map(cell));
      fill(told, summary());
      end.hidden = next === null;
      keepLooking();
    } catch (error) {
      if (stop.aborted) return;
      fill(told, error.message);
    }
    more.disabled = false;
  }

  function summary() {
    if (shown.length === 0) return filter.asked().size ? "No generation matches." : "There are no generations yet.";
    return next === null && shown.length < 3 ? "" : `${shown.length}${next ? " and more" : ""}`;
  }

  function cell(generation) {
    const mark = h("input", {
      type: "checkbox",
      class: "mark",
      "aria-label": `Compare: ${heading(generation)}`,
      checked: marked.some(({ id }) => id === generation.id),
      disabled: !generation.artifacts.video,
      onchange: () => {
        toggleMark(generation);
        showMarks();
      },
    });
    return h(
      "li",
      { class: "cell", data: { id: generation.id } },
      clip(generation),
      mark,
      h("p", { class: "cell-words" }, heading(generation)),
      h(
        "p",
        { class: "cell-print" },
        h("span", { class: "edge-print" }, shortPrint(generation)),
        h("time", { class: "dim", datetime: generation.created_at, title: day(generation.created_at) }, ago(generation.created_at)),
      ),
      generation.state !== "completed" && h("span", { class: "unseen" }, standing(generation)),
    );
  }

  function showMarks() {
    for (const box of sheet.querySelectorAll(".mark")) {
      box.checked = marked.some(({ id }) => id === box.closest(".cell").dataset.id);
    }
    bar.hidden = marked.length === 0;
    const [one, other] = marked;
    fill(
      bar,
      h("p", {}, other ? "2 videos selected." : "Select another video to compare."),
      other && h("a", { class: "button main", href: `#/compare/${one.id}/${other.id}` }, icon("compare"), "Compare"),
      h(
        "button",
        {
          class: "button",
          type: "button",
          onclick: () => {
            marked.length = 0;
            showMarks();
          },
        },
        "Clear",
      ),
    );
  }

  let looking = false;

  /** Look again while something that is shown is under way. */
  async function keepLooking() {
    if (looking) return;
    looking = true;
    while (!signal.aborted && shown.some(({ state }) => !api.isFinal(state))) {
      await api.pause(LOOK_AGAIN_MS, signal);
      if (!signal.aborted) await lookAgain().catch(() => {});
    }
    looking = false;
  }

  async function lookAgain() {
    for (const [order, one] of shown.entries()) {
      if (api.isFinal(one.state)) continue;
      const now = await api.get(one.id, signal);
      if (now.state === one.state && now.progress === one.progress && now.phase === one.phase) continue;
      shown[order] = now;
      const place = sheet.querySelector(`[data-id="${now.id}"].cell`);
      const hadFocus = place?.contains(document.activeElement);
      const fresh = cell(now);
      place?.replaceWith(fresh);
      if (hadFocus) fresh.querySelector(".clip").focus();
    }
  }

  const node = h(
    "div",
    { class: "gallery" },
    h("div", { class: "gallery-head" }, h("h1", {}, "Gallery"), told),
    filter.node,
    sheet,
    end,
    h("p", { class: "keys dim small" }, "Arrows move · Enter opens · Space plays · C selects for comparison · / searches"),
    bar,
  );
  const watcher = new IntersectionObserver(
    ([entry]) => entry.isIntersecting && next !== null && !more.disabled && load(),
    { rootMargin: "600px" },
  );
  watcher.observe(end);
  signal.addEventListener("abort", () => watcher.disconnect());
  document.addEventListener("keydown", (event) => searchKey(event, filter), { signal });
  showMarks();
  await begin();
  return { node, title: "Gallery" };

  function moved(event) {
    const links = [...sheet.querySelectorAll(".clip")];
    const here = links.indexOf(document.activeElement);
    if (here < 0 || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "c") {
      toggleMark(shown[here]);
      showMarks();
      return;
    }
    const there = links[here + step(event.key, links)];
    if (!there) return;
    event.preventDefault();
    there.focus();
    there.scrollIntoView({ block: "nearest" });
  }
}

/** How far along the sheet a key leads; NaN for others. */
function step(key, links) {
  const top = links[0].getBoundingClientRect().top;
  const across = links.findIndex((link) => link.getBoundingClientRect().top > top + 1);
  const row = across < 0 ? links.length : across;
  return { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -row, ArrowDown: row }[key] ?? Number.NaN;
}

function toggleMark(generation) {
  if (!generation.artifacts.video) return;
  const at = marked.findIndex(({ id }) => id === generation.id);
  if (at >= 0) marked.splice(at, 1);
  else marked.push(generation);
  while (marked.length > MOST_MARKED) marked.shift();
}

function searchKey(event, filter) {
  if (event.key !== "/" || /^(INPUT|TEXTAREA|SELECT)$/.test(document.activeElement?.tagName ?? "")) return;
  event.preventDefault();
  filter.focus();
}
