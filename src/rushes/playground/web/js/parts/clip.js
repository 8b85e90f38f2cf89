/** A small picture of a generation that plays while one points at it. */

import * as api from "../api.js";
import { fill, h } from "../dom.js";
import { followPreview, mark } from "../previews.js";
import { heading, standing } from "../words.js";

/** Return a link to a generation, with its picture, or with how it stands while there is none. */
export function clip(generation, { href = `#/g/${generation.id}` } = {}) {
  const node = h("a", {
    class: "clip",
    href,
    data: { id: generation.id, state: generation.state },
    "aria-label": label(generation),
    ondragstart: (event) => event.dataTransfer.setData("text/plain", node.href), // for the wells
  });
  const { thumbnail, image, video } = generation.artifacts;
  const shown = thumbnail ?? image;
  if (!shown) return fillWaiting(node, generation);
  const picture = h("img", { src: shown.url, alt: "", draggable: "false", loading: "lazy", decoding: "async", width: shown.width_px, height: shown.height_px });
  fill(node, picture);
  if (video) plays(node, video);
  return node;
}

function label(generation) {
  const state = generation.state === "completed" ? "" : `${standing(generation)}: `;
  return `${state}${heading(generation)}`;
}

function fillWaiting(node, generation) {
  const { state, progress } = generation;
  node.classList.add("waiting");
  followPreview(generation);
  return fill(
    node,
    !api.isFinal(state) && mark(h("img", { class: "preview", alt: "", draggable: "false" }), generation.id),
    h("span", { class: `state ${state}` }, standing(generation)),
    state === "running" && h("progress", { max: "1", value: progress, "aria-label": "Progress" }),
  );
}

/** Let a clip's video play while it is pointed at or has the focus; it is loaded only then. */
function plays(node, file) {
  let video = null;
  const begin = () => {
    if (video || matchMedia("(prefers-reduced-motion: reduce)").matches) return;
    play();
  };
  const play = () => {
    video = h("video", { src: file.url, muted: true, loop: true, playsinline: true, preload: "auto", tabindex: "-1", draggable: "false", "aria-hidden": "true" });
    video.addEventListener("playing", () => video?.classList.add("on"), { once: true });
    node.append(video);
    video.play().catch(() => {}); // it was taken away before it could begin
  };
  const end = () => {
    video?.remove();
    video = null;
  };
  node.addEventListener("pointerenter", (event) => event.pointerType !== "touch" && begin());
  node.addEventListener("pointerleave", end);
  node.addEventListener("blur", end);
  node.addEventListener("keydown", (event) => {
    if (event.key !== " ") return;
    event.preventDefault();
    if (video) end();
    else play();
  });
}
