/** The form of Create: everything that can be said of a shot. */

import { fill, h, icon } from "../dom.js";
import { draft, interpolates, continues } from "../draft.js";
import { limits, makes, offered, whyNot } from "../limits.js";
import { sentence } from "../words.js";
import { choice, toggle } from "./choice.js";
import { ratioPicture } from "./ratio.js";
import { well } from "./picture_input.js";

const LONGEST_PROMPT = 5000;
const LARGEST_SEED = 2 ** 32 - 1;
const EXAMPLES = [
  "A lighthouse at dusk, waves, slow push in",
  "Neon city street in the rain, orbit left",
  "Dunes under a starry sky, crane up",
  "A coral reef, a turtle passes, tracking shot",
];

/** Return the part of a field's name in an error under which its control is found. */
const FIELDS = {
  first_image: "first", last_image: "last", "keyframes.first": "first", "keyframes.last": "last",
  duration: "duration_s", extend: "first", keyframes: "first",
};

/**
 * Return `{node, slot, update, wrong, takePaste}`.
 *
 * `ontype` is called while one types, `onchange` when the draft was changed; `update` shows the draft; `wrong` shows what the server
 * has against it, each sentence at its field. `slot` is a place below the prompt, for what is understood of it.
 */
export function form(models, { onchange, ontype, onsubmit }) {
  const set = (name) => (value) => {
    draft[name] = value;
    changed();
  };
  const errors = new Map();
  const parts = controls(models, set, errors, ontype);
  const node = h("form", { class: "slate", novalidate: true, "aria-label": "The shot", onsubmit }, layout(parts, errors));

  function changed() {
    update();
    onchange();
  }

  function update() {
    const model = models.find(({ name }) => name === draft.model) ?? models.find(({ is_default }) => is_default) ?? models[0];
    draft.model = model.name;
    const not = limits(model, draft);
    parts.show(model, not);
  }

  /** Show what is wrong; what belongs to no field of the form is returned. */
  function wrong(problems) {
    for (const place of errors.values()) fill(place, "");
    const others = [];
    for (const { param, detail } of problems) {
      const name = FIELDS[param] ?? param?.split(".")[0];
      const place = errors.get(FIELDS[param] ?? name);
      if (place) fill(place, sentence(detail));
      else others.push(detail);
    }
    node.querySelector(".wrong:not(:empty)")?.scrollIntoView({ block: "center" });
    return others;
  }

  return { node, slot: parts.slot, update, wrong, takePaste: (data) => takePaste(parts, data) };
}

/** A pasted picture becomes the first if there is none, else the last. */
function takePaste({ first, last }, data) {
  if (draft.kind !== "video" || ![...data.files].some((file) => file.type.startsWith("image/"))) return false;
  return (draft.first ? last : first).take(data);
}

function controls(models, set, errors, ontype) {
  const parts = {
    kind: choice({
      legend: "Kind",
      className: "kinds",
      values: [{ value: "video", label: "Video" }, { value: "image", label: "Image" }],
      onchoose: (kind) => {
        draft.kind = kind;
        const able = models.filter((model) => makes(model, kind));
        if (!able.some(({ name }) => name === draft.model)) draft.model = preferred(able);
        set("aspect_ratio")(null);
      },
    }),
    prompt: promptField(set, ontype),
    slot: h("div", { class: "plan-slot" }),
    first: well({ label: "First image", onchange: set("first") }),
    last: well({ label: "Last image", onchange: set("last") }),
    joined: h("p", { class: "wrong", role: "alert" }),
    model: modelField(models, set),
    ratios: {
      video: ratioChoice(offered(models, "aspect_ratios"), set),
      image: ratioChoice(offered(models, "still_aspect_ratios"), set),
    },
    resolution: choice({
      legend: "Resolution",
      values: offered(models, "resolutions").map((value) => ({ value, label: value })),
      onchoose: set("resolution"),
    }),
    duration: choice({
      legend: "Duration",
      values: offered(models, "durations_s").sort((a, b) => a - b).map((value) => ({ value, label: `${value} s` })),
      onchoose: set("duration_s"),
    }),
    loop: toggle({ label: "Loop", about: "The last frame leads into the first.", onchoose: set("loop") }),
    expand: toggle({ label: "Expand the prompt", about: "Adds light, framing and camera to your words.", onchoose: set("expand_prompt") }),
    concepts: conceptsField(models, set),
    seed: seedField(set),
    negative: textField("Negative prompt", "negative_prompt", set, { maxlength: LONGEST_PROMPT }),
    webhook: textField("Webhook", "webhook_url", set, { type: "url", inputmode: "url", placeholder: "https://" }),
  };
  parts.show = (model, not) => show(parts, models, model, not);
  for (const name of ["prompt", "first", "last", "model", "aspect_ratio", "resolution", "duration_s", "loop", "concepts", "seed", "negative_prompt", "webhook_url"]) {
    errors.set(name, h("p", { class: "wrong", role: "alert" }));
  }
  return parts;
}

function preferred(able) {
  return (able.find(({ is_default }) => is_default) ?? able.find(({ name }) => /^photon-1$/.test(name)) ?? able[0])?.name;
}

function layout(parts, errors) {
  const with_ = (name, part) => h("div", { class: `field ${name}` }, part.node ?? part, errors.get(name));
  parts.ofVideo = [
    h("div", { class: "wells" }, with_("first", parts.first), with_("last", parts.last)),
    with_("resolution", parts.resolution),
    with_("duration_s", parts.duration),
    with_("loop", parts.loop),
  ];
  parts.ofVideoMore = [with_("concepts", parts.concepts), with_("negative_prompt", parts.negative)];
  parts.more = h(
    "details",
    { class: "more" },
    h("summary", {}, "More: seed, camera moves, webhook"),
    h("div", { class: "more-inner" }, with_("seed", parts.seed), parts.ofVideoMore, with_("webhook_url", parts.webhook)),
  );
  return [
    with_("prompt", parts.prompt),
    parts.slot,
    parts.ofVideo[0],
    parts.joined,
    h("div", { class: "pair" }, parts.kind.node, with_("model", parts.model)),
    with_("aspect_ratio", h("div", {}, parts.ratios.video.node, parts.ratios.image.node)),
    parts.ofVideo.slice(1),
    parts.expand.node,
    parts.more,
  ];
}

function show(parts, models, model, not) {
  const isVideo = draft.kind === "video";
  parts.kind.update(draft.kind, (kind) => (models.some((one) => makes(one, kind)) ? null : `no model here makes ${kind === "image" ? "images" : "videos"}`));
  parts.prompt.update();
  parts.first.update(draft.first, draft.aspect_ratio, not.first);
  parts.last.update(draft.last, draft.aspect_ratio, not.last);
  parts.joined.textContent = not.joined ? sentence(not.joined) : "";
  parts.model.update();
  for (const [kind, ratios] of Object.entries(parts.ratios)) {
    ratios.node.hidden = kind !== draft.kind;
    if (kind === draft.kind) ratios.update(continues() && !interpolates() ? undefined : draft.aspect_ratio, not.ratio);
  }
  for (const one of [...parts.ofVideo, ...parts.ofVideoMore, parts.joined]) one.hidden = !isVideo;
  parts.resolution.update(continues() && !interpolates() ? undefined : draft.resolution, not.resolution);
  parts.duration.update(draft.duration_s, not.duration);
  parts.loop.update(draft.loop, not.loop);
  if (not.loop) draft.loop = false;
  parts.expand.update(draft.expand_prompt, not.plan);
  parts.concepts.update((name) => not.plan ?? not.concept(name), not.plan);
  parts.seed.update(not.seed);
  parts.negative.update(not.negative, not.plan);
  parts.webhook.update();
}

function promptField(set, ontype) {
  const area = h("textarea", {
    id: "prompt",
    rows: "3",
    maxlength: String(LONGEST_PROMPT),
    placeholder: "Describe the scene, how it moves, and the camera",
    "aria-keyshortcuts": "Control+Enter",
    oninput: () => {
      draft.prompt = area.value;
      grow();
      told();
      ontype();
    },
    onchange: () => set("prompt")(area.value),
  });
  const examples = h(
    "p",
    { class: "examples" },
    h("span", { class: "dim" }, "Try "),
    EXAMPLES.map((text) =>
      h("button", { type: "button", class: "chip", onclick: () => (set("prompt")(text), area.focus()) }, text),
    ),
  );
  const left = h("span", { class: "dim small count" });
  const grow = () => area.style.setProperty("--lines", String(Math.min(14, Math.max(3, Math.ceil(area.value.length / 44) + (area.value.match(/\n/g)?.length ?? 0)))));
  const told = () => {
    examples.hidden = area.value !== "";
    fill(left, area.value.length > LONGEST_PROMPT * 0.8 ? `${LONGEST_PROMPT - area.value.length} characters left` : "");
  };
  return {
    node: h("div", { class: "prompt-field" }, h("label", { for: "prompt" }, "Prompt"), area, left, examples),
    update: () => {
      if (area.value !== draft.prompt) area.value = draft.prompt;
      grow();
      told();
    },
  };
}

function modelField(models, set) {
  const select = h("select", { id: "model", onchange: () => set("model")(select.value) });
  const hasEngines = new Set(models.map(({ engine }) => engine)).size > 1;
  const named = ({ name, engine }) => (hasEngines && engine ? `${name} · ${engine}` : name);
  return {
    node: h("div", {}, h("label", { for: "model" }, "Model"), select),
    update: () =>
      fill(
        select,
        models.map((model) => {
          const why = whyNot(model, draft.kind);
          const label = why ? `${named(model)} (${why.slice(model.name.length + 1)})` : named(model);
          const option = h("option", { value: model.name, disabled: why !== null }, label);
          option.selected = model.name === draft.model;
          return option;
        }),
      ),
  };
}

function ratioChoice(ratios, set) {
  return choice({
    legend: "Aspect ratio",
    className: "ratios",
    values: [
      { value: null, label: "Auto", picture: ratioPicture(null), about: "That of the first image, or 16:9" },
      ...ratios.map((ratio) => ({ value: ratio, label: ratio, picture: ratioPicture(ratio) })),
    ],
    onchoose: set("aspect_ratio"),
  });
}

function conceptsField(models, set) {
  const names = offered(models, "concepts");
  const boxes = names.map((name) => {
    const input = h("input", {
      type: "checkbox",
      id: `concept-${name}`,
      onchange: () => set("concepts")(input.checked ? [...draft.concepts, name] : draft.concepts.filter((one) => one !== name)),
    });
    return { name, input, node: h("span", { class: "option" }, input, h("label", { for: input.id }, name.replaceAll("_", " "))) };
  });
  const reason = h("p", { class: "reason" });
  const node = h("fieldset", { class: "choice concepts" }, h("legend", {}, "Camera moves"), h("div", { class: "options" }, boxes.map((box) => box.node)), reason);
  node.hidden = names.length === 0;
  return {
    node,
    update: (whyNot, whyNone = null) => {
      reason.hidden = whyNone === null;
      fill(reason, whyNone && sentence(whyNone));
      for (const { name, input } of boxes) {
        const why = whyNot(name);
        input.checked = draft.concepts.includes(name) && whyNone === null;
        input.disabled = why !== null && !input.checked;
        input.nextElementSibling.title = why ?? "";
      }
    },
  };
}

function seedField(set) {
  const input = h("input", {
    id: "seed",
    type: "text",
    inputmode: "numeric",
    pattern: "[0-9]*",
    placeholder: "any",
    autocomplete: "off",
    onchange: () => {
      const text = input.value.trim();
      const seed = Number(text);
      set("seed")(/^\d+$/.test(text) && seed <= LARGEST_SEED ? seed : null);
    },
  });
  const roll = h(
    "button",
    {
      type: "button",
      class: "button quiet",
      "aria-label": "Random seed",
      title: "Random seed",
      onclick: () => set("seed")(crypto.getRandomValues(new Uint32Array(1))[0]),
    },
    icon("dice"),
  );
  const told = h("p", { class: "dim small", id: "seed-about" });
  input.setAttribute("aria-describedby", told.id);
  return {
    node: h("div", {}, h("label", { for: "seed" }, "Seed"), h("div", { class: "joined" }, input, roll), told),
    update: (why) => {
      if (why) draft.seed = null;
      input.value = draft.seed ?? "";
      input.disabled = roll.disabled = why !== null;
      fill(told, sentence(why ?? "The same seed gives the same video"));
    },
  };
}

function textField(label, name, set, more) {
  const input = h("input", { id: name, type: "text", autocomplete: "off", onchange: () => set(name)(input.value), ...more });
  const told = h("p", { class: "reason", id: `${name}-why` });
  input.setAttribute("aria-describedby", told.id);
  return {
    node: h("div", {}, h("label", { for: name }, label), input, told),
    update: (never = null, now = null) => {
      const why = never ?? now;
      if (never) draft[name] = "";
      input.value = draft[name];
      input.disabled = why !== null;
      told.hidden = why === null;
      fill(told, why && sentence(why));
    },
  };
}
