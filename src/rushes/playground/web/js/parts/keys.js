/** The keys of every account: what each may do, when it was last used, and how to make and revoke them. */

import * as api from "../api.js";
import { confirmed, openDialog } from "../dialog.js";
import { fill, h, icon } from "../dom.js";
import { attempt, notice } from "../notices.js";
import { ago, day, sentence } from "../words.js";
import { showSecret } from "./secret.js";

const SCOPES = [
  ["generate", "ask for generations", true],
  ["read", "see what is the account's", true],
  ["operate", "look after the server", false],
];

/** Return the list; `look` shows it anew. */
export function keyList(all, look) {
  const columns = ["Key", "Account", "May", "Limits", "Last used", ""];
  return h(
    "section",
    { class: "stack" },
    h(
      "div",
      { class: "operate-head" },
      h("h2", {}, "Keys"),
      h("button", { class: "button", type: "button", onclick: () => make(look) }, icon("key"), "Make a key"),
    ),
    h(
      "div",
      { class: "scrolls", tabindex: "0", role: "region", "aria-label": "Keys" },
      h(
        "table",
        { class: "rows" },
        h("thead", {}, h("tr", {}, columns.map((name) => (name ? h("th", { scope: "col" }, name) : h("td", {}))))),
        h("tbody", {}, all.map((one) => row(one, look))),
      ),
    ),
  );
}

function row(one, look) {
  const end = one.revoked_at ? `revoked ${ago(one.revoked_at)}` : one.expires_at && `until ${day(one.expires_at)}`;
  return h(
    "tr",
    { class: one.revoked_at ? "dim" : "" },
    h("td", {}, one.name, " ", h("code", { class: "dim" }, `${one.hint}…`)),
    h("td", {}, one.account),
    h("td", {}, one.scopes.join(", ")),
    h("td", {}, limits(one.limits) || "none"),
    h("td", {}, one.used_at ? h("time", { datetime: one.used_at, title: day(one.used_at) }, ago(one.used_at)) : "never"),
    h("td", {}, one.revoked_at ? end : h("div", { class: "row" }, end, tool("Rotate", one, () => rotate(one, look)), tool("Revoke", one, () => revoke(one, look)))),
  );
}

function tool(label, { name }, onclick) {
  return h("button", { class: "button", type: "button", "aria-label": `${label}: ${name}`, onclick }, label);
}

function limits({ submits_per_minute, in_flight, models }) {
  return [submits_per_minute && `${submits_per_minute} a minute`, in_flight && `${in_flight} at once`, models?.join(", ")].filter(Boolean).join("; ");
}

async function revoke(one, look) {
  if (!(await confirmed(`Revoke ${one.name}?`, "It is worthless within a second, and stays on the list.", "Revoke it"))) return;
  await attempt(async () => {
    await api.revokeKey(one.id);
    notice(`${one.name} is revoked`);
    await look();
  });
}

const GRACES = [
  ["0", "not at all"],
  ["3600", "for an hour"],
  ["86400", "for a day"],
];

/** Give a key a new secret, once it is said how long the one that it has is still good. */
function rotate(one, look) {
  const grace = h("select", { id: "rotate-grace" }, GRACES.map(([value, words]) => h("option", { value }, words)));
  openDialog(`Give ${one.name} a new secret`, (close) =>
    h(
      "form",
      {
        onsubmit: async (event) => {
          event.preventDefault();
          close();
          await attempt(async () => {
            const { key } = await api.rotateKey(one.id, { grace_s: Number(grace.value) });
            showSecret("The new secret", "It is shown this once.", key);
            await look();
          });
        },
      },
      h("label", { for: grace.id }, "The one that it has is still good"),
      grace,
      h("div", { class: "row end" }, h("button", { class: "button main", type: "submit" }, "Rotate it")),
    ),
  );
}

function make(look) {
  const wrong = h("p", { class: "wrong", role: "alert" });
  const text = (id, label, more = {}) => [h("label", { for: id }, label), h("input", { type: "text", id, autocomplete: "off", ...more })];
  const scopes = SCOPES.map(([scope, words, usual]) => {
    const input = h("input", { type: "checkbox", id: `scope-${scope}`, value: scope, checked: usual });
    return h("span", { class: "option" }, input, h("label", { for: input.id }, words));
  });
  openDialog("Make a key", (close) => {
    const form = h(
      "form",
      {
        onsubmit: async (event) => {
          event.preventDefault();
          const value = (id) => form.querySelector(`#${id}`).value.trim();
          const number = (id) => (value(id) ? Number(value(id)) : null);
          try {
            const made = await api.makeKey({
              name: value("key-name"),
              account: value("key-account") || null,
              scopes: [...form.querySelectorAll("[type=checkbox]:checked")].map((one) => one.value),
              submits_per_minute: number("key-submits"),
              in_flight: number("key-flight"),
            });
            close();
            await look();
            showSecret("The new key", "It is shown this once.", made.key);
          } catch (error) {
            fill(wrong, sentence(error.message));
          }
        },
      },
      text("key-name", "Name", { required: true }),
      text("key-account", "Account; by default one of the same name"),
      h("fieldset", { class: "choice" }, h("legend", {}, "It may"), h("div", { class: "options" }, scopes)),
      text("key-submits", "At most so many a minute", { inputmode: "numeric", pattern: "[0-9]*", placeholder: "no limit" }),
      text("key-flight", "At most so many at once", { inputmode: "numeric", pattern: "[0-9]*", placeholder: "no limit" }),
      wrong,
      h("div", { class: "row end" }, h("button", { class: "button main", type: "submit" }, "Make it")),
    );
    return form;
  });
}
