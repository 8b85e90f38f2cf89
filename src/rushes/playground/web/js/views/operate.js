/** Operate: the queue and the channels as they are now, for keys that look after the server. */

import * as api from "../api.js";
import { openDialog } from "../dialog.js";
import { fill, h, icon } from "../dom.js";
import { attempt, notice } from "../notices.js";
import { accountList } from "../parts/accounts.js";
import { keyList } from "../parts/keys.js";
import { isPulling, localModelList } from "../parts/local_models.js";
import { firstDay, usagePlot } from "../parts/usage.js";
import { KINDS, ago, capital, count, day, sentence, shortId } from "../words.js";

const LOOK_AGAIN_MS = 2000;
const LOOKS_BETWEEN_MODELS = 10; // unless one is being pulled: the server asks its GPUs each time
const CHANNEL_STATES = {
  healthy: "accepts work",
  circuit_open: "paused after failures; resumes by itself",
  refused: "paused until an operator resumes it",
  paused: "paused by an operator",
};

export async function operate({ signal }) {
  const { operates } = await api.account();
  if (!operates) return { node: notForThisKey(), title: "Operate" };
  const places = Object.fromEntries(["health", "counts", "running", "waiting", "channels", "nodes", "local-models", "usage", "accounts", "keys", "settings"].map((name) => [name, h("div", { class: `operate-${name}` })]));
  let seen = "";
  let models = { models: [] };
  let seenModels = "";

  /** Look once; what has not changed stays as it is, and keeps the focus. */
  async function look() {
    const [queue, channels, nodes, ready] = await Promise.all([api.queue(signal), api.channels(signal), api.nodes(signal), api.ready(signal)]);
    const now = JSON.stringify([queue, channels, nodes.map((one) => ({ ...one, seen_at: null })), ready]);
    if (now === seen) return;
    seen = now;
    fill(places.health, health(ready));
    fill(places.counts, counts(queue.counts));
    fill(places.running, rows("Running", queue.running, queue.counts.running), workers(queue.workers));
    fill(places.waiting, rows("Queued", queue.waiting, queue.counts.queued));
    keepFocus(places.channels, () => fill(places.channels, channelList(channels, look)));
    keepFocus(places.nodes, () => fill(places.nodes, nodeList(nodes, look)));
  }

  /** Look at the local models; what has not changed stays as it is. */
  async function lookAtModels() {
    models = await api.localModels(signal);
    const now = JSON.stringify(models);
    if (now === seenModels) return;
    seenModels = now;
    keepFocus(places["local-models"], () => fill(places["local-models"], localModelList(models, lookAtModels)));
  }

  async function showKeys() {
    const [accounts, all] = await Promise.all([api.ifOffered(api.accounts(signal)), api.ifOffered(api.keys(signal))]);
    fill(places.accounts, accounts && accountList(accounts, all ?? []));
    fill(places.keys, all && keyList(all, showKeys));
  }

  async function keepLooking() {
    for (let looks = 1; !signal.aborted; looks += 1) {
      await api.pause(LOOK_AGAIN_MS, signal);
      if (signal.aborted || document.hidden || document.querySelector("dialog[open]")) continue;
      try {
        await look();
        if (isPulling(models) || looks % LOOKS_BETWEEN_MODELS === 0) await lookAtModels();
      } catch (error) {
        if (!signal.aborted) fill(places.health, h("p", { class: "wrong" }, sentence(error.message)));
        seen = "";
      }
    }
  }

  await look();
  await lookAtModels();
  fill(places.usage, usagePlot(await api.usage({ first: firstDay(), all_accounts: "true" }, signal)));
  await showKeys();
  fill(places.settings, settings(await api.settings(signal)));
  keepLooking();
  const node = h(
    "div",
    { class: "operate" },
    h("div", { class: "operate-head" }, h("h1", {}, "Operate"), places.health),
    places.counts,
    h("div", { class: "operate-queue" }, places.running, places.waiting),
    places.channels,
    places.nodes,
    places["local-models"],
    places.usage,
    places.accounts,
    places.keys,
    places.settings,
  );
  return { node, title: "Operate" };
}

function notForThisKey() {
  return h(
    "section",
    { class: "trouble" },
    h("h1", {}, "Operate"),
    h("p", {}, "This view needs a key with the scope operate. Create one with ", h("code", {}, "rushes keys create NAME --operate"), "."),
  );
}

/** Do something that makes a place anew, and give the focus back to what had it, by its name. */
function keepFocus(place, making) {
  const name = place.contains(document.activeElement) ? document.activeElement.dataset.name : null;
  making();
  if (name) place.querySelector(`[data-name="${CSS.escape(name)}"]`)?.focus();
}

function health({ status, checks }) {
  const bad = Object.entries(checks).filter(([, result]) => result !== "ok");
  return h(
    "p",
    { class: `state ${status === "ready" ? "completed" : "failed"}`, role: "status" },
    status === "ready" ? "Healthy" : `Not ready: ${bad.map(([name, result]) => `${name} (${result})`).join(", ")}`,
  );
}

function counts(told) {
  const words = { queued: "waiting", running: "running" };
  return h(
    "dl",
    { class: "counts" },
    Object.entries(told).map(([state, number]) =>
      h("div", { class: number > 0 ? `${state} some` : state }, h("dt", {}, words[state] ?? state), h("dd", {}, count(number))),
    ),
  );
}

function workers(names) {
  if (names.length === 0) return null;
  const told = names.length === 1 ? "1 worker runs them: " : `${names.length} workers run them: `;
  return h("p", { class: "small dim" }, told, names.map((name, order) => [order > 0 && ", ", h("code", {}, name)]));
}

function rows(title, all, total) {
  return h(
    "section",
    {},
    h("h2", {}, title, total > all.length && h("span", { class: "dim" }, ` (the first ${all.length} of ${count(total)})`)),
    all.length === 0
      ? h("p", { class: "dim small" }, "None.")
      : h(
          "div",
          { class: "scrolls", tabindex: "0", role: "region", "aria-label": title },
          h(
            "table",
            { class: "rows" },
            h("thead", {}, h("tr", {}, ["Generation", "Account", "Request", "Created", "Progress"].map((name) => h("th", { scope: "col" }, name)))),
            h("tbody", {}, all.map(row)),
          ),
        ),
  );
}

function row(one) {
  return h(
    "tr",
    {},
    h("td", {}, h("code", {}, shortId(one.id))),
    h("td", {}, one.account),
    h("td", {}, `${KINDS[one.kind] ?? one.kind}, ${one.model}`),
    h("td", {}, h("time", { datetime: one.created_at, title: day(one.created_at) }, ago(one.created_at))),
    h(
      "td",
      {},
      one.state === "running"
        ? h("span", { class: "how-far" }, h("progress", { max: "1", value: one.progress, "aria-label": "Progress" }), `${Math.floor(one.progress * 100)} %`)
        : one.attempt > 0 && `${one.attempt} tried`,
    ),
  );
}

function channelList(all, look) {
  return h(
    "section",
    {},
    h("h2", {}, "Channels"),
    h("ul", { class: "channels" }, all.map((one) => channel(one, look))),
  );
}

function channel(one, look) {
  const isHealthy = one.state === "healthy";
  return h(
    "li",
    {},
    h(
      "div",
      { class: "channel-head" },
      h("h3", {}, one.name),
      h("span", { class: `state ${isHealthy ? "completed" : one.state === "refused" ? "failed" : "running"}` }, capital(CHANNEL_STATES[one.state] ?? one.state)),
      isHealthy
        ? tool("Pause", one.name, "pause", () => pauseChannel(one, look))
        : tool("Resume", one.name, "play", () =>
            attempt(async () => {
              await api.resume(one.name);
              notice(`${one.name} is resumed`);
              await look();
            }),
          ),
    ),
    h("p", { class: "small dim" }, about(one)),
    one.pause && h("p", { class: "small" }, pauseText(one.pause)),
    one.warnings.map((text) => h("p", { class: "note small" }, sentence(text))),
    h("p", { class: "small models" }, Object.entries(one.models).map(([name, there]) => h("code", { title: name === there ? null : `${there} there` }, name))),
  );
}

const NODE_STATE = { active: "completed", draining: "running", drained: "queued", lost: "failed" };
const NODE_COLUMNS = ["Node", "State", "Roles", "Running", "Version", "Started", ""];

function nodeList(all, look) {
  return h(
    "section",
    {},
    h("h2", {}, "Nodes"),
    h(
      "div",
      { class: "scrolls", tabindex: "0", role: "region", "aria-label": "Nodes" },
      h(
        "table",
        { class: "rows" },
        h("thead", {}, h("tr", {}, NODE_COLUMNS.map((name) => (name ? h("th", { scope: "col" }, name) : h("td"))))),
        h("tbody", {}, all.map((one) => node(one, look))),
      ),
    ),
  );
}

function node(one, look) {
  const change = (action, done) => () =>
    attempt(async () => {
      await action(one.name);
      notice(`${one.name} ${done}`);
      await look();
    });
  return h(
    "tr",
    {},
    h("td", {}, h("code", { title: one.channels.join(", ") || null }, one.name)),
    h("td", {}, h("span", { class: `state ${NODE_STATE[one.state] ?? ""}` }, capital(one.state))),
    h("td", {}, one.roles.join(", ")),
    h("td", {}, count(one.running)),
    h("td", {}, one.version),
    h("td", {}, h("time", { datetime: one.started_at, title: day(one.started_at) }, ago(one.started_at))),
    h(
      "td",
      {},
      one.state === "active" && tool("Drain", one.name, "pause", change(api.drainNode, "takes no new work")),
      (one.state === "draining" || one.state === "drained") && tool("Resume", one.name, "play", change(api.resumeNode, "is resumed")),
    ),
  );
}

function tool(label, name, iconName, onclick) {
  return h("button", { class: "button", type: "button", "aria-label": `${label}: ${name}`, data: { name }, onclick }, icon(iconName), label);
}

function about({ kind, host, in_flight, concurrency, price, priority, weight }) {
  const flying = concurrency === null ? `${in_flight} in progress` : `${in_flight} of ${concurrency} in progress`;
  const costs = Number(price) === 0 ? "costs nothing" : `${price} credits a second`;
  return [kind, host === "here" ? "in this process" : host, flying, costs, `priority ${priority}`, `weight ${weight}`].join(" · ");
}

function pauseText({ reason, since, until }) {
  const end = until ? `until ${day(until)}` : "until resumed";
  return [reason ? sentence(reason) : "", " ", h("span", { class: "dim" }, `Since ${day(since)}, ${end}.`)];
}

const LENGTHS = [
  ["600", "ten minutes"],
  ["3600", "an hour"],
  ["86400", "a day"],
  ["", "until resumed"],
];

function pauseChannel(one, look) {
  const length = h("select", { id: "pause-length" }, LENGTHS.map(([value, words]) => h("option", { value }, words)));
  const reason = h("input", { type: "text", id: "pause-reason", maxlength: "500", autocomplete: "off" });
  openDialog(`Pause ${one.name}`, (close) =>
    h(
      "form",
      {
        onsubmit: async (event) => {
          event.preventDefault();
          close();
          await attempt(async () => {
            await api.pauseChannel(one.name, { ...(length.value && { for_s: Number(length.value) }), reason: reason.value.trim() });
            notice(`${one.name} is paused`);
            await look();
          });
        },
      },
      h("p", { class: "small dim" }, "The channel gets no new generations; those in progress continue."),
      h("label", { for: "pause-length" }, "For"),
      length,
      h("label", { for: "pause-reason" }, "Reason (optional)"),
      reason,
      h("div", { class: "row end" }, h("button", { class: "button main", type: "submit" }, "Pause")),
    ),
  );
}

function settings(told) {
  return h(
    "details",
    { class: "settings" },
    h("summary", {}, "Settings and their sources"),
    h(
      "div",
      { class: "scrolls", tabindex: "0", role: "region", "aria-label": "Settings" },
      h(
        "table",
        { class: "rows" },
        h("thead", {}, h("tr", {}, ["Setting", "Value", "Source"].map((name) => h("th", { scope: "col" }, name)))),
        h("tbody", {}, told.map(({ name, value, source }) => h("tr", {}, h("td", {}, h("code", {}, name)), h("td", {}, value), h("td", { class: "dim" }, source)))),
      ),
    ),
  );
}
