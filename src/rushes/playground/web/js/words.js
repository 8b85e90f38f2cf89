/** How things are said to people. */

export const KINDS = {
  video: "Video",
  image: "Image",
  upscale: "Upscale",
  audio: "Audio",
  reframe: "Reframe",
  modify: "Modify",
};

const OUTCOMES = {
  rendering: "rendering",
  submitting: "sending the request",
  ambiguous: "request sent, but the reply was lost",
  accepted: "accepted the request",
  completed: "completed",
  failed: "failed",
  unconfirmed: "never confirmed the request; it may have made the video",
  lost: "lost: its worker stopped",
  cancelled: "cancelled",
};

const EVENTS = {
  "generation.queued": "Queued",
  "generation.running": "Started",
  "generation.completed": "Completed",
  "generation.failed": "Failed",
  "generation.cancelled": "Cancelled",
  "generation.expired": "Expired; its files were deleted",
  "generation.retried": "Failed; another attempt will follow",
  "generation.released": "Returned to the queue by its worker",
  "generation.reclaimed": "Taken over by another worker",
  "generation.resumed": "Another worker follows the upstream job",
  "generation.planned": "Planned",
  "generation.submitting": "Sending the request to an upstream",
  "generation.unconfirmed": "The upstream's reply was lost",
  "generation.accepted": "An upstream accepted the request",
};

const TIME = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", second: "2-digit" });
const DAY = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });
const SINCE = new Intl.RelativeTimeFormat("en", { numeric: "auto", style: "narrow" });
const COUNT = new Intl.NumberFormat("en");

export const count = (number) => COUNT.format(number);
export const eventWords = (type) => EVENTS[type] ?? capital(type.replace(/^\w+\./, "").replaceAll("_", " "));
export const outcomeWords = (outcome) => OUTCOMES[outcome] ?? outcome;
export const clock = (moment) => TIME.format(new Date(moment));
export const day = (moment) => DAY.format(new Date(moment));

export function ago(moment, now = Date.now()) {
  const seconds = (new Date(moment).getTime() - now) / 1000;
  for (const [unit, size] of [["day", 86400], ["hour", 3600], ["minute", 60]]) {
    if (Math.abs(seconds) >= size) return SINCE.format(Math.trunc(seconds / size), unit);
  }
  return "just now";
}

export function took(from, to) {
  const seconds = (new Date(to) - new Date(from)) / 1000;
  if (seconds < 60) return `${seconds.toFixed(seconds < 10 ? 1 : 0)} s`;
  return `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
}

export function bytes(size) {
  if (size < 1000) return `${size} B`;
  return size < 1e6 ? `${(size / 1e3).toFixed(0)} kB` : `${(size / 1e6).toFixed(1)} MB`;
}

export const seconds = (number) => `${Number(number.toFixed(1))} s`;
export const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);
export const shortId = (id) => id.slice(0, 8);

/** Return a generation's words, or what it is where it has none. */
export function heading(generation) {
  const { kind, prompt } = generation.request;
  return prompt || (KINDS[kind] ?? capital(kind));
}

/** Return the one line along the edge of a picture: what it is, in few signs. */
export const edgePrint = (generation) => [...facts(generation), shortId(generation.id)].join("  ·  ");

/** Return the same shorter, for where there is little room. */
export const shortPrint = (generation) => facts(generation).slice(0, 3).join(" · ");

function facts(generation) {
  const { kind, model, aspect_ratio, resolution, duration_s, loop } = generation.request;
  const video = generation.artifacts.video ?? generation.artifacts.image;
  const size = video ? `${video.width_px}×${video.height_px}` : [aspect_ratio, resolution].filter(Boolean).join(" ");
  const length = video?.duration_s ?? (kind === "video" ? duration_s : null);
  return [
    model,
    kind === "video" ? null : (KINDS[kind] ?? kind).toLowerCase(),
    size,
    length && seconds(length),
    loop && "loop",
  ].filter(Boolean);
}

/** What a local model does, as the API names it, and as people say it. */
const PHASES = {
  "load model": "loading the model",
  "encode prompt": "reading the prompt",
  denoise: "denoising",
  decode: "decoding",
  write: "writing the video",
  "measure depth": "measuring depth",
  "move camera": "moving the camera",
};

/** Return where a generation stands, as a person would say it. */
export function standing({ state, position, progress, attempt, phase }) {
  switch (state) {
    case "queued":
      if (position == null) return "Queued";
      return position === 0 ? "Queued, next in line" : `Queued, ${count(position)} ahead`;
    case "running":
      return `Rendering, ${Math.floor(progress * 100)} %${attempt > 1 ? `, attempt ${attempt}` : ""}${phase ? `: ${PHASES[phase] ?? phase}` : ""}`;
    default:
      return capital(state);
  }
}

/** Return a sentence that begins with a capital and ends with a stop. */
export function sentence(text) {
  const trimmed = capital(text.trim());
  return /[.!?]$/.test(trimmed) ? trimmed : `${trimmed}.`;
}
