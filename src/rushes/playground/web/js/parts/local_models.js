/** The models that run on the server's machine: what it has, what it could run, and downloads with their progress. */

import * as api from "../api.js";
import { confirmed } from "../dialog.js";
import { h, icon } from "../dom.js";
import { attempt, notice } from "../notices.js";
import { capital, sentence } from "../words.js";

const COLUMNS = ["Model", "Makes", "Licence", "Size", "Runs here", "State", ""];
const PROFILES = {
  resident: "yes, on the GPU",
  "model-offload": "yes, one part at a time on the GPU",
  "group-offload": "yes, slowly: a few layers at a time on the GPU",
  cpu: "yes, without a GPU",
};
const PULL_STATE = { running: "running", failed: "failed", stopped: "cancelled" };

/** Return whether a download runs, so that it is worth looking again soon. */
export const isPulling = ({ models }) => models.some(({ pull }) => pull?.status === "running");

/** Return the list; `look` shows it anew. */
export function localModelList(all, look) {
  return h(
    "section",
    { class: "stack" },
    h("h2", {}, "Local models"),
    h("p", { class: "small dim" }, machine(all)),
    h("p", { class: "small dim" }, "The server offers a new model a few seconds after its download."),
    !all.can_pull && h("p", { class: "note small" }, "To download models, install ", h("code", {}, "rushes[local]"), " on the server."),
    h(
      "div",
      { class: "scrolls", tabindex: "0", role: "region", "aria-label": "Local models" },
      h(
        "table",
        { class: "rows" },
        h("thead", {}, h("tr", {}, COLUMNS.map((name) => (name ? h("th", { scope: "col" }, name) : h("td"))))),
        h("tbody", {}, all.models.map((one) => row(one, all.can_pull, look))),
      ),
    ),
  );
}

function machine({ machine: { gpus, ram_bytes, free_disk_bytes }, folder }) {
  const cards = gpus.map((gpu) => `GPU ${gpu.index}, ${gpu.name}: ${gb(gpu.free_bytes)} of ${gb(gpu.total_bytes)} free`);
  return [
    [
      ...(cards.length > 0 ? cards : ["no GPU"]),
      ram_bytes !== null && `${gb(ram_bytes)} of main memory`,
      `${gb(free_disk_bytes)} free on the disk of `,
    ]
      .filter(Boolean)
      .map(capital)
      .join(" · "),
    h("code", {}, folder),
  ];
}

function row(one, canPull, look) {
  const { catalogue, fit } = one;
  return h(
    "tr",
    {},
    h("td", {}, h("code", { title: catalogue?.repository }, one.name)),
    h("td", {}, catalogue ? capital(catalogue.makes) : (one.family ?? "No family of this release loads it")),
    h("td", {}, catalogue ? link(catalogue.licence) : "unknown"),
    h("td", {}, one.installed ? gb(one.size_bytes) : catalogue && `about ${catalogue.download_gb} GB`),
    h("td", {}, fit ? (PROFILES[fit.profile] ?? `no: ${fit.reason}`) : "unknown"),
    h("td", {}, state(one)),
    h("td", {}, h("div", { class: "row" }, tools(one, canPull, look))),
  );
}

function state({ installed, pull }) {
  if (installed) return h("span", { class: "state completed" }, "Pulled");
  if (!pull) return h("span", { class: "dim" }, "Not pulled");
  const share = pull.total_bytes ? Math.min(pull.done_bytes / pull.total_bytes, 1) : 0;
  return [
    h("span", { class: `state ${PULL_STATE[pull.status]}` }, pull.status === "running" ? "Pulling" : capital(pull.status)),
    h("span", { class: "how-far" }, h("progress", { max: "1", value: share, "aria-label": "Downloaded" }), `${Math.floor(share * 100)} %`),
    pull.error && h("p", { class: "small" }, sentence(pull.error)),
  ];
}

function tools(one, canPull, look) {
  if (one.pull?.status === "running") return tool("Stop", one, "stop", () => stop(one, look));
  const leftover = one.installed || one.pull;
  return [
    !one.installed && canPull && one.catalogue && tool(one.pull ? "Continue" : "Pull", one, "download", () => pull(one, look)),
    leftover && tool("Delete", one, "remove", () => remove(one, look)),
  ];
}

function tool(label, { name }, iconName, onclick) {
  return h("button", { class: "button", type: "button", "aria-label": `${label}: ${name}`, data: { name: `${label} ${name}` }, onclick }, icon(iconName), label);
}

async function pull(one, look) {
  const { licence, download_gb } = one.catalogue;
  const size = `The download has about ${download_gb} GB. Its licence is `;
  const note = licence.note ? [". ", licence.note] : ".";
  const yes = licence.must_accept ? "Accept the licence and pull" : "Pull";
  if (!(await confirmed(`Pull ${one.name}?`, [size, link(licence), ...note], yes))) return;
  await attempt(async () => {
    await api.pullLocalModel(one.name, { accept_license: licence.must_accept });
    await look();
  });
}

async function stop(one, look) {
  await attempt(async () => {
    await api.cancelPull(one.name);
    notice(`The download of ${one.name} stops`);
    await look();
  });
}

async function remove(one, look) {
  const text = "Its files are deleted from the server's disk. It can be pulled again.";
  if (!(await confirmed(`Delete ${one.name}?`, text, "Delete"))) return;
  await attempt(async () => {
    await api.removeLocalModel(one.name);
    notice(`${one.name} is deleted`);
    await look();
  });
}

const link = ({ name, url }) => h("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, name);
const gb = (size) => `${(size / 1e9).toFixed(size < 1e10 ? 1 : 0)} GB`;
