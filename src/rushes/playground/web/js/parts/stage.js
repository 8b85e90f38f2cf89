/** The large picture: an empty frame, then how it comes along, then the video itself. */

import { fill, h, icon } from "../dom.js";
import { draw, shape } from "../pictures.js";
import { followPreview, mark } from "../previews.js";
import { edgePrint, heading, sentence, standing } from "../words.js";

const SHOWN_PX = 1280;

/** Return `{node, empty, plan, show}`; `below` stands under the picture and its print. */
export function stage(below = null) {
  const frame = h("div", { class: "frame" });
  const print = h("p", { class: "edge-print" });
  const news = h("p", { class: "unseen", role: "status" });
  const node = h("section", { class: "stage", "aria-label": "Picture" }, frame, print, below, news);
  let shown = { id: null, state: null };

  /** Show a frame of the drafted shape, with the first picture in it if there is one. */
  function empty(ratio, picture) {
    shown = { id: null, state: null };
    const wide = shape(ratio) ?? (picture?.bitmap ? picture.bitmap.width / picture.bitmap.height : 16 / 9);
    takeShape(wide);
    fill(frame, picture?.bitmap ? drawn(picture, ratio) : h("div", { class: "viewfinder" }, h("span", {}, "No video yet")));
    fill(print, ratio ?? (picture ? "aspect ratio of the first image" : "16:9"));
    fill(news, "");
  }

  /** Show the rough frame of a plan in the drafted shape; `view` is kept from one call to the next. */
  function plan(ratio, view) {
    shown = { id: null, state: null };
    takeShape(shape(ratio) ?? 16 / 9);
    if (view.parentNode !== frame) fill(frame, view);
    fill(print, `${ratio ?? "16:9"}  ·  rough frame`);
    fill(news, "");
  }

  /** Show a generation as it stands; what is on show already goes on undisturbed. */
  function show(generation) {
    const { id, state } = generation;
    const file = generation.artifacts.video ?? generation.artifacts.image;
    takeShape(file ? file.width_px / file.height_px : (shape(generation.request.aspect_ratio) ?? 16 / 9));
    if (shown.id !== id || shown.state !== state) {
      shown = { id, state };
      fill(frame, ...content(generation));
      fill(news, sentence(`${standing(generation)}: ${heading(generation)}`));
    }
    followPreview(generation);
    const bar = frame.querySelector("progress");
    if (bar && state === "running") bar.value = generation.progress;
    const line = frame.querySelector(".standing");
    if (line) fill(line, standing(generation));
    fill(print, edgePrint(generation));
  }

  function takeShape(wide) {
    frame.style.setProperty("--wide", String(wide));
    frame.classList.toggle("upright", wide < 1);
  }

  return { node, empty, plan, show };
}

function drawn(picture, ratio) {
  const canvas = h("canvas", { role: "img", "aria-label": "First image" });
  draw(canvas, picture, ratio, SHOWN_PX);
  return canvas;
}

function content(generation) {
  const { video, image } = generation.artifacts;
  if (generation.state === "completed" && video) return [player(generation)];
  if (generation.state === "completed" && image) return [h("img", { src: image.url, alt: heading(generation) })];
  if (generation.state === "queued" || generation.state === "running") return coming(generation);
  return ended(generation);
}

/** Return a video that plays by itself where motion is welcome, and again and again if it loops. */
export function player(generation, { autoplay = true } = {}) {
  const { video, thumbnail } = generation.artifacts;
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const element = h("video", {
    src: video.url,
    poster: thumbnail?.url,
    controls: true,
    playsinline: true,
    loop: Boolean(generation.request.loop),
    muted: generation.request.kind !== "audio",
    preload: "auto",
    "aria-label": heading(generation),
  });
  if (autoplay && !calm) element.play().catch(() => {}); // a browser may want a click first
  return element;
}

function coming(generation) {
  const first = generation.request.keyframes?.first?.image;
  return [
    isOurs(first) && h("img", { class: "faint", src: first, alt: "" }),
    mark(h("img", { class: "preview", alt: "" }), generation.id),
    h(
      "div",
      { class: "coming" },
      h("p", { class: "standing" }, standing(generation)),
      generation.state === "running"
        ? h("progress", { max: "1", value: generation.progress, "aria-label": "Progress" })
        : h("progress", { "aria-label": "Queued" }),
    ),
  ];
}

const WHY_NOTHING = { expired: "The server deleted the files after its retention time" };

function ended(generation) {
  const told = generation.failure?.message ?? WHY_NOTHING[generation.state] ?? "There is no result";
  return [
    h(
      "div",
      { class: "ended" },
      icon(generation.state === "failed" ? "close" : "stop"),
      h("p", { class: "standing" }, standing(generation)),
      h("p", {}, sentence(told)),
    ),
  ];
}

/** Whether a picture is the server's own; others the page may not load. */
export function isOurs(url) {
  return Boolean(url) && (url.startsWith("data:") || url.startsWith(`${location.origin}/media/`));
}
