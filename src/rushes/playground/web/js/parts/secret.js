/** Shows a secret once. */

import { openDialog } from "../dialog.js";
import { h } from "../dom.js";

export function showSecret(title, text, secret) {
  openDialog(title, () => [
    h("p", {}, text),
    h("div", { class: "code" }, h("pre", { tabindex: "0", "aria-label": title }, h("code", {}, secret))),
  ]);
}
