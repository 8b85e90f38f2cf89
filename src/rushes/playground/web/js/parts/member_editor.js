/** The fields of the selected subject: what it does, how many there are, where it is and how it looks. */

import { fill, h } from "../dom.js";
import { LEAST_HEIGHT_M, MOST_COPIES, MOST_HEIGHT_M, memberName, named, possibleHosts, withMember } from "../shot_plan.js";
import { count as counted } from "../words.js";
import { menu } from "./menu.js";
import { numberField } from "./number_field.js";
import { tool } from "./plan_tools.js";

const NOWHERE = "";
const GREY = "#808080";

/**
 * Return `{node, update}`.
 *
 * `update` gets the plan, the selected member's index, what the schema offers, and a map of the usual heights of
 * subjects in metres, or null; `onedit` gets a function from one plan to the next, and a name for edits that are
 * undone together.
 */
export function memberEditor({ onedit, onswap, onsmaller, onlarger, onflip, onface, onremove }) {
  let index = null;
  const change = (fields, name = null) => onedit((plan) => withMember(plan, index, fields), name && `${name} ${index}`);
  const action = menu("Action", (value) => change({ action: value }), "action");
  const facing = menu("Faces", onface, "facing");
  const plane = menu("Where", (value) => change({ plane: value, y: null, on: null }), "plane");
  const on = menu("Is on", (value) => change({ on: value === NOWHERE ? null : Number(value) }), "on");
  const count = numberField({ label: "How many", key: "count", least: 1, step: 1, oninput: takeCount });
  const height = numberField({ label: "Height in metres", key: "height", least: 0, oninput: takeHeight });
  const asUsual = h("button", { type: "button", class: "chip", title: "As tall as it is in reality", onclick: takeUsual }, "usual");
  const colour = h("input", { type: "color", class: "colour", oninput: () => change({ colour: colour.value }, "colour") });
  const asDrawn = h("button", { type: "button", class: "chip", onclick: () => change({ colour: null }) }, "as drawn");
  const title = h("h3", { class: "small" });
  const drawnAs = h("button", { type: "button", class: "link small dim", title: "Draw another subject in its place", onclick: () => onswap(index) });
  const node = h(
    "div",
    { class: "member-editor", role: "group", "aria-label": "Selected subject", hidden: true },
    h(
      "div",
      { class: "member-head" },
      h("div", { class: "member-name" }, title, drawnAs),
      h(
        "div",
        { class: "member-tools" },
        tool("minus", "Smaller", onsmaller),
        tool("plus", "Larger", onlarger),
        tool("flip", "Flip", onflip),
        tool("remove", "Remove", onremove),
      ),
    ),
    h(
      "div",
      { class: "member-fields" },
      field("Action", action.node),
      field("How many", count.node),
      field("Faces", facing.node),
      field("Where", plane.node),
      field("Is on", on.node),
      field("Height, m", height.node, asUsual),
      field("Colour", colour, asDrawn),
    ),
    count.problem,
    height.problem,
  );

  function takeCount() {
    const number = count.value();
    const isCount = Number.isInteger(number) && number >= 1 && number <= MOST_COPIES;
    count.complain(isCount ? null : `Enter a whole number from 1 to ${MOST_COPIES}`);
    if (isCount) change({ count: number }, "count");
  }

  function takeHeight() {
    const metres = height.value();
    const isHeight = metres === null || (metres >= LEAST_HEIGHT_M && metres <= MOST_HEIGHT_M);
    height.complain(isHeight ? null : `Enter a height from ${LEAST_HEIGHT_M} to ${counted(MOST_HEIGHT_M)} metres, or nothing for the usual one`);
    if (isHeight) change({ height_m: metres }, "height");
  }

  function takeUsual() {
    height.show(null, null); // a text that was not taken over goes, too
    change({ height_m: null });
  }

  function update({ plan, selected, offered, heights }) {
    const member = plan?.cast[selected];
    node.hidden = !member;
    if (!member) {
      count.show(null, null); // what was typed and not taken over is forgotten
      height.show(null, null);
      return;
    }
    index = selected;
    fill(title, memberName(member));
    fill(drawnAs, `drawn as ${named(member.subject)}`);
    drawnAs.setAttribute("aria-label", `Drawn as ${named(member.subject)}. Draw another subject in its place`);
    action.update(member.action, offered?.action);
    facing.update(member.facing, offered?.facing);
    plane.update(member.plane, offered?.plane);
    const hosts = possibleHosts(plan, selected);
    const names = Object.fromEntries(hosts.map((one) => [String(one), memberName(plan.cast[one])]));
    on.update(member.on === null ? NOWHERE : String(member.on), [NOWHERE, ...hosts.map(String)], { [NOWHERE]: "nothing", ...names });
    on.node.disabled = hosts.length === 0;
    const of = `${selected} ${member.subject} ${member.words}`;
    count.show(member.count, of);
    const usual_m = heights?.get(member.subject) ?? null;
    height.node.placeholder = usual_m ?? "";
    height.node.step = String(fineStep(member.height_m ?? usual_m));
    height.show(member.height_m ?? usual_m, of);
    asUsual.setAttribute("aria-pressed", String(member.height_m === null));
    colour.value = member.colour ?? GREY;
    colour.classList.toggle("unset", member.colour === null);
    asDrawn.setAttribute("aria-pressed", String(member.colour === null));
  }

  return { node, update };
}

/** Return a tenth of a height's first digit, as a step: 0.1 m for a person, 0.01 m for a cup. */
const fineStep = (metres) => (metres ? Number((10 ** (Math.floor(Math.log10(metres)) - 1)).toPrecision(1)) : 0.1);

function field(label, ...controls) {
  if (!controls[0].hasAttribute("aria-label")) controls[0].setAttribute("aria-label", label);
  return h("div", { class: "member-field" }, h("span", { class: "dim small", "aria-hidden": "true" }, label), h("span", { class: "joined" }, controls));
}
