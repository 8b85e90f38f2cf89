/** What is understood of the prompt, as chips: each can be changed, and what is not shown says why. */

import { fill, h, icon, refill } from "../dom.js";
import { FIELDS, MOST_MEMBERS, memberName, named, pacePhrase, paces, planSentence, withEffects, withField } from "../shot_plan.js";
import { sentence } from "../words.js";
import { cameraMoves } from "./camera_moves.js";
import { menu } from "./menu.js";

const AS_LIT = "";

/**
 * Return `{node, update}`.
 *
 * `update` gets the plan, the index of the selected member, whether the plan was edited, what the schema
 * offers, how times of the clip are told (see `clipOf`), and a trouble; `onedit` gets a function from one plan to the next, `onselect` an index. `tools` and
 * `editor` are shown with the subjects.
 */
export function planChips({ tools, editor, onedit, onselect, onadd }) {
  const field = (name) => menu(FIELDS[name], (value) => onedit((plan) => withField(plan, name, value)), name);
  const scene = ["set", "time", "weather", "light"].map(field);
  const framing = field("framing");
  const palette = menu("Colours", (value) => onedit((plan) => withField(plan, "palette", value === AS_LIT ? null : value)), "palette");
  const pace = menu("Pace", (value) => onedit((plan) => withField(plan, "pace", Number(value))), "pace");
  const add = h("button", { type: "button", class: "chip add", onclick: onadd, data: { key: "add" } }, icon("plus"), "Add a subject");
  const subjects = h("span", { class: "chip-row" });
  const effects = h("span", { class: "chip-row" });
  const moves = cameraMoves({ onedit });
  const missing = h("div", { class: "chip-row" });
  const reason = h("p", { class: "reason", id: "not-shown-reason" });
  const note = h("p", { class: "reason" });
  const heard = h("p", { class: "unseen", role: "status" });
  const missingRow = group("Not shown", missing, reason);
  const rows = h(
    "div",
    { class: "plan-rows" },
    group("Subjects", h("div", { class: "chip-row" }, subjects, add, tools)),
    editor,
    group("Scene", h("div", { class: "chip-row" }, scene.map((one) => one.node), palette.node, effects)),
    group("Camera", h("div", { class: "chip-row" }, framing.node, pace.node, moves.more), moves.lanes),
    missingRow,
  );
  const node = h("section", { class: "understood", "aria-label": "Shot plan", hidden: true }, rows, note, heard);
  let opened = null;
  let shown = null;

  function update(now) {
    const { plan, selected, isEdited, offered, clip, trouble } = now;
    const key = JSON.stringify([plan, selected, isEdited, Boolean(offered), clip, trouble]);
    if (key === shown) return; // a button that is being pressed stays where it is
    shown = key;
    node.hidden = plan === null && !trouble;
    rows.hidden = plan === null;
    note.hidden = !trouble && !isEdited;
    fill(note, trouble ? sentence(trouble) : "You edited the plan. The video follows the plan; a change of the prompt has no effect.");
    if (!plan) return;
    for (const one of [...scene, framing]) one.update(plan[one.name], offered?.[one.name]);
    palette.update(plan.palette ?? AS_LIT, [AS_LIT, ...(offered?.palette ?? [])], { [AS_LIT]: "colours as lit", ...paletteNames(offered?.palette ?? [plan.palette]) });
    pace.update(String(plan.pace), paces(plan.pace), Object.fromEntries(paces(plan.pace).map((one) => [one, pacePhrase(Number(one))])));
    add.disabled = plan.cast.length >= MOST_MEMBERS;
    add.title = add.disabled ? `A plan has ${MOST_MEMBERS} subjects at most` : "";
    refill(subjects, plan.cast.map((member, index) => memberChip(member, index, index === selected, onselect)));
    refill(effects, [
      plan.effects.map((effect) => effectChip(effect, () => onedit((now) => withEffects(now, now.effects.filter((one) => one !== effect))))),
      moreEffects(plan, offered, onedit),
    ]);
    moves.update(plan, offered?.move ?? [], clip);
    missingRow.hidden = plan.not_shown.length === 0;
    if (opened >= plan.not_shown.length) opened = null;
    refill(missing, plan.not_shown.map((one, order) => missingChip(one, order)));
    showReason(plan.not_shown[opened]);
    const told = planSentence(plan);
    if (heard.textContent !== told) fill(heard, told);
  }

  function missingChip({ words, reason: why }, order) {
    const chip = h(
      "button",
      {
        type: "button",
        class: "chip off",
        title: sentence(why),
        "aria-label": `${words} is not shown: ${sentence(why)}`,
        "aria-expanded": String(order === opened),
        data: { key: `missing-${order}` },
        onclick: () => {
          opened = order === opened ? null : order;
          for (const [other, one] of [...missing.children].entries()) one.setAttribute("aria-expanded", String(other === opened));
          showReason(opened === null ? undefined : { words, reason: why });
        },
      },
      words,
    );
    return chip;
  }

  function showReason(one) {
    reason.hidden = !one;
    fill(reason, one && `“${one.words}”: ${sentence(one.reason)}`);
  }

  return { node, update };
}

/** Return a row of the plan with its name before it. */
function group(label, ...content) {
  return h("div", { class: "plan-row", role: "group", "aria-label": label }, h("span", { class: "plan-label dim small", "aria-hidden": "true" }, label), h("div", { class: "plan-row-content" }, content));
}

const paletteNames = (palettes) => Object.fromEntries(palettes.filter(Boolean).map((one) => [one, `${named(one)} colours`]));

function memberChip(member, index, isSelected, onselect) {
  return h(
    "button",
    {
      type: "button",
      class: "chip on",
      "aria-pressed": String(isSelected),
      title: isSelected ? "Close its fields" : "Edit it",
      data: { key: `member-${index}` },
      onclick: () => onselect(isSelected ? null : index),
    },
    memberName(member),
  );
}

function effectChip(effect, onclick) {
  const name = named(effect);
  return h("button", { type: "button", class: "chip on", "aria-label": `Remove ${name}`, title: `Remove ${name}`, onclick, data: { key: `effect-${effect}` } }, name, icon("close"));
}

function moreEffects(plan, offered, onedit) {
  const left = (offered?.effect ?? []).filter((one) => !plan.effects.includes(one));
  if (left.length === 0) return null;
  const one = menu("Add an effect", (value) => value && onedit((now) => withEffects(now, [...now.effects, value])), "effects");
  one.update("", ["", ...left], { "": "+ effect" });
  return one.node;
}
