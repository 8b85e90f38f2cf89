/** What can be done with a generation: a row of buttons. */

import * as api from "../api.js";
import { confirmed, openDialog } from "../dialog.js";
import { fill, h, icon } from "../dom.js";
import * as draft from "../draft.js";
import { whyNot } from "../limits.js";
import { attempt, notice } from "../notices.js";
import { goToTable, table } from "../table.js";
import { shortId } from "../words.js";
import { choice } from "./choice.js";
import { ratioPicture } from "./ratio.js";

/** Return the buttons for a generation, `more` after its own. `onremoved` is called when it is gone. */
export function actions(generation, models, { onremoved = () => {}, more = [] } = {}) {
  const model = models.find(({ name }) => name === generation.request.model) ;
  const isFinal = api.isFinal(generation.state);
  return h(
    "div",
    { class: "actions", role: "group", "aria-label": "Actions" },
    isFinal ? final(generation, model) : [cancelling(generation), editing(generation, model)],
    more,
    isFinal && button("remove", h("span", {}, "Remove"), () => remove(generation, onremoved), { class: "button aside", title: "Remove" }),
  );
}

/** Return the button that leads to all that is known of a generation. */
export const details = (generation) => link("film", "Details", `#/g/${generation.id}`);

function final(generation, model) {
  const { video, image } = generation.artifacts;
  const again = generation.request.kind === "video" || generation.request.kind === "image";
  return [
    (video ?? image) && download(generation, video ?? image),
    video && model?.capabilities.extend && button("extend", "Extend", () => redraft(() => draft.extend(generation))),
    again && button("remix", "Remix", () => redraft(() => draft.remix(generation))),
    editing(generation, model),
    (video ?? image) && work("reframe", "Reframe", model, () => reframe(generation, model)),
    video && work("upscale", "Upscale", model, () => upscale(generation, model)),
    video && work("audio", "Add sound", model, () => addSound(generation)),
    !video && !image && button("again", "Retry", () => made(() => api.retry(generation.id))),
  ];
}

function download(generation, file) {
  const suffix = file.media_type === "image/png" ? "png" : file.media_type.startsWith("image/") ? "jpg" : "mp4";
  return h(
    "a",
    { class: "button", href: file.url, download: `rushes-${shortId(generation.id)}.${suffix}` },
    icon("download"),
    "Download",
  );
}

const ICONS = { reframe: "reframe", upscale: "upscale", audio: "sound" };

/** Return the button of a kind of work; grey, with the reason, where the model does not do it. */
function work(kind, label, model, onclick) {
  if (!model) return null; // it is no longer offered
  const why = whyNot(model, kind);
  return button(ICONS[kind], label, onclick, { disabled: why !== null, title: why });
}

function button(name, label, onclick, more = {}) {
  return h("button", { class: "button", type: "button", onclick, ...more }, icon(name), label);
}

function link(name, label, href) {
  return h("a", { class: "button", href }, icon(name), label);
}

function cancelling(generation) {
  return button("stop", "Cancel", () =>
    attempt(async () => {
      const now = await api.cancel(generation.id);
      if (table.shown?.id === now.id) table.lay(now);
      notice("Cancelled");
    }),
  );
}

/** Return the button with which a plan becomes the draft, and its rough frame what is on the table. */
function editing(generation, model) {
  if (!generation.plan || !model?.capabilities.shot_plans) return null;
  return button("flip", "Edit plan", () =>
    redraft(() => {
      draft.editPlan(generation);
      table.lay(null);
    }),
  );
}

function redraft(change) {
  change();
  table.drafted();
  goToTable();
}

/** Ask for something new, and lay it on the table. */
async function made(asking) {
  const generation = await attempt(asking);
  if (!generation) return false;
  table.lay(generation);
  goToTable();
  return true;
}

async function remove(generation, onremoved) {
  if (!(await confirmed("Remove this generation?", "This deletes the generation and its files. You cannot undo it.", "Remove"))) return;
  await attempt(async () => {
    await api.remove(generation.id);
    if (table.shown?.id === generation.id) table.lay(null);
    notice("Removed");
    onremoved();
  });
}

const source = (generation) => ({ generation_id: generation.id });

function reframe(generation, model) {
  const { video } = generation.artifacts;
  const medium = video ? "video" : "image";
  const ratios = medium === "video" ? model.capabilities.aspect_ratios : model.capabilities.still_aspect_ratios;
  choose(
    "Reframe",
    "New aspect ratio",
    ratios.filter((ratio) => ratio !== generation.request.aspect_ratio).map((ratio) => ({ value: ratio, label: ratio, picture: ratioPicture(ratio) })),
    "Reframe",
    (ratio) =>
      api.create({
        kind: "reframe",
        model: generation.request.model,
        source: { ...source(generation), medium },
        aspect_ratio: ratio,
        ...(video && { resolution: generation.request.resolution }),
      }),
  );
}

function upscale(generation, model) {
  const short = Math.min(generation.artifacts.video.width_px, generation.artifacts.video.height_px);
  const larger = model.capabilities.upscales.filter((name) => (name === "4k" ? 2160 : Number.parseInt(name, 10)) > short);
  if (larger.length === 0) {
    notice("This video already has the largest size that the model makes");
    return;
  }
  choose(
    "Upscale",
    "New resolution",
    larger.map((name) => ({ value: name, label: name })),
    "Upscale",
    (resolution) => api.create({ kind: "upscale", model: generation.request.model, source: source(generation), resolution }),
  );
}

function choose(title, legend, values, yes, asking) {
  let chosen = values[0].value;
  const one = choice({
    legend,
    values,
    onchoose: (value) => {
      chosen = value;
      one.update(chosen);
    },
  });
  one.update(chosen);
  openDialog(title, (close) => asked(one.node, yes, () => asking(chosen), close));
}

function addSound(generation) {
  const words = h("textarea", { id: "sound-words", rows: "3", maxlength: "5000", placeholder: "Default: sound that fits the video" });
  openDialog("Add sound", (close) =>
    asked(
      [h("label", { for: "sound-words" }, "Describe the sound"), words],
      "Add sound",
      () =>
        api.create({
          kind: "audio",
          model: generation.request.model,
          source: source(generation),
          ...(words.value.trim() && { prompt: words.value.trim() }),
        }),
      close,
    ),
  );
}

/** Return a small form that asks for something new and closes when that is accepted. */
function asked(fields, yes, asking, close) {
  const submit = h("button", { class: "button main", type: "submit" }, yes);
  const wrong = h("p", { class: "wrong", role: "alert" });
  return h(
    "form",
    {
      onsubmit: async (event) => {
        event.preventDefault();
        submit.disabled = true;
        try {
          table.lay(await asking());
          close();
          goToTable();
        } catch (error) {
          fill(wrong, error.message);
        }
        submit.disabled = false;
      },
    },
    fields,
    wrong,
    h("div", { class: "row end" }, submit),
  );
}
