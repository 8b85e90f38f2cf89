/** What the chosen model cannot do, each with its reason. */

import { KINDS } from "./words.js";

const WORK = { image: "makes no images", video: "makes no videos" };

/** Return every value that some model offers, in the order of the first that has it. */
export function offered(models, name) {
  return [...new Set(models.flatMap((model) => model.capabilities[name] ?? []))];
}

export const makes = (model, kind) => model.capabilities.kinds.includes(kind);

/** Return why a kind of work cannot be had from a model; null if it can. */
export function whyNot(model, kind) {
  return makes(model, kind) ? null : `${model.name} ${WORK[kind] ?? `does no ${(KINDS[kind] ?? kind).toLowerCase()}`}`;
}

/**
 * Return what cannot be asked for with a model, given the rest of the draft.
 *
 * Of a list of values it is a function of one of them; of a switch it is the reason or null.
 */
export function limits(model, draft) {
  const can = model.capabilities;
  const joined = Boolean(draft.first?.generation || draft.last?.generation);
  const between = Boolean(draft.first?.generation && draft.last?.generation);
  const shaped = joined && !between ? "aspect ratio and resolution are those of the video it continues" : null;
  const ratios = draft.kind === "image" ? can.still_aspect_ratios : can.aspect_ratios;
  return {
    ratio: (value) => shaped ?? among(model, value, ratios, (v) => v),
    resolution: (value) => shaped ?? among(model, value, can.resolutions, (v) => v),
    duration: (value) => among(model, value, can.durations_s, (v) => `${v} s`),
    concept: (value) => among(model, value, can.concepts ?? [], (v) => v),
    loop: loopless(model, draft, between),
    seed: can.seed === false ? `${model.name} takes no seed` : null,
    negative: can.negative_prompt === false ? `${model.name} takes no negative prompt` : null,
    plan: draft.plan !== null && can.shot_plans && !draft.first && !draft.last ? "the edited plan decides what is drawn" : null,
    first: can.first_image ? null : `${model.name} takes no first image`,
    last: can.last_image ? null : `${model.name} takes no last image`,
    joined: unjoinable(model, draft, between),
  };
}

function unjoinable({ name, capabilities: can }, draft, between) {
  if (between) return can.interpolate ? null : `${name} cannot interpolate between two videos`;
  if (draft.last?.generation && !can.extend_backwards) return `${name} cannot extend a video backwards`;
  if (draft.first?.generation && !can.extend) return `${name} cannot extend a video`;
  return null;
}

function loopless(model, draft, between) {
  if (!model.capabilities.loop) return `${model.name} makes no loops`;
  if (between) return "an interpolation between two videos cannot loop";
  if (draft.last?.generation) return "a backward extension cannot loop";
  return null;
}

function among(model, value, values, said) {
  if (value === null || values.includes(value)) return null;
  return `${model.name} makes ${either(values.map(said)) || "none"}`;
}

function either(words) {
  if (words.length < 2) return words.join("");
  return `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
}
