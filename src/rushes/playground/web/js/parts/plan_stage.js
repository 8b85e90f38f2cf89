/** The rough frame of a plan, with its subjects to be selected, moved, scaled, flipped and removed. */

import { fill, h } from "../dom.js";
import { facing, memberName, moved, removed, scaled, withMember } from "../shot_plan.js";

const STEP = 0.02;
const FAR_STEP = 0.1;
const LARGER = 1.1;
const DRAGGED_PX = 4;
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const HELP = "Drag to move. Keys: arrows move, + and − scale, F flips, Delete removes.";

/**
 * Return `{node, update}`, and what is done with the selected subject.
 *
 * `update` gets the plan, a rough frame of it or of one before it, and the selected member's index. `onedit`
 * gets a function from one plan to the next, and a name for edits that are undone together.
 */
export function planStage({ onedit, onselect }) {
  const picture = h("img", { class: "rough", alt: "Rough frame of the plan", draggable: "false" });
  const waits = h("p", { class: "rough-waits small" }, "Drawing a rough frame…");
  const boxes = h("div", { class: "members", role: "group", "aria-label": "Subjects on the stage" });
  const heard = h("p", { class: "unseen", role: "status" });
  const node = h("div", { class: "plan-view", onclick: (event) => !boxes.contains(event.target) && onselect(null) }, picture, waits, boxes, heard);
  let now = { plan: null, frame: null, selected: null };
  let drags = 0;
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
  }

  function rebuild(cast) {
    const hadFocus = boxes.contains(document.activeElement);
    fill(boxes, cast.map((_, index) => box(index)));
    if (hadFocus) boxes.children[now.selected ?? 0]?.focus();
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
    const place = isOfThisCast(now.frame) ? now.frame.places[index] : null;
    one.hidden = !place;
    if (!place) return;
    one.style.zIndex = String(nearer(one, isSelected));
    if (now.frame.plan !== now.plan && one.style.left) return; // where it was put, until it is drawn there
    const [, , left, top, right, bottom] = place;
    lay(one, { left: within(left), top: within(top), right: within(right), bottom: within(bottom) }, isSelected);
  }

  /** Whether a frame shows the subjects of the present plan, wherever they are. */
  function isOfThisCast(frame) {
    const [drawn, wanted] = [frame?.plan.cast ?? [], now.plan.cast];
    return drawn.length === wanted.length && drawn.every(({ subject }, index) => subject === wanted[index].subject);
  }

  function lay(one, { left, top, right, bottom }, isSelected) {
    const percent = (share) => `${(share * 100).toFixed(2)}%`;
    one.style.left = percent(left);
    one.style.top = percent(top);
    one.style.width = percent(Math.max(0, right - left));
    one.style.height = percent(Math.max(0, bottom - top));
    one.dataset.area = String(Math.min(1, (right - left) * (bottom - top)));
    one.style.zIndex = String(nearer(one, isSelected));
  }

  /** Return how near a box is: what is small can be reached before what is large, what is selected before all. */
  const nearer = (one, isSelected) => (isSelected ? 1000 : Math.round(900 * (1 - Number(one.dataset.area ?? 1))));

  /** Return where the plan, or else the engine, has a member. */
  function placeOf(index) {
    const member = now.plan.cast[index];
    const [x, y] = (isOfThisCast(now.frame) && now.frame.places[index]) || [0.5, 0.8];
    return [member.on === null ? (member.x ?? x) : x, member.on === null ? (member.y ?? y) : y];
  }

  function pressed(event, index) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const arrow = ARROWS[event.key];
    if (arrow) {
      const step = event.shiftKey ? FAR_STEP : STEP;
      const [x, y] = placeOf(index);
      const [right, down] = arrow;
      onedit((plan) => moved(plan, index, x + right * step, y + down * step), `keys ${index}`);
      const { x: across, y: below } = now.plan.cast[index];
      fill(heard, `${Math.round(across * 100)} % across, ${Math.round(below * 100)} % down`);
    } else if (event.key === "+" || event.key === "=") resize(index, LARGER);
    else if (event.key === "-" || event.key === "−") resize(index, 1 / LARGER);
    else if (event.key === "f" || event.key === "F") face(index, turned(index));
    else if (event.key === "Delete" || event.key === "Backspace") remove(index);
    else if (event.key === "Escape") onselect(null);
    else return;
    event.preventDefault();
  }

  function resize(index, by) {
    onedit((plan) => scaled(plan, index, by), `scale ${index}`);
    fill(heard, `Scaled to ${Math.round(now.plan.cast[index].scale * 100)} %`);
  }

  function face(index, way) {
    const places = isOfThisCast(now.frame) ? now.frame.places : null;
    onedit((plan) => facing(plan, index, way, places));
    fill(heard, `Facing ${now.plan.cast[index].facing}`);
  }

  const turned = (index) => (now.plan.cast[index].facing === "left" ? "right" : "left");

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
    drags += 1;
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
      onedit((plan) => scaled(withMember(plan, index, { scale: drag.scale }), index, by), `drag ${drags}`);
    } else {
      const [right, below] = [across / drag.width, down / drag.height];
      lay(one, { left: was.left + right, right: was.right + right, top: was.top + below, bottom: was.bottom + below }, true);
      onedit((plan) => moved(plan, index, drag.at[0] + right, drag.at[1] + below), `drag ${drags}`);
    }
  }

  function end() {
    if (!drag) return;
    drag = null;
    update(now);
  }

  const selected = (act) => () => now.selected !== null && act(now.selected);
  return {
    node,
    update,
    onsmaller: selected((index) => resize(index, 1 / LARGER)),
    onlarger: selected((index) => resize(index, LARGER)),
    onflip: selected((index) => face(index, turned(index))),
    onface: (way) => now.selected !== null && face(now.selected, way),
    onremove: selected(remove),
  };
}

const within = (share) => Math.min(1, Math.max(0, share));
