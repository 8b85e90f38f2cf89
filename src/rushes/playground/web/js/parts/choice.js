/** A choice of one among several; what cannot be chosen is grey, and the reason stands below. */

import { fill, h } from "../dom.js";
import { sentence } from "../words.js";

let made = 0;

/**
 * Return `{node, update}` of a group of radio buttons.
 *
 * `values` are `{value, label, picture, about}`. `update(chosen, whyNot)` shows what is chosen; `whyNot` of
 * a value is the reason why it cannot be had, or null.
 */
export function choice({ legend, values, onchoose, className = "" }) {
  const name = `choice-${(made += 1)}`;
  const reason = h("p", { class: "reason", id: `${name}-why` });
  const inputs = values.map(({ value }, order) =>
    h("input", { type: "radio", name, id: `${name}-${order}`, value: String(value), onchange: () => onchoose(value) }),
  );
  const options = values.map(({ label, picture, about }, order) =>
    h(
      "div",
      { class: "option" },
      inputs[order],
      h("label", { for: `${name}-${order}`, title: about }, picture, h("span", {}, label)),
    ),
  );
  const node = h(
    "fieldset",
    { class: `choice ${className}`, "aria-describedby": reason.id },
    h("legend", {}, legend),
    h("div", { class: "options" }, options),
    reason,
  );

  function update(chosen, whyNot = () => null) {
    const reasons = new Set();
    values.forEach(({ value, about }, order) => {
      const why = whyNot(value);
      const input = inputs[order];
      input.checked = value === chosen;
      input.disabled = why !== null;
      input.nextElementSibling.title = why ?? about ?? "";
      if (why) reasons.add(why);
    });
    fill(reason, [...reasons].map(sentence).join(" "));
    reason.hidden = reasons.size === 0;
  }

  return { node, update };
}

/** Return `{node, update}` of a switch; `update(on, reason)`. */
export function toggle({ label, about, onchoose }) {
  const name = `toggle-${(made += 1)}`;
  const input = h("input", {
    type: "checkbox",
    role: "switch",
    id: name,
    "aria-describedby": `${name}-about`,
    onchange: () => onchoose(input.checked),
  });
  const told = h("span", { class: "dim small", id: `${name}-about` }, about);
  const node = h(
    "div",
    { class: "toggle" },
    input,
    h("label", { for: name }, label),
    told,
  );

  function update(on, why = null) {
    input.checked = on && why === null;
    input.disabled = why !== null;
    fill(told, why ? sentence(why) : about);
  }

  return { node, update };
}
