/** The fields of the selected subject: what it does, how many there are, where it is and how it looks. */

import { fill, h } from "../dom.js";
import { MOST_COPIES, memberName, named, possibleHosts, withMember } from "../shot_plan.js";
import { menu } from "./plan_chips.js";
import { tool } from "./plan_tools.js";

const NOWHERE = "";
const GREY = "#808080";

/**
 * Return `{node, update}`.
 *
 * `update` gets the plan, the selected member's index, and what the schema offers; `onedit` gets a function
 * from one plan to the next, and a name for edits that are undone together.
 */
export function memberEditor({ onedit, onswap, onsmaller, onlarger, onflip, onface, onremove }) {
  let index = null;
  const change = (fields, name = null) => onedit((plan) => withMember(plan, index, fields), name && `${name} ${index}`);
  const action = menu("Action", (value) => change({ action: value }), "action");
  const facing = menu("Faces", onface, "facing");
  const plane = menu("Where", (value) => change({ plane: value, y: null, on: null }), "plane");
  const on = menu("Is on", (value) => change({ on: value === NOWHERE ? null : Number(value) }), "on");
  const count = h("input", {
    type: "number",
    class: "chip menu",
    min: "1",
    max: String(MOST_COPIES),
    step: "1",
    inputmode: "numeric",
    oninput: () => count.checkValidity() && count.value !== "" && change({ count: Number(count.value) }, "count"),
    onchange: () => (count.value = String(shown.count)), // what is no number of them changes nothing
    onkeydown: (event) => event.key === "Enter" && event.preventDefault(), // it would render
  });
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
      field("How many", count),
      field("Faces", facing.node),
      field("Where", plane.node),
      field("Is on", on.node),
      field("Colour", colour, asDrawn),
    ),
  );
  let shown = null;

  function update({ plan, selected, offered }) {
    const member = plan?.cast[selected];
    node.hidden = !member;
    if (!member) return;
    index = selected;
    shown = member;
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
    if (document.activeElement !== count) count.value = String(member.count);
    colour.value = member.colour ?? GREY;
    colour.classList.toggle("unset", member.colour === null);
    asDrawn.setAttribute("aria-pressed", String(member.colour === null));
  }

  return { node, update };
}

function field(label, ...controls) {
  controls[0].setAttribute("aria-label", label);
  return h("div", { class: "member-field" }, h("span", { class: "dim small", "aria-hidden": "true" }, label), h("span", { class: "joined" }, controls));
}
