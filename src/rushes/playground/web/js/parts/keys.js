/** The keys of every account: what each may do, when it was last used, and how to make and revoke them. */

import * as api from "../api.js";
import { confirmed, openDialog } from "../dialog.js";
import { fill, h, icon } from "../dom.js";
import { attempt, notice } from "../notices.js";
import { ago, day, sentence } from "../words.js";
import { showSecret } from "./secret.js";

const SCOPES = [
  ["generate", "generate: submit and cancel generations", true],
  ["read", "read: see what belongs to the account", true],
  ["operate", "operate: administer the server", false],
];

/** Return the list; `look` shows it anew. */
export function keyList(all, look) {
  const columns = ["Key", "Account", "Scopes", "Limits", "Last used", ""];
  return h(
    "section",
    { class: "stack" },
    h(
      "div",
      { class: "operate-head" },
      h("h2", {}, "Keys"),
      h("button", { class: "button", type: "button", onclick: () => make(look) }, icon("key"), "Create a key"),
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
  return [submits_per_minute && `${submits_per_minute} a minute`, in_flight && `${in_flight} in progress`, models?.join(", ")].filter(Boolean).join("; ");
}

async function revoke(one, look) {
  if (!(await confirmed(`Revoke ${one.name}?`, "The key stops working within a second. It stays on the list.", "Revoke"))) return;
  await attempt(async () => {
    await api.revokeKey(one.id);
    notice(`${one.name} is revoked`);
    await look();
  });
}

const GRACES = [
  ["0", "It stops working at once"],
  ["3600", "For one hour"],
  ["86400", "For one day"],
];

/** Give a key a new secret, once it is said how long the one that it has is still good. */
function rotate(one, look) {
  const grace = h("select", { id: "rotate-grace" }, GRACES.map(([value, words]) => h("option", { value }, words)));
  openDialog(`Rotate ${one.name}`, (close) =>
    h(
      "form",
      {
        onsubmit: async (event) => {
          event.preventDefault();
          close();
          await attempt(async () => {
            const { key } = await api.rotateKey(one.id, { grace_s: Number(grace.value) });
            showSecret("The new secret", "Copy it now: it is shown only once.", key);
            await look();
          });
        },
      },
      h("label", { for: grace.id }, "How long the old secret keeps working"),
      grace,
      h("div", { class: "row end" }, h("button", { class: "button main", type: "submit" }, "Rotate")),
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
  openDialog("Create a key", (close) => {
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
            showSecret("The new key", "Copy it now: it is shown only once.", made.key);
          } catch (error) {
            fill(wrong, sentence(error.message));
          }
        },
      },
      text("key-name", "Name", { required: true }),
      text("key-account", "Account (default: a new one of the same name)"),
      h("fieldset", { class: "choice" }, h("legend", {}, "Scopes"), h("div", { class: "options" }, scopes)),
      text("key-submits", "Submits per minute, at most", { inputmode: "numeric", pattern: "[0-9]*", placeholder: "no limit" }),
      text("key-flight", "In progress at once, at most", { inputmode: "numeric", pattern: "[0-9]*", placeholder: "no limit" }),
      wrong,
      h("div", { class: "row end" }, h("button", { class: "button main", type: "submit" }, "Create")),
    );
    return form;
  });
}
