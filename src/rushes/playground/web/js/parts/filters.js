/** Which generations the gallery shows: by words, state, model and time. */

import { h, icon } from "../dom.js";
import { choice } from "./choice.js";

const STATES = [
  { value: "", label: "All" },
  { value: "active", label: "In progress" },
  { value: "completed", label: "Completed" },
  { value: "failed", label: "Failed" },
  { value: "cancelled", label: "Cancelled" },
  { value: "expired", label: "Expired" },
];
const TIMES = [
  ["", "Any time"],
  ["1", "The last hour"],
  ["24", "The last day"],
  ["168", "The last week"],
  ["between", "Between..."],
];
const HOUR_MS = 3_600_000;
const PAUSE_MS = 250;

/** Return what is asked of the server, from what the filters say. */
export function wantedOf(asked) {
  const state = asked.get("state");
  const time = asked.get("time");
  const wanted = {
    q: asked.get("q"),
    state: state === "active" ? ["queued", "running"] : state,
    model: asked.get("model"),
  };
  if (time === "between") {
    if (asked.get("from")) wanted.created_from = midnight(asked.get("from"), 0);
    if (asked.get("to")) wanted.created_before = midnight(asked.get("to"), 1);
  } else if (time) {
    wanted.created_from = new Date(Date.now() - Number(time) * HOUR_MS).toISOString();
  }
  return wanted;
}

/** Return the beginning of a day here, or of one some days later. */
function midnight(text, later) {
  const [year, month, date] = text.split("-").map(Number);
  return new Date(year, month - 1, date + later).toISOString();
}

/** Return `{node, asked, focus}`; `onchange` gets what is asked, as the address says it. */
export function filters(models, query, { onchange }) {
  const now = new URLSearchParams(query);
  let waiting = null;

  const put = (name, value) => {
    if (value) now.set(name, value);
    else now.delete(name);
    dates.hidden = now.get("time") !== "between";
    onchange(now);
  };
  const search = h("input", {
    type: "search",
    id: "q",
    value: now.get("q") ?? "",
    placeholder: "Search the prompts",
    oninput: () => {
      clearTimeout(waiting);
      waiting = setTimeout(() => put("q", search.value.trim()), PAUSE_MS);
    },
  });
  const state = choice({ legend: "State", className: "states", values: STATES, onchoose: (value) => (state.update(value), put("state", value)) });
  state.update(now.get("state") ?? "");
  const model = select("f-model", "Model", [["", "All models"], ...models.map(({ name }) => [name, name])], now.get("model"), (value) => put("model", value));
  const time = select("f-time", "Time", TIMES, now.get("time"), (value) => put("time", value));
  const dates = h("div", { class: "dates" }, date("from", "From"), date("to", "To"));
  dates.hidden = now.get("time") !== "between";

  function date(name, label) {
    const input = h("input", { type: "date", id: `f-${name}`, value: now.get(name) ?? "", onchange: () => put(name, input.value) });
    return h("div", {}, h("label", { for: input.id }, label), input);
  }

  const node = h(
    "form",
    { class: "filters", role: "search", "aria-label": "Filters", onsubmit: (event) => event.preventDefault() },
    h("div", { class: "search" }, h("label", { class: "unseen", for: "q" }, "Search"), icon("search"), search),
    state.node,
    model,
    time,
    dates,
  );
  return { node, asked: () => now, focus: () => search.focus() };
}

function select(id, label, values, chosen, onchoose) {
  const element = h(
    "select",
    { id, onchange: () => onchoose(element.value) },
    values.map(([value, words]) => h("option", { value }, words)),
  );
  element.value = chosen ?? "";
  return h("div", {}, h("label", { class: "unseen", for: id }, label), element);
}
