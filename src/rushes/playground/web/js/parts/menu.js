/** A chip that opens a menu of values. */

import { fill, h } from "../dom.js";
import { named } from "../shot_plan.js";

/** Return `{node, update, name}`; the chip shows the value that is chosen. */
export function menu(label, onchoose, name) {
  const select = h("select", { class: "chip menu", "aria-label": label, title: label, data: { key: name }, onchange: () => onchoose(select.value) });
  function update(value, values = [value], names = {}) {
    const all = values.includes(value) ? values : [value, ...values];
    const wanted = all.map((one) => [one, names[one] ?? named(one)]);
    if (select.options.length !== all.length || wanted.some(([one, name], order) => select.options[order].value !== one || select.options[order].text !== name)) {
      fill(select, wanted.map(([one, name]) => h("option", { value: one }, name)));
    }
    select.value = value;
  }
  return { node: select, update, name };
}
