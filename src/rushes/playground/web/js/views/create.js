/** Create: the picture on the table, and the form from which the next one is made. */

import * as api from "../api.js";
import { showCode } from "../code/show.js";
import { fill, h, icon } from "../dom.js";
import { draft, hasOwnPlan, request } from "../draft.js";
import { attempt, notice } from "../notices.js";
import { actions, details } from "../parts/actions.js";
import { form } from "../parts/form.js";
import { memberEditor } from "../parts/member_editor.js";
import { firstWrong } from "../parts/number_field.js";
import { planChips } from "../parts/plan_chips.js";
import { planStage } from "../parts/plan_stage.js";
import { planSummary } from "../parts/plan_summary.js";
import { planTools } from "../parts/plan_tools.js";
import { price } from "../parts/price.js";
import { stage } from "../parts/stage.js";
import { strip } from "../parts/strip.js";
import { openSubjects } from "../parts/subjects.js";
import { keepPreview } from "../previews.js";
import { added, choices, clipOf, newMember, withMember } from "../shot_plan.js";
import { table } from "../table.js";
import { understanding } from "../understanding.js";
import { sentence } from "../words.js";

export async function create({ signal }) {
  const models = await api.models();
  if (models.length === 0) return { node: nothingOffered(), title: "Create" };
  const understood = understanding(models, { onplan: showPlan, onframe: lookThrough, signal });
  const edits = { onedit: edit, onselect: select, onadd: () => attempt(addSubject) };
  const planned = planStage(edits);
  const tools = planTools({ onundo: () => step(understood.undo), onredo: () => step(understood.redo), onreset: reset });
  const editor = memberEditor({ ...planned, onedit: edit, onswap: (index) => attempt(() => swapSubject(index)) });
  const chips = planChips({ ...edits, tools: tools.node, editor: editor.node });
  const summary = h("div", { class: "plan-summary-place" });
  const below = h("div", { class: "plan-below" });
  const picture = stage(below);
  let selected = null;
  let offered = null;
  let learning = false;
  let heights = null;
  const row = h("div", { class: "stage-actions" });
  const caption = h("p", { class: "caption" });
  const noted = h("p", { class: "note small", role: "status" });
  const wrong = h("p", { class: "wrong", role: "alert" });
  const submit = h(
    "button",
    { class: "button main wide", type: "submit", form: "shot", title: "Ctrl+Enter" },
    "Render",
    h("kbd", {}, "Ctrl ⏎"),
  );
  const cost = price({ signal });
  const fields = form(models, { onchange: changed, ontype: typed, onsubmit: send });
  fields.node.id = "shot";
  const latest = strip({ onchoose: (generation) => table.lay(generation), signal });

  function changed() {
    understood.update();
    showPlan();
    cost.update();
  }

  /** While one types, the plan of the new words takes the place of what was made before. */
  function typed() {
    understood.update();
    if (table.shown && api.isFinal(table.shown.state) && understood.able()) table.lay(null);
  }

  /** With nothing on the table, show the frame that is drafted. */
  function lookThrough() {
    if (table.shown) return;
    const plan = understood.plan();
    if (!plan) {
      picture.empty(draft.aspect_ratio, draft.first);
      return;
    }
    picture.plan(draft.aspect_ratio, planned.node);
    planned.update({ plan, frame: understood.held.frame, selected });
  }

  function showPlan() {
    const plan = understood.plan();
    if (plan && selected >= plan.cast.length) selected = null;
    if (plan && !offered) learnNames();
    if (plan?.cast[selected] && !heights) learnHeights();
    // Of what lies on the table its own plan is shown; the drafted one would tell of another picture.
    chips.node.classList.toggle("is-of-another", table.shown !== null);
    latest.node.classList.toggle("is-aside", plan !== null && table.shown === null);
    chips.update({ plan, selected, isEdited: hasOwnPlan(), offered, clip: clipOf(draft), trouble: understood.held.trouble ?? understood.held.undrawn ?? understood.whyUnused() });
    editor.update({ plan, selected, offered, heights });
    tools.update({ isEdited: hasOwnPlan(), past: draft.past.length, future: draft.future.length });
    lookThrough();
  }

  async function learnNames() {
    if (learning) return;
    learning = true;
    try {
      offered = choices(await api.planSchema());
      if (!signal.aborted) showPlan();
    } catch {
      learning = false; // the chips then show their values only; the next plan asks again
    }
  }

  async function learnHeights() {
    const all = await api.subjects().catch(() => null); // the next plan asks again
    if (!all || heights || signal.aborted) return;
    heights = new Map(all.map(({ name, height_m }) => [name, height_m]));
    showPlan();
  }

  function edit(change, name) {
    const had = hasOwnPlan();
    understood.edit(change, name);
    if (hasOwnPlan() !== had) fields.update();
  }

  /** Undo and redo by keys, where the keys are not those of a field. */
  function steps(event) {
    const isField = event.target.matches?.("textarea, input:not([type=radio]):not([type=checkbox]):not([type=color])");
    if (!(event.ctrlKey || event.metaKey) || isField || table.shown || document.querySelector("dialog[open]")) return;
    event.preventDefault();
    step(event.shiftKey || event.key.toLowerCase() === "y" ? understood.redo : understood.undo);
  }

  /** Go a step back or forth. */
  function step(go) {
    go();
    fields.update();
  }

  function select(index) {
    selected = index;
    showPlan();
  }

  function reset() {
    selected = null;
    understood.reset();
    fields.update();
  }

  /** Let a subject be chosen and put it on the stage, as the planner would: a bird in the sky, a boat on the water. */
  function addSubject() {
    return openSubjects((subject) => {
      edit((plan) => added(plan, newMember(subject)));
      select(understood.plan().cast.length - 1);
    });
  }

  /** Draw another subject in the place of one; the words for it stay the caller's. */
  function swapSubject(index) {
    return openSubjects(({ name, action }) => edit((plan) => withMember(plan, index, { subject: name, action })), "Draw another subject");
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
    showPlan();
    if (!generation) {
      fill(row, "");
      fill(caption, "");
      fill(noted, "");
      fill(summary, "");
      return;
    }
    picture.show(generation);
    showSummary(generation);
    document.title = `${generation.state === "running" ? `${Math.floor(generation.progress * 100)} %` : "Create"} · rushes`;
    fill(caption, generation.request.prompt ?? "");
    const note = generation.note ? sentence(generation.note) : "";
    if (noted.textContent !== note) fill(noted, note);
    const key = `${generation.id} ${generation.state} ${Boolean(generation.plan)}`;
    if (row.dataset.key === key && row.firstChild) return; // a button that has the focus keeps it
    row.dataset.key = key;
    fill(row, actions(generation, models, { more: [details(generation)] }));
  }

  function showSummary({ id, plan, request }) {
    const key = `${id} ${Boolean(plan)}`;
    if (summary.dataset.key === key && summary.firstChild) return;
    summary.dataset.key = key;
    fill(summary, plan && planSummary(plan, request));
  }

  /** Follow what is on the table until it is final, then fetch it whole. */
  async function keepUp(generation, until) {
    const stop = AbortSignal.any([signal, until]);
    const { id } = generation;
    const current = () => table.shown?.id === id && !stop.aborted;
    try {
      await api.follow(
        id,
        ({ event, state, progress, position, attempt, phase, preview }) => {
          if (!current() || api.isFinal(state)) return;
          table.shown = { ...table.shown, state, progress, position, attempt, phase, preview };
          show();
          latest.put(table.shown);
          if (event === "generation.planned") learnPlan(id, current, stop);
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

  /** Show what is being drawn as soon as it is known. */
  async function learnPlan(id, current, stop) {
    const { plan } = await api.get(id, stop).catch(() => ({ plan: null })); // the end tells it again
    if (!plan || !current()) return;
    table.shown = { ...table.shown, plan };
    show();
  }

  async function send(event) {
    event.preventDefault();
    if (submit.disabled) return;
    fill(wrong, "");
    fields.wrong([]);
    if (!draft.prompt.trim()) {
      fields.wrong([{ param: "prompt", detail: "describe the scene" }]);
      document.getElementById("prompt").focus();
      return;
    }
    const field = firstWrong(chips.node);
    if (field) {
      field.focus(); // what is wrong with it stands below it
      return;
    }
    submit.disabled = true;
    try {
      const generation = await api.create(await request());
      keepRough(generation.id);
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

  /** Until there is a better one, the rough frame is the picture of what is being rendered. */
  function keepRough(id) {
    const frame = understood.plan() && understood.held.frame;
    if (frame) keepPreview(id, frame.blob);
  }

  const code = h("button", { class: "button", type: "button", onclick: () => showCode(request) }, icon("code"), "Show the code");
  const node = h(
    "div",
    { class: "create" },
    h("h1", { class: "unseen" }, "Create"),
    h("div", { class: "create-table" }, picture.node, caption, noted, summary, row, latest.node),
    h("div", { class: "create-side" }, fields.node, h("div", { class: "send" }, wrong, cost.node, h("div", { class: "row" }, submit, code))),
  );

  /** Put the chips where they move nothing that comes before: beside the form or, on narrow screens, below the prompt. */
  const narrow = matchMedia("(max-width: 1000px)");
  const place = () => (narrow.matches ? fields.slot : below).prepend(chips.node);
  place();

  const listen = (target, name, heard) => target.addEventListener(name, heard, { signal });
  listen(narrow, "change", place);
  listen(table, "laid", laid);
  listen(table, "drafted", () => {
    fields.update();
    changed();
    document.getElementById("prompt").focus();
  });
  listen(document, "keydown", (event) => {
    if (event.key.toLowerCase() === "z" || event.key.toLowerCase() === "y") steps(event);
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && !document.querySelector("dialog[open]")) fields.node.requestSubmit();
  });
  listen(document, "paste", (event) => fields.takePaste(event.clipboardData) && event.preventDefault());
  listen(document, "dragover", (event) => event.preventDefault()); // a picture dropped beside a well opens nothing
  listen(document, "drop", (event) => {
    event.preventDefault();
    fields.takePaste(event.dataTransfer);
  });
  fields.update();
  understood.update();
  cost.update();
  laid();
  showPlan();
  latest.first.then((newest) => {
    if (!table.shown && !understood.plan() && newest && !api.isFinal(newest.state)) table.lay(newest); // as before the page was loaded anew
  });
  return { node, title: "Create" };
}

function nothingOffered() {
  return h("section", { class: "trouble" }, h("h1", {}, "Create"), h("p", {}, "This key may use no model."));
}
