/** What is understood of the prompt, as chips: each can be changed, and what is not shown says why. */

import { fill, h, icon, refill } from "../dom.js";
import { FIELDS, memberName, named, planSentence, withCamera, withEffects, withField } from "../shot_plan.js";
import { sentence } from "../words.js";

const NO_MOVE = "slow push";

/**
 * Return `{node, update}`.
 *
 * `update` gets the plan, the index of the selected member, whether the plan was edited, what the schema
 * offers, and a note; `onedit` gets a function from one plan to the next, `onselect` an index.
 */
export function planChips({ onedit, onselect, onreset }) {
  const fields = Object.entries(FIELDS).map(([name, label]) => menu(label, (value) => onedit((plan) => withField(plan, name, value)), name));
  const subjects = h("span", { class: "chip-row" });
  const more = h("span", { class: "chip-row" });
  const missing = h("div", { class: "chip-row" });
  const reason = h("p", { class: "reason", id: "not-shown-reason" });
  const note = h("p", { class: "reason" });
  const heard = h("p", { class: "unseen", role: "status" });
  const node = h(
    "section",
    { class: "understood", "aria-label": "What is understood", hidden: true },
    h("div", { class: "chip-row" }, subjects, fields.map((one) => one.node), more),
    missing,
    reason,
    note,
    heard,
  );
  let opened = null;

  let shown = null;

  function update(now) {
    const { plan, selected, isEdited, offered, trouble } = now;
    const key = JSON.stringify([plan, selected, isEdited, Boolean(offered), trouble]);
    if (key === shown) return; // a button that is being pressed stays where it is
    shown = key;
    node.hidden = plan === null && !trouble;
    fill(note, trouble && sentence(trouble));
    note.hidden = !trouble;
    if (!plan) {
      fill(subjects);
      fill(more);
      fill(missing);
      fill(reason);
      return;
    }
    if (isEdited) {
      note.hidden = false;
      fill(note, "You edited the plan: it is drawn as it stands, and other words change nothing. ", h("button", { type: "button", class: "link", onclick: onreset }, "Reset to the prompt"));
    }
    for (const one of fields) one.update(plan[one.name], offered?.[one.name]);
    refill(subjects, [
      plan.cast.map((member, index) => memberChip(member, index, index === selected, onselect)),
      plan.effects.map((effect) => effectChip(effect, () => onedit((now) => withEffects(now, now.effects.filter((one) => one !== effect))))),
    ]);
    refill(more, [
      camera(plan, offered, onedit),
      moreEffects(plan, offered, onedit),
    ]);
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
    fill(reason, one && `“${one.words}” is not shown. ${sentence(one.reason)}`);
  }

  return { node, update };
}

function memberChip(member, index, isSelected, onselect) {
  return h(
    "button",
    {
      type: "button",
      class: "chip on",
      "aria-pressed": String(isSelected),
      title: "Select it on the stage",
      data: { key: `member-${index}` },
      onclick: () => onselect(index),
    },
    memberName(member),
  );
}

function effectChip(effect, onclick) {
  const name = named(effect);
  return h("button", { type: "button", class: "chip on", "aria-label": `Remove ${name}`, title: `Remove ${name}`, onclick, data: { key: `effect-${effect}` } }, name, icon("close"));
}

/** Return a menu for each move of the camera, and one more for another. */
function camera(plan, offered, onedit) {
  const moves = plan.camera.map(({ move }, order) => {
    const change = (value) =>
      onedit((now) => withCamera(now, value ? now.camera.map((one, at) => (at === order ? { ...one, move: value } : one)) : now.camera.filter((_, at) => at !== order)));
    const one = menu("Camera", change, `camera-${order}`);
    one.update(move, ["", ...(offered?.move ?? [])], { "": "no move" });
    return one.node;
  });
  const more = menu(moves.length ? "Another camera move" : "Camera", (value) => value && onedit((now) => withCamera(now, [...now.camera, { move: value, start: 0, end: 1 }])), `camera-${moves.length}`);
  more.update("", ["", ...(offered?.move ?? [])], { "": moves.length ? "+ camera" : NO_MOVE });
  return [moves, more.node];
}

function moreEffects(plan, offered, onedit) {
  const left = (offered?.effect ?? []).filter((one) => !plan.effects.includes(one));
  if (left.length === 0) return null;
  const one = menu("Add an effect", (value) => value && onedit((now) => withEffects(now, [...now.effects, value])), "effects");
  one.update("", ["", ...left], { "": "+ effect" });
  return one.node;
}

/** Return a chip that opens a menu; what it shows is the value chosen. */
export function menu(label, onchoose, name) {
  const select = h("select", { class: "chip menu", "aria-label": label, title: label, data: { key: name }, onchange: () => onchoose(select.value) });
  function update(value, values = [value], names = {}) {
    const all = values.includes(value) ? values : [value, ...values];
    if (select.options.length !== all.length || all.some((one, order) => select.options[order].value !== one)) {
      fill(select, all.map((one) => h("option", { value: one }, names[one] ?? named(one))));
    }
    select.value = value;
  }
  return { node: select, update, name };
}
