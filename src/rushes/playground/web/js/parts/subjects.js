/** The drawer of everything that can be put on the stage, with pictures, by kind and by name. */

import * as api from "../api.js";
import { openDialog } from "../dialog.js";
import { fill, h } from "../dom.js";
import { named } from "../shot_plan.js";
import { forgetWaiting, paintSubject } from "../subject_pictures.js";

const STEP = 48;
const TYPING_MS = 350;
const KINDS = {
  All: null,
  People: ["person"],
  Animals: ["animal", "bird", "fish", "insect"],
  Fantasy: ["fantasy"],
  Vehicles: ["vehicle", "aircraft", "boat"],
  Buildings: ["building"],
  Nature: ["plant", "nature", "sky"],
  Furniture: ["furniture"],
  Things: ["object", "instrument", "clothing"],
  Food: ["food"],
};

/** Open the drawer; `onchoose` gets the subject that was chosen, as the API lists it. */
export async function openSubjects(onchoose, title = "Add a subject") {
  const subjects = await api.subjects();
  const list = h("ul", { class: "subjects", "aria-label": "Subjects", onkeydown: moved });
  const more = h("li", { class: "subjects-more", "aria-hidden": "true" });
  const told = h("p", { class: "dim small", role: "status" });
  const search = h("input", {
    type: "search",
    id: "subject-search",
    autocomplete: "off",
    placeholder: "dog, lantern, castle",
    oninput: show,
    onkeydown: (event) => {
      if (event.key === "ArrowDown") list.querySelector("button")?.focus();
      else if (event.key === "Enter") list.querySelector("button")?.click();
      else return;
      event.preventDefault();
    },
  });
  const tabs = h("div", { class: "tabs", role: "group", "aria-label": "Kind" });
  let kind = "All";
  let found = [];
  let listed = 0;
  let asking = new AbortController();

  function show() {
    asking.abort();
    const kinds = KINDS[kind];
    found = matching(kinds ? subjects.filter((one) => kinds.includes(one.kind)) : subjects, search.value);
    listed = 0;
    forgetWaiting();
    fill(list, more);
    list.scrollTop = 0;
    showMore();
    fill(told, `${found.length || "No"} ${found.length === 1 ? "subject" : "subjects"}`);
    const words = search.value.trim();
    if (words && !found.some(({ name }) => beginsWith(name, words))) askServer(words);
  }

  function showMore() {
    if (listed >= found.length) return;
    const next = found.slice(listed, listed + STEP);
    listed += next.length;
    more.before(...next.map(tile));
  }

  /** Find what no name begins with, such as words of other languages, as the server understands them. */
  async function askServer(words) {
    asking = new AbortController();
    const { signal } = asking;
    await api.pause(TYPING_MS, signal);
    const reply = signal.aborted ? null : await api.understand({ prompt: words }, signal).catch(() => null);
    if (!reply || signal.aborted) return;
    const names = new Set(reply.plan.cast.map(({ subject }) => subject));
    const meant = subjects.filter(({ name }) => names.has(name));
    if (meant.length === 0) return;
    found = [...meant, ...found.filter(({ name }) => !names.has(name))];
    listed = 0;
    fill(list, more);
    showMore();
    fill(told, `For “${words}”`);
  }

  function tile(subject) {
    const picture = h("span", { class: "subject-picture", "aria-hidden": "true" });
    paintSubject(picture, subject.name);
    return h("li", {}, h("button", { type: "button", class: "subject", onclick: () => choose(subject) }, picture, h("span", {}, named(subject.name))));
  }

  function choose(subject) {
    dialog.close();
    onchoose(subject);
  }

  /** Lead from tile to tile with the arrow keys. */
  function moved(event) {
    const tiles = [...list.querySelectorAll("button")];
    const here = tiles.indexOf(document.activeElement);
    const across = tiles.filter((one) => one.offsetTop === tiles[0].offsetTop).length;
    const there = here + ({ ArrowLeft: -1, ArrowRight: 1, ArrowUp: -across, ArrowDown: across }[event.key] ?? Number.NaN);
    if (Number.isNaN(there) || here < 0) return;
    event.preventDefault();
    if (there < 0) search.focus();
    else (tiles[there] ?? tiles.at(-1)).focus();
  }

  function showTabs() {
    const hadFocus = tabs.contains(document.activeElement);
    fill(tabs, Object.keys(KINDS).map((name) => h("button", { type: "button", class: "tab", "aria-pressed": String(name === kind), onclick: () => choosing(name) }, name)));
    if (hadFocus) tabs.querySelector("[aria-pressed=true]").focus();
  }

  function choosing(name) {
    kind = name;
    showTabs();
    show();
  }

  const dialog = openDialog(title, () => [h("div", {}, h("label", { for: search.id }, "Search by name"), search), tabs, told, list], { wide: true });
  const watcher = new IntersectionObserver(([entry]) => entry.isIntersecting && showMore(), { root: list, rootMargin: "300px" });
  watcher.observe(more);
  dialog.addEventListener("close", () => {
    watcher.disconnect();
    asking.abort();
    forgetWaiting();
  });
  showTabs();
  show();
  search.focus();
}

const beginsWith = (name, words) => name.split("-").some((part) => part.startsWith(words.toLowerCase().split(/\s+/)[0]));
const byName = (one, other) => one.name.localeCompare(other.name);
const ORDER = Object.values(KINDS).flat();

/** Return the subjects whose names have each word searched for, those that begin with it first; all of them by kind. */
export function matching(subjects, text) {
  const words = text.toLowerCase().split(/[\s-]+/).filter(Boolean);
  if (words.length === 0) return subjects.toSorted((one, other) => ORDER.indexOf(one.kind) - ORDER.indexOf(other.kind) || byName(one, other));
  const found = subjects.filter(({ name }) => words.every((word) => name.includes(word)));
  const rank = ({ name }) => (name === words.join("-") ? 0 : name.startsWith(words[0] ?? "") ? 1 : 2);
  return found.sort((one, other) => rank(one) - rank(other) || byName(one, other));
}
