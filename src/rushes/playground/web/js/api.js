/** The native API, as the page uses it. */

import { credentials, signIn } from "./session.js";
import { messages } from "./sse.js";

const GENERATIONS = "/api/v1/generations";
const KEYS = "/api/v1/keys";
const WEBHOOKS = "/api/v1/webhooks";
const LOCAL_MODELS = "/api/v1/local-models";
const PLANS = "/api/v1/plans";
const AGAIN_MS = 2000;

/** What the server has against a request; `detail` is a sentence. */
export class Problem extends Error {
  constructor(status, told, retryAfter = null) {
    super(told.detail ?? `The server answered ${status}.`);
    this.status = status;
    this.code = told.code ?? "unknown";
    this.retryAfter = retryAfter;
    this.requestId = told.request_id ?? null;
    this.problems = told.problems ?? (told.param ? [{ param: told.param, detail: told.detail }] : []);
  }
}

/** Ask for something; return its JSON, or null where there is none. Asks for a key when it must. */
export async function ask(method, path, { body, signal, headers = {} } = {}) {
  const reply = await answered(method, path, { body, signal, headers });
  return reply.status === 204 ? null : json(reply);
}

/** Return the answer to a request, after it was found good. */
async function answered(method, path, { body, signal, headers = {} }) {
  for (;;) {
    const reply = await sent(method, path, { body, signal, headers });
    if (reply.status === 401) {
      await signIn();
      continue;
    }
    if (!reply.ok) throw new Problem(reply.status, await json(reply), Number(reply.headers.get("retry-after")) || null);
    return reply;
  }
}

async function sent(method, path, { body, signal, headers }) {
  const told = { ...credentials(), ...headers };
  if (body !== undefined) told["Content-Type"] = "application/json";
  try {
    return await fetch(path, {
      method,
      signal,
      headers: told,
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new Problem(0, { code: "unreachable", detail: "The server cannot be reached." });
  }
}

async function json(reply) {
  try {
    return await reply.json();
  } catch (error) {
    if (error.name === "AbortError") throw error; // nobody waits for it any more
    return {};
  }
}

/** Return what there is of a thing that a server may not have, or that this key may not see. */
export async function ifOffered(asking) {
  try {
    return await asking;
  } catch (error) {
    if (error instanceof Problem && [403, 404, 405].includes(error.status)) return null;
    throw error;
  }
}

let whose = null;

/** Return whose key this is, and whether it operates; asked for once. */
export function account() {
  whose ??= ask("GET", "/api/v1/account").catch((error) => {
    whose = null;
    throw error;
  });
  return whose;
}

export const keys = async (signal) => (await ask("GET", KEYS, { signal })).keys;
export const makeKey = (body) => ask("POST", KEYS, { body });
export const revokeKey = (id) => ask("DELETE", `${KEYS}/${id}`);
export const rotateKey = (id, body) => ask("POST", `${KEYS}/${id}/rotate`, { body });
export const accounts = async (signal) => (await ask("GET", "/api/v1/accounts", { signal })).accounts;
export const credits = (signal) => ask("GET", "/api/v1/credits", { signal });
export const quote = (body, signal) => ask("POST", "/api/v1/quotes", { body, signal });
export const usage = async (wanted, signal) => (await ask("GET", `/api/v1/usage?${query(wanted)}`, { signal })).usage;
export const queue = (signal) => ask("GET", "/api/v1/queue", { signal });
export const channels = async (signal) => (await ask("GET", "/api/v1/channels", { signal })).channels;
export const pauseChannel = (name, body) => ask("POST", `/api/v1/channels/${encodeURIComponent(name)}/pause`, { body });
export const resume = (name) => ask("POST", `/api/v1/channels/${encodeURIComponent(name)}/resume`);
export const nodes = async (signal) => (await ask("GET", "/api/v1/nodes", { signal })).nodes;
export const drainNode = (name) => ask("POST", `/api/v1/nodes/${encodeURIComponent(name)}/drain`);
export const resumeNode = (name) => ask("POST", `/api/v1/nodes/${encodeURIComponent(name)}/resume`);
export const localModels = (signal) => ask("GET", LOCAL_MODELS, { signal });
export const pullLocalModel = (name, body) => ask("POST", `${LOCAL_MODELS}/${encodeURIComponent(name)}/pull`, { body });
export const cancelPull = (name) => ask("POST", `${LOCAL_MODELS}/${encodeURIComponent(name)}/cancel`);
export const removeLocalModel = (name) => ask("DELETE", `${LOCAL_MODELS}/${encodeURIComponent(name)}`);
export const settings = async (signal) => (await ask("GET", "/api/v1/settings", { signal })).settings;

/** Return whether the server can do its work; a server that cannot says so with a 503. */
export async function ready(signal) {
  const reply = await sent("GET", "/health/ready", { signal, headers: {} });
  return json(reply);
}


/** Ask for a generation; when the answer is lost on the way, the same is asked again and made once. */
export async function create(body) {
  const headers = { "Idempotency-Key": once() };
  for (let left = 2; ; left -= 1) {
    try {
      return await ask("POST", GENERATIONS, { body, headers });
    } catch (error) {
      if (error.status !== 0 || left === 0) throw error;
      await pause(AGAIN_MS / 2);
    }
  }
}

/** Return what nobody has returned before; randomUUID is there on secure addresses only. */
function once() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

export const get = (id, signal) => ask("GET", `${GENERATIONS}/${id}`, { signal });
export const cancel = (id) => ask("POST", `${GENERATIONS}/${id}/cancel`);
export const retry = (id) => ask("POST", `${GENERATIONS}/${id}/retry`);
export const remove = (id) => ask("DELETE", `${GENERATIONS}/${id}`);
export const events = async (id, signal) => (await ask("GET", `${GENERATIONS}/${id}/events`, { signal })).events;
export const attempts = async (id, signal) =>
  (await ask("GET", `${GENERATIONS}/${id}/attempts`, { signal })).attempts;

export const deliveries = async (id, signal) =>
  (await ask("GET", `${GENERATIONS}/${id}/deliveries`, { signal })).deliveries;
export const everyDelivery = (wanted, signal) => ask("GET", `/api/v1/deliveries?${query(wanted)}`, { signal });
export const redeliver = (id) => ask("POST", `/api/v1/deliveries/${id}/redeliver`);
export const webhooks = async (signal) => (await ask("GET", WEBHOOKS, { signal })).webhooks;
export const addWebhook = (body) => ask("POST", WEBHOOKS, { body });
export const changeWebhook = (id, body) => ask("PATCH", `${WEBHOOKS}/${id}`, { body });
export const removeWebhook = (id) => ask("DELETE", `${WEBHOOKS}/${id}`);
export const testWebhook = (id) => ask("POST", `${WEBHOOKS}/${id}/test`);

export const understand = (body, signal) => ask("POST", PLANS, { body, signal });

/** Draw a rough frame; return `{blob, url, places}`, of which a place is `[x, y, left, top, right, bottom]`. */
export async function roughFrame(body, signal) {
  const reply = await answered("POST", `${PLANS}/frame`, { body, signal });
  const places = JSON.parse(reply.headers.get("rushes-cast-places") ?? "[]");
  const blob = await reply.blob();
  return { blob, url: URL.createObjectURL(blob), places };
}

let schema = null;

/** Return the JSON Schema of a plan, with every name that it may use; asked for once. */
export function planSchema() {
  schema ??= ask("GET", `${PLANS}/schema`).catch((error) => {
    schema = null;
    throw error;
  });
  return schema;
}

let drawable = null;

/** Return every subject that can be drawn: `{name, kind, height_m, plane, action}`; asked for once. */
export function subjects() {
  drawable ??= ask("GET", `${PLANS}/subjects`).then(
    (told) => told.subjects,
    (error) => {
      drawable = null;
      throw error;
    },
  );
  return drawable;
}

/** Return a picture of subjects side by side, in cells of 96 pixels, eight in a row. */
export const subjectSheet = async (names) => (await answered("POST", `${PLANS}/subjects/sheet`, { body: { subjects: names } })).blob();

let known = null;

/** Return the models on offer; asked for once. */
export function models() {
  known ??= ask("GET", "/api/v1/models").then(
    (told) => told.models,
    (error) => {
      known = null;
      throw error;
    },
  );
  return known;
}

/** Return a page of generations. */
export const list = (wanted = {}, signal) => ask("GET", `${GENERATIONS}?${query(wanted)}`, { signal });

/** Return what is wanted as a query; a value may be a list, and what is empty is left out. */
function query(wanted) {
  const told = new URLSearchParams();
  for (const [name, value] of Object.entries(wanted)) {
    for (const one of [value].flat()) if (one) told.append(name, one);
  }
  return told;
}

/**
 * Call `told` with each message of a generation's progress until it is final.
 *
 * A connection that is cut is made again, and goes on after what was heard. It returns when the
 * generation is final, or gone, or the signal says stop.
 */
export async function follow(id, told, signal) {
  let last = null;
  while (!signal.aborted) {
    try {
      const headers = { ...credentials(), ...(last ? { "Last-Event-ID": last } : {}) };
      const reply = await fetch(`${GENERATIONS}/${id}/progress`, { headers, signal });
      if (reply.status === 204 || reply.status === 404) return;
      if (reply.status === 401) await signIn();
      else if (reply.status === 403) throw new Problem(403, await json(reply));
      else if (reply.ok) {
        for await (const message of messages(reply.body)) {
          last = message.id ?? last;
          const news = JSON.parse(message.data);
          told(news);
          if (isFinal(news.state) && news.event === null) return;
        }
      }
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof TypeError)) throw error; // a TypeError is a cut connection
    }
    await pause(AGAIN_MS, signal);
  }
}

export function isFinal(state) {
  return state === "completed" || state === "failed" || state === "cancelled" || state === "expired";
}

/** Return after a while, or at once when the signal says stop. */
export function pause(ms, signal) {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal?.addEventListener("abort", () => (clearTimeout(timer), resolve()), { once: true });
  });
}
