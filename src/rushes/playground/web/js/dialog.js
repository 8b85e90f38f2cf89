/** Dialogs, as the browser has them. */

import { h, icon } from "./dom.js";

let opened = 0;

/**
 * Open a dialog; what is in it is made by `body`, which is told how to close it.
 *
 * Escape, the cross and a click beside it close it.
 */
export function openDialog(title, body, { wide = false } = {}) {
  const id = `dialog-${(opened += 1)}`;
  const dialog = h("dialog", {
    class: wide ? "dialog wide" : "dialog",
    "aria-labelledby": id,
    onclose: () => dialog.remove(),
    onclick: (event) => event.target === dialog && dialog.close(),
  });
  const close = () => dialog.close();
  dialog.append(
    h(
      "div",
      { class: "dialog-inner" },
      h(
        "div",
        { class: "dialog-head" },
        h("h2", { id }, title),
        h("button", { class: "button quiet bare", type: "button", "aria-label": "Close", onclick: close }, icon("close")),
      ),
      h("div", { class: "dialog-body" }, body(close)),
    ),
  );
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}

/** Ask a question; return whether the answer was yes. */
export function confirmed(title, text, yes) {
  return new Promise((resolve) => {
    let answer = false;
    const dialog = openDialog(title, (close) =>
      h(
        "div",
        {},
        h("p", {}, text),
        h(
          "div",
          { class: "row end" },
          h("button", { class: "button", type: "button", onclick: close }, "Cancel"),
          h(
            "button",
            {
              class: "button main",
              type: "button",
              onclick: () => {
                answer = true;
                close();
              },
            },
            yes,
          ),
        ),
      ),
    );
    dialog.addEventListener("close", () => resolve(answer));
  });
}
