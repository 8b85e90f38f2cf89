/** The camera's moves and when in the clip each happens: a menu, two times and a bar to drag for each of them. */

import { fill, h } from "../dom.js";
import { MOST_MOVES, clipMoment, clipShare, named, timedMove, withCamera } from "../shot_plan.js";
import { menu } from "./menu.js";
import { numberField } from "./number_field.js";

const STEP = 0.1;
const USUAL = "slow push";

/** Return `{more, lanes, update}`: a menu for another move, a lane for each move, and what shows a plan's moves. */
export function cameraMoves({ onedit }) {
  const more = menu("Camera", (move) => move && onedit((plan) => withCamera(plan, [...plan.camera, { move, start: 0, end: 1 }])), "camera-more");
  const lanes = h("div", { class: "lanes" });
  let all = [];

  function update(plan, moves, clip) {
    if (all.length !== plan.camera.length) rebuild(plan.camera.length);
    all.forEach((one, order) => one.update(plan.camera[order], moves, clip));
    const label = all.length ? "Another camera move" : "Camera";
    more.node.setAttribute("aria-label", label);
    more.node.disabled = all.length >= MOST_MOVES;
    more.node.title = more.node.disabled ? `A plan has ${MOST_MOVES} camera moves at most` : label;
    more.update("", ["", ...moves], { "": all.length ? "+ camera" : USUAL });
  }

  /** Make as many lanes as there are moves; the focus stays with the order of the lane that had it. */
  function rebuild(number) {
    const key = lanes.contains(document.activeElement) ? document.activeElement.dataset.key : null;
    all = Array.from({ length: number }, (_, order) => lane(order, onedit));
    fill(lanes, all.map((one) => one.node));
    if (key) (lanes.querySelector(`[data-key="${CSS.escape(key)}"]`) ?? more.node).focus();
  }

  return { more: more.node, lanes, update };
}

function lane(order, onedit) {
  const change = (fields, name = null) => onedit((plan) => timedMove(plan, order, fields), name);
  const move = menu("Camera", (value) => (value ? change({ move: value }) : onedit((plan) => withCamera(plan, plan.camera.filter((_, at) => at !== order)))), `camera-${order}`);
  const [start, end] = ["start", "end"].map((name) => numberField({ label: name, key: `camera-${order}-${name}`, least: 0, step: STEP, oninput: take }));
  const bar = timeBar({ ondrag: (now, drag) => change(now, `camera drag ${order} ${drag}`) });
  const unit = h("span", { class: "dim small", "aria-hidden": "true" });
  const node = h(
    "div",
    { class: "lane", role: "group" },
    move.node,
    bar.node,
    h("span", { class: "lane-times" }, start.node, h("span", { class: "dim small", "aria-hidden": "true" }, "to"), end.node, unit),
    start.problem,
    end.problem,
  );
  let shown = { move: "", start: 0, end: 1 };
  let clip = { whole: 1, unit: "" };

  /** Take both times over if both can be, as each depends on the other. */
  function take() {
    const [first, last] = [start.value(), end.value()];
    const wrong = timesWrong(first, last, clip);
    start.complain(wrong.start);
    end.complain(wrong.end);
    if (wrong.start || wrong.end) return;
    change({ start: clipShare(first, clip), end: clipShare(last, clip) }, `camera times ${order}`);
  }

  function update(now, moves, of) {
    shown = now;
    clip = of;
    const name = named(now.move);
    const words = clip.unit === "s" ? "in seconds" : "in percent";
    node.setAttribute("aria-label", `Camera move: ${name}`);
    move.update(now.move, ["", ...moves], { "": "remove this move" });
    for (const [field, at] of [[start, "start"], [end, "end"]]) {
      const label = `${name}: ${at} ${words}`;
      field.node.setAttribute("aria-label", label);
      field.node.title = label;
      field.show(clipMoment(shown[at], clip), `${now.move} ${clip.whole}`);
    }
    fill(unit, clip.unit);
    bar.update(shown, STEP / clip.whole);
  }

  return { node, update };
}

/** Return what is wrong with the times of a move, for each of them; null where nothing is. */
export function timesWrong(start, end, { whole, unit }) {
  const isTime = (one) => one !== null && one >= 0 && one <= whole;
  const range = `Enter a time from 0 to ${whole} ${unit}`;
  if (!isTime(start) || !isTime(end)) return { start: isTime(start) ? null : range, end: isTime(end) ? null : range };
  if (clipShare(end, { whole }) > clipShare(start, { whole })) return { start: null, end: null };
  return { start: null, end: `The end must be after the start, ${start} ${unit}` };
}

/** Return a bar that shows when a move happens; it is dragged as a whole or at its ends. The fields do the same by keys. */
function timeBar({ ondrag }) {
  const bar = h("span", { class: "time-bar" }, h("span", { class: "time-grip", data: { end: "start" } }), h("span", { class: "time-grip", data: { end: "end" } }));
  const node = h("span", { class: "time-track", "aria-hidden": "true", title: "Drag the bar or its ends", onpointerdown: begin, onpointermove: go, onpointerup: finish, onpointercancel: finish }, bar);
  let shown = { start: 0, end: 1 };
  let step = 0.01;
  let drags = 0;
  let drag = null;

  function begin(event) {
    if (event.button !== 0 || !bar.contains(event.target)) return;
    drags += 1;
    drag = { from: event.clientX, width: node.getBoundingClientRect().width, was: shown, end: event.target.dataset.end };
    node.setPointerCapture(event.pointerId);
    event.preventDefault();
  }

  function go(event) {
    if (!drag) return;
    const by = Math.round((event.clientX - drag.from) / drag.width / step) * step;
    const next = dragged(drag.was, by, drag.end, step);
    if (next.start !== shown.start || next.end !== shown.end) ondrag(next, drags);
  }

  function finish() {
    drag = null;
  }

  function update(now, least) {
    shown = now;
    step = least;
    bar.style.left = `${now.start * 100}%`;
    bar.style.width = `${(now.end - now.start) * 100}%`;
  }

  return { node, update };
}

/** Return the times after a drag of one end, or of both with their distance kept. */
export function dragged({ start, end }, by, which, step) {
  const between = (value, least, most) => Number(Math.max(least, Math.min(most, value)).toFixed(4));
  if (which === "start") return { start: between(start + by, 0, Math.max(start, end - step)), end };
  if (which === "end") return { start, end: between(end + by, Math.min(end, start + step), 1) };
  const shift = Math.max(-start, Math.min(1 - end, by));
  return { start: between(start + shift, 0, 1), end: between(end + shift, 0, 1) };
}
