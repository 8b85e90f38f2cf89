/** The accounts of the server, each with its keys. */

import { h } from "../dom.js";
import { ago, day } from "../words.js";

/** Return the accounts; `keys` are those of all of them. */
export function accountList(all, keys) {
  return h(
    "section",
    { class: "stack" },
    h("h2", {}, "Accounts"),
    h(
      "div",
      { class: "scrolls", tabindex: "0", role: "region", "aria-label": "Accounts" },
      h(
        "table",
        { class: "rows" },
        h("thead", {}, h("tr", {}, ["Account", "Name", "Keys", "Created"].map((name) => h("th", { scope: "col" }, name)))),
        h("tbody", {}, all.map((one) => row(one, keys.filter((key) => key.account === one.id && !key.revoked_at)))),
      ),
    ),
  );
}

function row(one, keys) {
  return h(
    "tr",
    {},
    h("td", {}, one.id),
    h("td", {}, one.name),
    h("td", {}, keys.map(({ name }) => name).join(", ") || "none"),
    h("td", {}, h("time", { datetime: one.created_at, title: day(one.created_at) }, ago(one.created_at))),
  );
}
