/** One request in the words of each API that the server speaks. */

import { shape } from "../pictures.js";

/** A picture that lies in a file beside the code; written as a data URI, or as bare base64. */
export class FilePicture {
  constructor(file, form = "uri") {
    this.file = file;
    this.form = form;
  }
}

/**
 * Each API: where it takes requests, what it answers, and `told(asked)`, which returns `{path, body, cannot}`.
 *
 * `asked` is a request of the native API in which a picture may be a FilePicture. `cannot` names what of it
 * this API has no word for; `body` is null where it has none for all of it. `state`, `failure` and `video` are where a reply has them; `video` is null where
 * the file is had at `content` instead.
 */
export const DIALECTS = [
  {
    name: "native",
    label: "rushes",
    about: "The server's own API, with every feature.",
    at: "/api/v1/generations",
    state: ["state"],
    pending: ["queued", "running"],
    failure: ["failure"],
    video: (asked) => ["artifacts", asked.kind === "image" ? "image" : "video", "url"],
    told: (asked) => ({ path: "", body: asked, cannot: [] }),
  },
  {
    name: "luma",
    label: "Dream Machine",
    about: "Luma's official API, as the package lumaai calls it.",
    at: "/dream-machine/v1/generations",
    state: ["state"],
    pending: ["queued", "dreaming"],
    failure: ["failure_reason"],
    video: (asked) => ["assets", asked.kind === "image" ? "image" : "video"],
    told: dreamMachine,
  },
  {
    name: "luma_relay",
    label: "Relays",
    about: "POST /luma/generations, as relays of Luma offer it.",
    at: "/luma/generations",
    state: ["state"],
    pending: ["pending", "processing"],
    failure: ["failure_reason"],
    video: () => ["video", "url"],
    told: relay,
  },
  {
    name: "luma_agents",
    label: "Luma Agents",
    about: "Luma's newer API, as the package luma-agents calls it.",
    at: "/v1/generations",
    state: ["state"],
    pending: ["queued", "processing"],
    failure: ["failure_reason"],
    video: () => ["output", 0, "url"],
    told: agents,
  },
  {
    name: "openai_videos",
    label: "OpenAI videos",
    about: "POST /v1/videos, as the package openai calls it.",
    at: "/v1/videos",
    state: ["status"],
    pending: ["queued", "in_progress"],
    failure: ["error"],
    video: () => null,
    content: "/content",
    told: openai,
  },
];

/** Names of what was asked for, as a sentence has them. */
const WORDS = {
  seed: "a seed",
  negative_prompt: "a negative prompt",
  expand_prompt: "prompt expansion",
  concepts: "camera moves by name",
  webhook_url: "a webhook",
  plan: "an edited plan",
  loop: "loops",
};

/** For kinds of work of which the page knows no words in an API. */
const NOTHING = { path: "", body: null, cannot: [] };

const unsaid = (asked, names) => names.filter((name) => given(asked[name])).map((name) => WORDS[name]);
const given = (value) => value !== undefined && value !== false && value !== null && value.length !== 0;
const secondsText = (asked) => asked.duration_s && `${asked.duration_s}s`;
const only = (body) => Object.fromEntries(Object.entries(body).filter(([, value]) => given(value)));

const isNew = ({ kind }) => kind === "video" || kind === "image";

function dreamMachine(asked) {
  if (!isNew(asked)) return NOTHING;
  const cannot = unsaid(asked, ["seed", "negative_prompt", "expand_prompt", "plan"]);
  if (asked.kind === "image") {
    const { prompt, model, aspect_ratio } = asked;
    return { path: "/image", cannot, body: only({ prompt, model, aspect_ratio, callback_url: asked.webhook_url }) };
  }
  return {
    path: "",
    cannot,
    body: only({
      prompt: asked.prompt,
      model: asked.model,
      aspect_ratio: asked.aspect_ratio,
      resolution: asked.resolution,
      duration: secondsText(asked),
      loop: asked.loop,
      keyframes: frames(asked, "url"),
      concepts: asked.concepts?.map((key) => ({ key })),
      callback_url: asked.webhook_url,
    }),
  };
}

function frames(asked) {
  const { first, last } = asked.keyframes ?? {};
  const told = { ...(first && { frame0: frame(first) }), ...(last && { frame1: frame(last) }) };
  return Object.keys(told).length ? told : undefined;
}

function frame({ image, generation_id }) {
  return generation_id ? { type: "generation", id: generation_id } : { type: "image", url: image };
}

function relay(asked) {
  if (asked.kind !== "video") return NOTHING;
  const { first, last } = asked.keyframes ?? {};
  const cannot = unsaid(asked, ["negative_prompt", "concepts", "plan"]);
  if (last?.generation_id) cannot.push("extending a video backwards");
  return {
    path: "",
    cannot,
    body: only({
      user_prompt: asked.prompt,
      model_name: asked.model,
      image_url: first?.image,
      image_end_url: last?.image,
      keyframes: first?.generation_id && { frame0: frame(first) },
      aspect_ratio: asked.aspect_ratio,
      resolution: asked.resolution,
      duration: secondsText(asked),
      loop: asked.loop,
      expand_prompt: asked.expand_prompt,
      seed: asked.seed,
      notify_hook: asked.webhook_url,
    }),
  };
}

function agents(asked) {
  if (!isNew(asked)) return NOTHING;
  const cannot = unsaid(asked, ["seed", "negative_prompt", "expand_prompt", "concepts", "webhook_url", "plan"]);
  const base = { type: asked.kind, prompt: asked.prompt, aspect_ratio: asked.aspect_ratio };
  if (asked.kind === "image") {
    return { path: "", cannot, body: only({ ...base, model: asked.model?.startsWith("uni-") && asked.model }) };
  }
  if (![5, 10].includes(asked.duration_s)) cannot.push(`a duration of ${asked.duration_s} s`);
  if (asked.model !== "ray-3") cannot.push(`models other than ray-3.2, so not ${asked.model}`);
  const { first, last } = asked.keyframes ?? {};
  const video = only({
    resolution: asked.resolution,
    duration: [5, 10].includes(asked.duration_s) && secondsText(asked),
    loop: asked.loop,
    start_frame: first && reference(first),
    end_frame: last && reference(last),
  });
  return { path: "", cannot, body: only({ ...base, model: "ray-3.2", video }) };
}

function reference({ image, generation_id }) {
  if (generation_id) return { generation_id };
  if (!(image instanceof FilePicture)) return { url: image };
  return { data: new FilePicture(image.file, "base64"), media_type: "image/jpeg" };
}

function openai(asked) {
  if (asked.kind !== "video") return NOTHING;
  const { first, last } = asked.keyframes ?? {};
  const cannot = unsaid(asked, ["expand_prompt", "concepts", "plan"]);
  if (last?.generation_id) cannot.push("extending a video backwards");
  const end = last?.image && { image_url: last.image };
  const base = { prompt: asked.prompt, seconds: asked.duration_s && String(asked.duration_s) };
  if (first?.generation_id) {
    cannot.push(...unsaid(asked, ["seed", "negative_prompt", "loop"]));
    if (end) cannot.push("a last image of an extension");
    const video = { id: `video_${first.generation_id.replaceAll("-", "")}` };
    return { path: "/extensions", cannot, body: only({ ...base, video, callback_url: asked.webhook_url }) };
  }
  return {
    path: "",
    cannot,
    body: only({
      ...base,
      model: asked.model,
      size: asked.resolution && size(asked.aspect_ratio ?? "16:9", asked.resolution),
      seed: asked.seed,
      negative_prompt: asked.negative_prompt,
      input_reference: first && { image_url: first.image },
      last_reference: end,
      loop: asked.loop,
      callback_url: asked.webhook_url,
    }),
  };
}

function size(ratio, resolution) {
  const wide = shape(ratio);
  const short = Number.parseInt(resolution, 10);
  const even = (side) => Math.round(side / 2) * 2;
  return wide >= 1 ? `${even(short * wide)}x${even(short)}` : `${even(short)}x${even(short / wide)}`;
}
