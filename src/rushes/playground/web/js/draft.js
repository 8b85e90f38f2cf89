/** What is about to be asked for: kept while one looks around, and turned into a request. */

import { asDataUri, hasPicture } from "./pictures.js";

/** What the form begins with. */
function blank() {
  return {
    kind: "video",
    prompt: "",
    model: null,
    first: null,
    last: null,
    aspect_ratio: null,
    resolution: "720p",
    duration_s: 5,
    loop: false,
    expand_prompt: false,
    negative_prompt: "",
    concepts: [],
    seed: null,
    webhook_url: "",
    plan: null,
    plan_seed: null,
    takes_plan: false,
    past: [],
    future: [],
  };
}

/**
 * The one draft of this tab. A frame is a picture (see pictures.js), or `{generation}`.
 *
 * `plan` is a plan that was edited, and `plan_seed` the seed with which it was looked at; null where the
 * prompt says what is drawn. `takes_plan` is whether the chosen model and the pictures allow a plan.
 * `past` and `future` are the plans before the last edits and after those that were undone.
 */
export const draft = blank();

export function clear() {
  Object.assign(draft, blank(), { model: draft.model });
}

/** Whether the video goes on from, leads up to or joins earlier ones, whose shape it then has. */
export const continues = () => Boolean(draft.first?.generation || draft.last?.generation);
export const interpolates = () => Boolean(draft.first?.generation && draft.last?.generation);

/** Take over what an earlier generation was asked for. */
export function remix(generation) {
  const asked = generation.request;
  const frames = asked.keyframes ?? {};
  Object.assign(draft, blank(), {
    kind: asked.kind === "image" ? "image" : "video",
    prompt: asked.prompt ?? "",
    model: asked.model,
    first: frameOf(frames.first),
    last: frameOf(frames.last),
    aspect_ratio: asked.aspect_ratio ?? null,
    resolution: asked.resolution ?? "720p",
    duration_s: asked.duration_s ?? 5,
    loop: asked.loop ?? false,
    expand_prompt: asked.expand_prompt ?? false,
    negative_prompt: asked.negative_prompt ?? "",
    concepts: asked.concepts ?? [],
    seed: null,
    plan: asked.plan ?? null,
  });
}

/** Take over what an earlier generation was asked for, and the plan that was drawn, to be edited. */
export function editPlan(generation) {
  remix(generation);
  draft.plan = generation.plan;
  draft.plan_seed = generation.request.seed ?? null;
}

const MOST_STEPS = 100;
const planned = () => ({ plan: draft.plan, plan_seed: draft.plan_seed });

/** Replace the plan, null for what the prompt says; it can be undone. What `goesOn` is undone as one. */
export function changePlan(next, { goesOn = false } = {}) {
  if (!goesOn || draft.past.length === 0) draft.past = [...draft.past, planned()].slice(-MOST_STEPS);
  draft.future = [];
  Object.assign(draft, next);
}

/** Go one edit back; return whether there was one. */
export function undo() {
  if (draft.past.length === 0) return false;
  draft.future.push(planned());
  Object.assign(draft, draft.past.pop());
  return true;
}

/** Make the edit again that was undone last; return whether there was one. */
export function redo() {
  if (draft.future.length === 0) return false;
  draft.past.push(planned());
  Object.assign(draft, draft.future.pop());
  return true;
}

/** Whether a plan that was edited is what will be drawn. */
export const hasOwnPlan = () => draft.plan !== null && draft.takes_plan;

function frameOf(frame) {
  if (frame?.generation_id) return { generation: { id: frame.generation_id } };
  return frame?.image ? { url: frame.image } : null;
}

/** Go on from a finished video. */
export function extend(generation) {
  const { model, duration_s } = generation.request;
  Object.assign(draft, blank(), { model, duration_s: duration_s ?? 5, first: { generation } });
}

/**
 * Return the request in the words of the native API.
 *
 * `picture` says how a picture is written; without it the picture itself is put in, as a data URI.
 */
export async function request(picture = asDataUri) {
  const told = { kind: draft.kind, prompt: draft.prompt.trim() };
  if (draft.model) told.model = draft.model;
  if (draft.kind === "image") {
    if (draft.aspect_ratio) told.aspect_ratio = draft.aspect_ratio;
  } else {
    await video(told, picture);
  }
  if (draft.expand_prompt && !hasOwnPlan()) told.expand_prompt = true;
  const seed = draft.seed ?? (hasOwnPlan() ? draft.plan_seed : null);
  if (seed !== null) told.seed = seed;
  if (hasOwnPlan()) told.plan = draft.plan;
  if (draft.webhook_url.trim()) told.webhook_url = draft.webhook_url.trim();
  return told;
}

async function video(told, picture) {
  const first = await frame(draft.first, "first", picture);
  const last = await frame(draft.last, "last", picture);
  if (first || last) told.keyframes = { ...(first && { first }), ...(last && { last }) };
  if (!continues() || interpolates()) {
    if (draft.aspect_ratio) told.aspect_ratio = draft.aspect_ratio;
    told.resolution = draft.resolution;
  }
  told.duration_s = draft.duration_s;
  if (draft.loop) told.loop = true;
  if (hasOwnPlan()) return; // the plan says what is drawn, and the server takes nothing beside it
  if (draft.negative_prompt.trim()) told.negative_prompt = draft.negative_prompt.trim();
  if (draft.concepts.length) told.concepts = [...draft.concepts];
}

async function frame(one, end, picture) {
  if (one?.generation) return { generation_id: one.generation.id };
  if (one?.url) return { image: one.url };
  return hasPicture(one) ? { image: await picture(one, draft.aspect_ratio, end) } : null;
}
