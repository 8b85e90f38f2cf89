/** Webhooks: the addresses that are told of all that the account makes, and what they were told. */

import * as api from "../api.js";
import { confirmed, openDialog } from "../dialog.js";
import { fill, h, icon } from "../dom.js";
import { attempt, notice } from "../notices.js";
import { choice } from "../parts/choice.js";
import { delivery, tried } from "../parts/deliveries.js";
import { showSecret } from "../parts/secret.js";
import { eventWords, sentence } from "../words.js";

const PAGE = 20;
const LOOK_AGAIN_MS = 3000;
const STATES = [
  { value: "", label: "All" },
  { value: "pending", label: "Pending" },
  { value: "delivered", label: "Delivered" },
  { value: "held", label: "Held" },
  { value: "failed", label: "Given up" },
];

export async function webhooks({ signal }) {
  const addresses = h("div", {});
  const log = h("ul", {});
  const told = h("p", { class: "dim small", role: "status" });
  const more = h("button", { class: "button", type: "button", onclick: () => load({ next: true }) }, "Show more");
  let state = "";
  let shown = [];
  let next = null;

  async function showAddresses() {
    const all = await api.webhooks(signal);
    fill(addresses, all.length === 0 ? h("p", { class: "dim" }, "No webhooks yet. A request can also name a URL of its own.") : h("ul", { class: "channels" }, all.map((one) => address(one, showAddresses))));
  }

  async function load({ next: further = false } = {}) {
    const page = await api.everyDelivery({ state, limit: PAGE, cursor: further ? next : null }, signal);
    shown = further ? [...shown, ...page.deliveries] : page.deliveries;
    next = page.next;
    fill(log, shown.map((one) => delivery(one, load, { of: true })));
    fill(told, shown.length === 0 && "No deliveries.");
    more.hidden = next === null;
  }

  /** While the first page is on show and something waits, look again. */
  async function keepLooking() {
    while (!signal.aborted) {
      await api.pause(LOOK_AGAIN_MS, signal);
      const isQuiet = document.hidden || shown.length > PAGE || log.querySelector("details[open]");
      if (!signal.aborted && !isQuiet && shown.some((one) => one.state === "pending")) await load().catch(() => {});
    }
  }

  const states = choice({
    legend: "State",
    className: "states",
    values: STATES,
    onchoose: (value) => {
      state = value;
      states.update(value);
      attempt(load);
    },
  });
  states.update(state);
  await Promise.all([showAddresses(), load()]);
  keepLooking();
  const node = h(
    "div",
    { class: "operate webhooks" },
    h(
      "div",
      { class: "operate-head" },
      h("h1", {}, "Webhooks"),
      h("button", { class: "button", type: "button", onclick: () => add(showAddresses) }, "Add a webhook"),
    ),
    h("section", { class: "stack" }, h("h2", {}, "Webhooks of the account"), addresses),
    h("section", { class: "deliveries stack" }, h("div", { class: "operate-head" }, h("h2", {}, "Deliveries"), states.node), log, told, h("div", {}, more)),
  );
  return { node, title: "Webhooks" };
}

function address(one, look) {
  const change = (enabled) =>
    attempt(async () => {
      await api.changeWebhook(one.id, { enabled });
      notice(enabled ? "The webhook is enabled" : "The webhook is disabled");
      await look();
    });
  return h(
    "li",
    {},
    h("p", { class: `state ${one.enabled ? "completed" : "failed"} url` }, one.url),
    h("p", { class: "small dim" }, [one.events.map(eventWords).join(", ") || "no events", `format: ${one.wording.replaceAll("_", " ")}`].join(" · ")),
    one.disabled_why && h("p", { class: "note small" }, sentence(one.disabled_why)),
    h(
      "div",
      { class: "row" },
      tool("Test", one, "play", () => test(one)),
      one.enabled ? tool("Disable", one, "pause", () => change(false)) : tool("Enable", one, "check", () => change(true)),
      tool("Remove", one, "remove", async () => {
        if (!(await confirmed("Remove this webhook?", "Its pending deliveries are dropped.", "Remove"))) return;
        await attempt(async () => {
          await api.removeWebhook(one.id);
          await look();
        });
      }),
    ),
  );
}

function tool(label, one, name, onclick) {
  return h("button", { class: "button", type: "button", "aria-label": `${label}: ${one.url}`, onclick }, icon(name), label);
}

async function test(one) {
  const result = await attempt(() => api.testWebhook(one.id));
  if (result) openDialog("Test result", () => h("ul", { class: "plain" }, tried(result)));
}

function add(look) {
  const url = h("input", { type: "url", id: "hook-url", required: true, placeholder: "https://", autocomplete: "off" });
  const wrong = h("p", { class: "wrong", role: "alert" });
  openDialog("Add a webhook", (close) =>
    h(
      "form",
      {
        onsubmit: async (event) => {
          event.preventDefault();
          try {
            const made = await api.addWebhook({ url: url.value.trim() });
            close();
            await look();
            if (made.secret) showSecret("Signing secret", "Verify messages with this secret. Copy it now: it is shown only once.", made.secret);
          } catch (error) {
            fill(wrong, sentence(error.message));
          }
        },
      },
      h("label", { for: "hook-url" }, "URL; it gets a message when a generation starts, completes, fails or is cancelled"),
      url,
      wrong,
      h("div", { class: "row end" }, h("button", { class: "button main", type: "submit" }, "Add")),
    ),
  );
}
