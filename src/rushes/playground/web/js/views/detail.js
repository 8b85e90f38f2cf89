/** Everything about one generation. */

import * as api from "../api.js";
import { showCode } from "../code/show.js";
import { fill, h, icon } from "../dom.js";
import { actions } from "../parts/actions.js";
import { deliveries } from "../parts/deliveries.js";
import { planSummary } from "../parts/plan_summary.js";
import { isOurs, stage } from "../parts/stage.js";
import { timeline } from "../parts/timeline.js";
import { table } from "../table.js";
import { KINDS, bytes, capital, day, heading, seconds, sentence, shortId, standing, took } from "../words.js";

const LOOK_AGAIN_MS = 1500;
const SOON_MS = 30_000;

const isDue = ({ state, next_at }) => state === "pending" && new Date(next_at) - Date.now() < SOON_MS;

export async function detail({ parameters: [id], signal }) {
  const [models, generation] = await Promise.all([api.models(), api.get(id, signal)]);
  const picture = stage();
  const places = Object.fromEntries(["head", "row", "words", "plan", "facts", "files", "time", "told"].map((name) => [name, h("div", { class: `detail-${name}` })]));
  let shown = generation;
  let told = [];
  let looking = false;

  async function show() {
    picture.show(shown);
    fill(places.head, h("h1", {}, heading(shown)), h("p", { class: `state ${shown.state}` }, standing(shown)));
    const key = `${shown.state} ${Boolean(shown.plan)}`;
    if (places.row.dataset.key !== key) {
      places.row.dataset.key = key;
      const onremoved = () => (location.hash = "#/gallery");
      fill(places.row, actions(shown, models, { onremoved, more: [codeButton(shown)] }));
    }
    fill(places.words, words(shown));
    fill(places.plan, shown.plan && [h("h2", {}, "Plan"), planSummary(shown.plan, shown.request)]);
    fill(places.facts, facts(shown));
    fill(places.files, files(shown));
  }

  async function showPast() {
    const [events, attempts, sent] = await Promise.all([
      api.events(id, signal),
      api.attempts(id, signal),
      api.ifOffered(api.deliveries(id, signal)),
    ]);
    fill(places.time, timeline(events, attempts));
    if (!sent) return;
    told = sent;
    fill(places.told, sent.length > 0 || shown.request.webhook_url ? deliveries(sent, showPast) : "");
    keepLooking();
  }

  /** Look again while a webhook is on its way. */
  async function keepLooking() {
    if (looking) return;
    looking = true;
    while (!signal.aborted && told.some(isDue)) {
      await api.pause(LOOK_AGAIN_MS, signal);
      if (!signal.aborted) await showPast().catch(() => {});
    }
    looking = false;
  }

  async function learnPlan() {
    const { plan } = await api.get(id, signal);
    shown = { ...shown, plan };
    await show();
  }

  async function keepUp() {
    await api.follow(
      id,
      ({ event, ...now }) => {
        if (api.isFinal(now.state)) return;
        shown = { ...shown, state: now.state, progress: now.progress, position: now.position, attempt: now.attempt, phase: now.phase, preview: now.preview };
        show();
        if (event) showPast().catch(() => {});
        if (event === "generation.planned") learnPlan().catch(() => {}); // the end tells it again
      },
      signal,
    );
    if (signal.aborted) return;
    shown = await api.get(id, signal);
    if (table.shown?.id === id) table.shown = shown;
    await Promise.all([show(), showPast()]);
  }

  await Promise.all([show(), showPast()]);
  if (!api.isFinal(shown.state)) keepUp().catch(() => {});
  const node = h(
    "div",
    { class: "detail" },
    h("p", { class: "crumbs small" }, h("a", { href: "#/gallery" }, "Gallery"), " / ", h("code", {}, shortId(id))),
    h(
      "div",
      { class: "detail-grid" },
      h("div", { class: "detail-picture" }, picture.node, places.row),
      h("div", { class: "detail-side" }, places.head, places.words, places.plan, places.facts),
    ),
    h("div", { class: "detail-below" }, places.time, h("div", {}, places.told, places.files)),
  );
  return { node, title: heading(generation).slice(0, 60) };
}

function codeButton(generation) {
  return h(
    "button",
    { class: "button", type: "button", onclick: () => showCode(async () => asked(generation)) },
    icon("code"),
    "Code",
  );
}

/** Return the request as it can be posted again. */
function asked(generation) {
  const request = structuredClone(generation.request);
  for (const frame of Object.values(request.keyframes ?? {})) if (frame?.generation_id) delete frame.image;
  return request;
}

/** As many letters of a prompt as its heading shows for sure. */
const HEADING = 90;

function words(generation) {
  const { prompt, negative_prompt } = generation.request;
  const used = generation.prompt_used && generation.prompt_used !== prompt ? generation.prompt_used : null;
  return [
    prompt && (used || prompt.length > HEADING) && said("Prompt", prompt),
    used && said("Prompt given to the engine", used),
    negative_prompt && said("Negative prompt", negative_prompt),
    generation.note && h("p", { class: "note small" }, sentence(generation.note)),
    generation.failure && h("p", { class: "wrong" }, sentence(generation.failure.message), " ", h("code", {}, generation.failure.code)),
  ];
}

function said(label, text) {
  return h("section", { class: "said" }, h("h2", {}, label), h("p", {}, text));
}

function facts(generation) {
  const { request } = generation;
  const rows = [
    ["Kind", KINDS[request.kind] ?? request.kind],
    ["Model", request.model],
    ["Engine", generation.engine],
    ["Aspect ratio", request.aspect_ratio],
    ["Resolution", request.resolution],
    ["Duration", request.duration_s && seconds(request.duration_s)],
    ["Loop", request.loop && "yes"],
    ["Camera moves", request.concepts?.join(", ").replaceAll("_", " ")],
    ["Seed", request.seed],
    ["Mode", request.mode],
    ...Object.entries(ENDS).map(([end, words]) => frameRow(words, end, request.keyframes?.[end])),
    ["Source", request.source && source(request.source)],
    ["Webhook", request.webhook_url],
    ["API", generation.dialect.replaceAll("_", " ")],
    ["Created", day(generation.created_at)],
    ["Queue time", generation.started_at && took(generation.created_at, generation.started_at)],
    ["Render time", generation.started_at && generation.finished_at && took(generation.started_at, generation.finished_at)],
    ["Price", generation.price && `${generation.charged ?? generation.price} credits${generation.charged === null ? ", held" : ""}`],
    ["Id", h("code", {}, generation.id)],
  ];
  return h(
    "table",
    { class: "facts" },
    h("caption", {}, "Request"),
    h("tbody", {}, rows.filter(([, value]) => value != null && value !== "" && value !== false).map(([name, value]) => h("tr", {}, h("th", { scope: "row" }, name), h("td", {}, value)))),
  );
}

/** What an end of the video is called: where an earlier video is joined, and where a picture is shown. */
const ENDS = { first: ["Extends", "First image"], last: ["Extends backwards", "Last image"] };

function frameRow([joined, shown], end, frame) {
  if (!frame) return [shown, null];
  const { image, generation_id } = frame;
  if (generation_id) return [joined, h("a", { href: `#/g/${generation_id}` }, shortId(generation_id))];
  if (!isOurs(image)) return [shown, h("a", { href: image, target: "_blank", rel: "noopener noreferrer" }, new URL(image).host)];
  return [shown, h("a", { class: "frame-picture", href: image, target: "_blank", rel: "noopener" }, h("img", { src: image, alt: `The ${end} image` }))];
}

function source({ generation_id, file }) {
  if (generation_id) return h("a", { href: `#/g/${generation_id}` }, shortId(generation_id));
  return file ? h("a", { href: file, target: "_blank", rel: "noopener noreferrer" }, new URL(file).host) : null;
}

function files(generation) {
  const all = Object.entries(generation.artifacts);
  if (all.length === 0) return [];
  const size = (file) => `${file.width_px} × ${file.height_px}`;
  return h(
    "table",
    { class: "facts" },
    h("caption", {}, "Files"),
    h(
      "tbody",
      {},
      all.map(([kind, file]) =>
        h(
          "tr",
          {},
          h("th", { scope: "row" }, h("a", { href: file.url, target: "_blank", rel: "noopener" }, capital(kind.replaceAll("_", " ")))),
          h("td", {}, size(file)),
          h("td", {}, file.duration_s ? seconds(file.duration_s) : ""),
          h("td", {}, bytes(file.size_bytes)),
        ),
      ),
    ),
  );
}
