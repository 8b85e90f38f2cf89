/** The rough frame of a plan, with its subjects to be selected, moved, scaled, flipped and removed. */

import { fill, h, icon } from "../dom.js";
import { flipped, memberName, moved, removed, scaled, withMember, MOST_MEMBERS } from "../shot_plan.js";
import { menu } from "./plan_chips.js";

const STEP = 0.02;
const FAR_STEP = 0.1;
const LARGER = 1.1;
const DRAGGED_PX = 4;
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const HELP = "Drag it, or use the keys: arrows move it, + and − scale it, F flips it, Delete removes it.";

/**
 * Return `{node, tools, update}`.
 *
 * `update` gets the plan, its rough frame, the selected member's index, whether the plan was edited, and
 * what the schema offers. `onedit` gets a function from one plan to the next.
 */
export function planStage({ onedit, onselect, onreset, onadd }) {
  const picture = h("img", { class: "rough", alt: "Rough frame of the plan", draggable: "false" });
  const waits = h("p", { class: "rough-waits small" }, "Drawing a rough frame…");
  const boxes = h("div", { class: "members", role: "group", "aria-label": "Subjects on the stage" });
  const heard = h("p", { class: "unseen", role: "status" });
  const node = h("div", { class: "plan-view" }, picture, waits, boxes, heard);
  const tools = h("div", { class: "plan-tools", role: "toolbar", "aria-label": "Edit the plan", hidden: true });
  let now = { plan: null, frame: null, selected: null, isEdited: false, offered: null };
  let drag = null;

  function update(told) {
    now = told;
    const { plan, frame } = told;
    if (frame && picture.src !== frame.url) picture.src = frame.url;
    picture.hidden = !frame;
    waits.hidden = Boolean(frame);
    const cast = plan?.cast ?? [];
    if (boxes.children.length !== cast.length) rebuild(cast);
    cast.forEach((member, index) => showBox(boxes.children[index], member, index));
    showTools();
  }

  function rebuild(cast) {
    const hadFocus = boxes.contains(document.activeElement);
    fill(boxes, cast.map((_, index) => box(index)));
    if (hadFocus) (boxes.children[now.selected ?? 0] ?? tools.querySelector("button"))?.focus();
  }

  function box(index) {
    const one = h("button", {
      type: "button",
      class: "member",
      title: HELP,
      onclick: () => onselect(index),
      onfocus: () => one.matches(":focus-visible") && onselect(index),
      onkeydown: (event) => pressed(event, index),
      onpointerdown: (event) => begin(event, index, one),
      onpointermove: (event) => drag?.index === index && go(event, one),
      onpointerup: end,
      onpointercancel: end,
    });
    one.append(h("span", { class: "member-grip", "aria-hidden": "true" }));
    return one;
  }

  function showBox(one, member, index) {
    const isSelected = index === now.selected;
    one.setAttribute("aria-pressed", String(isSelected));
    one.setAttribute("aria-label", `${memberName(member)}, ${member.facing === "camera" ? "facing you" : `facing ${member.facing}`}`);
    if (drag?.index === index) return; // it is where the pointer has it
    const place = now.frame?.places[index];
    const isDrawn = Boolean(place) && now.frame.places.length === now.plan.cast.length;
    one.hidden = !isDrawn;
    if (!isDrawn) return;
    const [, , left, top, right, bottom] = place;
    lay(one, { left: within(left), top: within(top), right: within(right), bottom: within(bottom) }, isSelected);
  }

  function lay(one, { left, top, right, bottom }, isSelected) {
    const percent = (share) => `${(share * 100).toFixed(2)}%`;
    one.style.left = percent(left);
    one.style.top = percent(top);
    one.style.width = percent(Math.max(0, right - left));
    one.style.height = percent(Math.max(0, bottom - top));
    // What is small can be reached before what is large, and what is selected before all.
    one.style.zIndex = String(isSelected ? 1000 : Math.round(900 * (1 - Math.min(1, (right - left) * (bottom - top)))));
  }

  /** Return where the plan, or else the engine, has a member. */
  function placeOf(index) {
    const member = now.plan.cast[index];
    const [x, y] = now.frame?.places[index] ?? [0.5, 0.8];
    return [member.on === null ? (member.x ?? x) : x, member.on === null ? (member.y ?? y) : y];
  }

  function pressed(event, index) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const arrow = ARROWS[event.key];
    if (arrow) {
      const step = event.shiftKey ? FAR_STEP : STEP;
      const [x, y] = placeOf(index);
      const [right, down] = arrow;
      onedit((plan) => moved(plan, index, x + right * step, y + down * step));
      const { x: across, y: below } = now.plan.cast[index];
      fill(heard, `${Math.round(across * 100)} % across, ${Math.round(below * 100)} % down`);
    } else if (event.key === "+" || event.key === "=") resize(index, LARGER);
    else if (event.key === "-" || event.key === "−") resize(index, 1 / LARGER);
    else if (event.key === "f" || event.key === "F") flip(index);
    else if (event.key === "Delete" || event.key === "Backspace") remove(index);
    else if (event.key === "Escape") onselect(null);
    else return;
    event.preventDefault();
  }

  function resize(index, by) {
    onedit((plan) => scaled(plan, index, by));
    fill(heard, `Scaled to ${Math.round(now.plan.cast[index].scale * 100)} %`);
  }

  function flip(index) {
    onedit((plan) => flipped(plan, index));
    fill(heard, `Facing ${now.plan.cast[index].facing}`);
  }

  function remove(index) {
    const name = memberName(now.plan.cast[index]);
    onselect(null);
    onedit((plan) => removed(plan, index));
    fill(heard, `Removed ${name}`);
  }

  function begin(event, index, one) {
    if (event.button !== 0) return;
    const wasSelected = index === now.selected;
    if (!wasSelected && event.pointerType !== "mouse") return; // the first touch selects; the page can still be scrolled
    const { left, top, width, height } = node.getBoundingClientRect();
    const own = one.getBoundingClientRect();
    drag = {
      index, width, height,
      from: [event.clientX, event.clientY],
      at: placeOf(index),
      box: { left: (own.left - left) / width, top: (own.top - top) / height, right: (own.right - left) / width, bottom: (own.bottom - top) / height },
      scale: now.plan.cast[index].scale,
      isScaling: event.target.classList.contains("member-grip"),
      began: false,
    };
    one.setPointerCapture(event.pointerId);
    if (!wasSelected) onselect(index);
  }

  function go(event, one) {
    const across = event.clientX - drag.from[0];
    const down = event.clientY - drag.from[1];
    drag.began ||= Math.hypot(across, down) > DRAGGED_PX;
    if (!drag.began) return;
    const { index, box: was } = drag;
    if (drag.isScaling) {
      const by = Math.max(0.1, 1 + (across / drag.width) / Math.max(was.right - was.left, 0.02));
      const wide = (was.right - was.left) * by;
      lay(one, { ...was, right: was.left + wide, top: was.bottom - (was.bottom - was.top) * by }, true);
      onedit((plan) => scaled(withMember(plan, index, { scale: drag.scale }), index, by));
    } else {
      const [right, below] = [across / drag.width, down / drag.height];
      lay(one, { left: was.left + right, right: was.right + right, top: was.top + below, bottom: was.bottom + below }, true);
      onedit((plan) => moved(plan, index, drag.at[0] + right, drag.at[1] + below));
    }
  }

  function end() {
    if (!drag) return;
    drag = null;
    update(now);
  }

  function showTools() {
    const { plan, selected, isEdited, offered } = now;
    tools.hidden = plan === null;
    if (plan === null) return;
    const member = plan.cast[selected];
    const key = `${selected} ${isEdited} ${plan.cast.length} ${member?.action} ${Boolean(offered)}`;
    if (tools.dataset.shown === key) return; // a button that has the focus keeps it
    tools.dataset.shown = key;
    const focused = tools.contains(document.activeElement) ? document.activeElement.dataset.key : undefined;
    fill(
      tools,
      tool("add", "plus", "Add a subject", onadd, { disabled: plan.cast.length >= MOST_MEMBERS }),
      member && [
        actionMenu(member, selected, offered),
        tool("smaller", "minus", "Smaller", () => resize(now.selected, 1 / LARGER), { bare: true }),
        tool("larger", "upscale", "Larger", () => resize(now.selected, LARGER), { bare: true }),
        tool("flip", "flip", "Flip", () => flip(now.selected), { bare: true }),
        tool("remove", "remove", "Remove", () => remove(now.selected), { bare: true }),
      ],
      isEdited && tool("reset", "again", "Reset to the prompt", onreset),
    );
    if (focused !== undefined) (tools.querySelector(`[data-key="${focused}"]`) ?? tools.querySelector("button"))?.focus();
  }

  function actionMenu(member, index, offered) {
    const one = menu(`What ${memberName(member)} does`, (action) => onedit((plan) => withMember(plan, index, { action })), "action");
    one.update(member.action, offered?.action);
    return one.node;
  }

  return { node, tools, update };
}

function tool(key, sign, label, onclick, { bare = false, disabled = false } = {}) {
  return h(
    "button",
    { type: "button", class: bare ? "button bare" : "button", onclick, disabled, title: label, "aria-label": label, data: { key } },
    icon(sign),
    !bare && h("span", {}, label),
  );
}

const within = (share) => Math.min(1, Math.max(0, share));
