/** What can be done with the whole plan: undo, redo, and take what the prompt says again. */

import { h, icon } from "../dom.js";

/** Return `{node, update}`; `update` gets whether the plan was edited, and whether there is a step back and forth. */
export function planTools({ onundo, onredo, onreset }) {
  const undo = tool("undo", "Undo", onundo, { title: "Undo (Ctrl+Z)" });
  const redo = tool("redo", "Redo", onredo, { title: "Redo (Ctrl+Shift+Z)" });
  const reset = h("button", { type: "button", class: "button small", onclick: onreset }, "Reset to the prompt");
  const node = h("div", { class: "plan-tools", role: "toolbar", "aria-label": "Edit the plan" }, undo, redo, reset);

  function update({ isEdited, past, future }) {
    const hadFocus = node.contains(document.activeElement) ? document.activeElement : null;
    undo.disabled = past === 0;
    redo.disabled = future === 0;
    reset.hidden = !isEdited;
    if (hadFocus && (hadFocus.disabled || hadFocus.hidden)) [undo, redo, reset].find((one) => !one.disabled && !one.hidden)?.focus();
  }

  return { node, update };
}

/** Return a button with a sign and no words but for those who hear it. */
export function tool(sign, label, onclick, { key = sign, title = label } = {}) {
  return h("button", { type: "button", class: "button bare", onclick, title, "aria-label": label, data: { key } }, icon(sign));
}
