/** A field for a number: what is wrong with the text stands below it, and is not taken over. */

import { fill, h } from "../dom.js";
import { sentence } from "../words.js";

let made = 0;

/**
 * Return `{node, problem, value, show, complain}`; `problem` is an element to be put where there is room for it.
 *
 * `value` returns the number that stands there: null where nothing does, NaN where it is no number. `show(number,
 * of)` shows a number of the thing `of`, unless that is what was shown already: what is being typed is left alone.
 */
export function numberField({ label, key, least = null, step = "any", oninput, onleave = null }) {
  const problem = h("p", { class: "wrong", role: "alert", id: `number-${(made += 1)}-wrong` });
  const node = h("input", {
    type: "number",
    class: "chip menu",
    min: least,
    step,
    inputmode: "decimal",
    "aria-label": label,
    title: label,
    data: { key },
    oninput,
    onchange: onleave,
    onkeydown: (event) => event.key === "Enter" && event.preventDefault(), // it would render
  });
  let shown = "";

  function show(number, of) {
    const now = `${of} ${number}`;
    if (now === shown) return;
    shown = now;
    const isTyped = document.activeElement === node && [number, null].includes(value());
    if (!isTyped) node.value = number ?? "";
    complain(null);
  }

  function value() {
    if (node.validity.badInput) return Number.NaN;
    return node.value === "" ? null : Number(node.value);
  }

  /** Say what is wrong, or with null that nothing is. */
  function complain(why) {
    fill(problem, why && sentence(why));
    node.setAttribute("aria-invalid", String(Boolean(why)));
    if (why) node.setAttribute("aria-describedby", problem.id);
    else node.removeAttribute("aria-describedby");
  }

  return { node, problem, value, show, complain };
}

/** Return the first field of an element that has a number that cannot be taken. */
export const firstWrong = (element) => [...element.querySelectorAll("[aria-invalid=true]")].find((one) => one.checkVisibility()) ?? null;
