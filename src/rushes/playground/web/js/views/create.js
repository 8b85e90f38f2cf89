/** Create: the picture on the table, and the form from which the next one is made. */

import * as api from "../api.js";
import { showCode } from "../code/show.js";
import { fill, h, icon } from "../dom.js";
import { draft, request } from "../draft.js";
import { notice } from "../notices.js";
import { actions, details } from "../parts/actions.js";
import { form } from "../parts/form.js";
import { price } from "../parts/price.js";
import { stage } from "../parts/stage.js";
import { strip } from "../parts/strip.js";
import { table } from "../table.js";
import { sentence } from "../words.js";

export async function create({ signal }) {
  const models = await api.models();
  if (models.length === 0) return { node: nothingOffered(), title: "Create" };
  const picture = stage();
  const row = h("div", { class: "stage-actions" });
  const caption = h("p", { class: "caption" });
  const wrong = h("p", { class: "wrong", role: "alert" });
  const submit = h(
    "button",
    { class: "button main wide", type: "submit", form: "shot", title: "Ctrl+Enter" },
    "Render",
    h("kbd", {}, "Ctrl ⏎"),
  );
  const cost = price({ signal });
  const fields = form(models, { onchange: changed, onsubmit: send });
  fields.node.id = "shot";
  const latest = strip({ onchoose: (generation) => table.lay(generation), signal });

  function changed() {
    lookThrough();
    cost.update();
  }

  /** With nothing on the table, show the frame that is drafted. */
  function lookThrough() {
    if (!table.shown) picture.empty(draft.aspect_ratio, draft.first);
  }

  let following = new AbortController();

  function laid() {
    following.abort();
    following = new AbortController();
    show();
    latest.mark(table.shown?.id ?? null);
    if (table.shown && !api.isFinal(table.shown.state)) keepUp(table.shown, following.signal);
  }

  function show() {
    const generation = table.shown;
    if (!generation) {
      fill(row, "");
      fill(caption, "");
      lookThrough();
      return;
    }
    picture.show(generation);
    document.title = `${generation.state === "running" ? `${Math.floor(generation.progress * 100)} %` : "Create"} · rushes`;
    fill(caption, generation.request.prompt ?? "");
    const key = `${generation.id} ${generation.state}`;
    if (row.dataset.key === key && row.firstChild) return; // a button that has the focus keeps it
    row.dataset.key = key;
    fill(row, actions(generation, models, { more: [details(generation)] }));
  }

  /** Follow what is on the table until it is final, then fetch it whole. */
  async function keepUp(generation, until) {
    const stop = AbortSignal.any([signal, until]);
    const { id } = generation;
    const current = () => table.shown?.id === id && !stop.aborted;
    try {
      await api.follow(
        id,
        ({ state, progress, position, attempt }) => {
          if (!current() || api.isFinal(state)) return;
          table.shown = { ...table.shown, state, progress, position, attempt };
          show();
          latest.put(table.shown);
        },
        stop,
      );
      if (!current()) return;
      table.shown = await api.get(id, stop);
      show();
      latest.put(table.shown);
    } catch (error) {
      if (!stop.aborted) notice(error.message, { bad: true });
    }
  }

  async function send(event) {
    event.preventDefault();
    if (submit.disabled) return;
    fill(wrong, "");
    fields.wrong([]);
    if (!draft.prompt.trim()) {
      fields.wrong([{ param: "prompt", detail: "say what is to be seen" }]);
      document.getElementById("prompt").focus();
      return;
    }
    submit.disabled = true;
    try {
      const generation = await api.create(await request());
      latest.put(generation);
      table.lay(generation);
      picture.node.scrollIntoView({ block: "nearest" });
    } catch (error) {
      const others = fields.wrong(error.problems ?? []);
      if (others.length || !error.problems?.length) fill(wrong, (others.length ? others : [error.message]).map(sentence).join(" "));
    }
    submit.disabled = false;
    cost.update(); // less is left
  }

  const code = h("button", { class: "button", type: "button", onclick: () => showCode(request) }, icon("code"), "Show the code");
  const node = h(
    "div",
    { class: "create" },
    h("h1", { class: "unseen" }, "Create"),
    h("div", { class: "create-table" }, picture.node, caption, row, latest.node),
    h("div", { class: "create-side" }, fields.node, h("div", { class: "send" }, wrong, cost.node, h("div", { class: "row" }, submit, code))),
  );

  const listen = (target, name, heard) => target.addEventListener(name, heard, { signal });
  listen(table, "laid", laid);
  listen(table, "drafted", () => {
    fields.update();
    cost.update();
    document.getElementById("prompt").focus();
  });
  listen(document, "keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && !document.querySelector("dialog[open]")) fields.node.requestSubmit();
  });
  listen(document, "paste", (event) => fields.takePaste(event.clipboardData) && event.preventDefault());
  listen(document, "dragover", (event) => event.preventDefault()); // a picture dropped beside a well opens nothing
  listen(document, "drop", (event) => {
    event.preventDefault();
    fields.takePaste(event.dataTransfer);
  });
  fields.update();
  cost.update();
  laid();
  latest.first.then((newest) => {
    if (!table.shown && newest && !api.isFinal(newest.state)) table.lay(newest); // as before the page was loaded anew
  });
  return { node, title: "Create" };
}

function nothingOffered() {
  return h("section", { class: "trouble" }, h("h1", {}, "Create"), h("p", {}, "There is no model that this key may use."));
}
