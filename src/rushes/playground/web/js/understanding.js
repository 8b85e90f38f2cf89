/** What the server understands of the drafted prompt, and the rough frame of that plan. */

import * as api from "./api.js";
import { changePlan, draft, redo, undo } from "./draft.js";

const TYPING_MS = 250;
const AGAIN_MS = 2000;

/**
 * Return the drafted shot's plan as it becomes known.
 *
 * `onplan` is called when the plan has changed, `onframe` when there is a new rough frame of it.
 */
export function understanding(models, { onplan, onframe, signal }) {
  const held = { told: null, frame: null, trouble: null, undrawn: null };
  let asking = new AbortController();
  let asked = null;
  let drawing = false;
  let drawn = null;
  let step = null;
  let isWarm = false;

  const able = () => {
    const model = models.find(({ name }) => name === draft.model);
    return Boolean(model?.capabilities.shot_plans) && !draft.first && !draft.last;
  };

  /** Return why an edited plan is not what will be drawn; null where it is, or where there is none. */
  function whyUnused() {
    if (draft.plan === null || able()) return null;
    const why = draft.first || draft.last ? "A video that starts or ends with an image follows no plan" : `${draft.model} follows no plan`;
    return `${why}. Your edited plan is kept and not used.`;
  }

  /** Return the plan that will be drawn; null where there is none. */
  const plan = () => (able() ? (draft.plan ?? held.told?.plan ?? null) : null);
  const seed = () => draft.seed ?? draft.plan_seed ?? held.told?.seed ?? 0;

  /** Ask anew what is understood, once the typing has paused. */
  async function update() {
    draft.takes_plan = able();
    const body = wanted();
    const key = JSON.stringify(body);
    if (key === asked) {
      draw();
      return;
    }
    asked = key;
    asking.abort();
    asking = new AbortController();
    const stop = AbortSignal.any([signal, asking.signal]);
    if (body) {
      warm();
      await api.pause(TYPING_MS, stop);
      if (stop.aborted) return;
    }
    try {
      const told = body && (await api.understand(body, stop));
      if (stop.aborted) return; // other words were asked about meanwhile
      held.told = told;
      held.trouble = null;
    } catch (error) {
      if (stop.aborted) return;
      asked = null; // so that the next change asks again
      held.trouble = error.message;
      if (passes(error)) askAgain(error, stop);
      else held.told = null;
    }
    onplan();
    draw();
  }

  /** Ask again in a while, as the trouble passes by itself: the server is being restarted, or is busy. */
  async function askAgain(error, stop) {
    await api.pause((error.retryAfter ?? 0) * 1000 || AGAIN_MS, stop);
    if (!stop.aborted) update();
  }

  /** Have the server start the process that draws with the first letters, so that the first frame waits less. */
  function warm() {
    if (isWarm) return;
    isWarm = true;
    api.roughFrame({ plan: {} }, signal).then(({ url }) => URL.revokeObjectURL(url), () => {}); // the first plan asks again
  }

  function wanted() {
    const prompt = draft.prompt.trim();
    if (!prompt || !able()) return null;
    const body = { prompt };
    if (draft.expand_prompt) body.expand_prompt = true;
    if (draft.seed !== null) body.seed = draft.seed;
    if (draft.kind === "video") {
      if (draft.negative_prompt.trim()) body.negative_prompt = draft.negative_prompt.trim();
      if (draft.concepts.length) body.concepts = [...draft.concepts];
    }
    return body;
  }

  /** Draw the plan's rough frame: one at a time, and always the latest plan. */
  async function draw() {
    if (drawing) return;
    drawing = true;
    while (!signal.aborted) {
      const body = plan() && { plan: plan(), aspect_ratio: draft.aspect_ratio, seed: seed() };
      const key = JSON.stringify(body);
      if (key === drawn) break;
      drawn = key;
      try {
        const frame = body && { ...(await api.roughFrame(body, signal)), plan: body.plan };
        if (held.frame) URL.revokeObjectURL(held.frame.url);
        held.frame = frame;
        held.undrawn = null;
        onframe();
      } catch (error) {
        if (signal.aborted) break;
        if (!passes(error)) {
          held.undrawn = error.message;
          onplan();
          continue;
        }
        drawn = null;
        await api.pause((error.retryAfter ?? 0) * 1000 || AGAIN_MS, signal);
      }
    }
    drawing = false;
  }

  /**
   * Change the plan; from then on it is the plan that is rendered, whatever the prompt says.
   *
   * Edits of one `name` that follow each other are undone together, such as those of one drag.
   */
  function edit(change, name = null) {
    const before = plan();
    const after = before && change(before);
    if (JSON.stringify(after) === JSON.stringify(before)) return;
    changePlan({ plan: after, plan_seed: draft.plan_seed ?? seed() }, { goesOn: name !== null && name === step });
    step = name;
    onplan();
    draw();
  }

  /** Take what the prompt says again. */
  function reset() {
    changePlan({ plan: null, plan_seed: null });
    showAgain();
  }

  function showAgain() {
    step = null;
    onplan();
    update();
  }

  const back = () => undo() && showAgain();
  const forth = () => redo() && showAgain();

  return { update, plan, edit, reset, undo: back, redo: forth, able, whyUnused, held };
}

/** Whether a trouble passes by itself. */
const passes = (error) => error.status === 0 || error.status === 429 || error.status >= 502 || error.code === "not_ready";
