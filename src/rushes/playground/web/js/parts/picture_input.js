/** A place for a picture: drop it, paste it, or pick it. */

import * as api from "../api.js";
import { fill, h, icon } from "../dom.js";
import { attempt, notice } from "../notices.js";
import { draw, hasPicture, read } from "../pictures.js";
import { heading, shortId } from "../words.js";
import { openCrop } from "./crop.js";
import { isOurs } from "./stage.js";

const SHOWN_PX = 480;
const OURS = /#\/g\/([\w-]+)$/;

/**
 * Return `{node, update, take}`.
 *
 * `update(frame, ratio, reason)` shows what is there; `take(data)` takes a picture, an address or one of our
 * own generations out of a drop or a paste, and tells whether there was one.
 */
export function well({ label, onchange }) {
  let shown = { frame: null, ratio: null, reason: null };
  const input = h("input", {
    type: "file",
    accept: "image/*,.heic,.heif,.avif",
    class: "unseen",
    "aria-label": label,
    onchange: () => input.files[0] && put(input.files[0]),
  });
  const place = h("div", { class: "well-place" });
  const node = h(
    "div",
    {
      class: "well",
      role: "group",
      "aria-label": label,
      ondragover: (event) => {
        if (shown.reason) return;
        event.preventDefault();
        node.classList.add("over");
      },
      ondragleave: () => node.classList.remove("over"),
      ondrop: (event) => {
        event.preventDefault();
        event.stopPropagation();
        node.classList.remove("over");
        if (!take(event.dataTransfer)) notice("That contains no image", { bad: true });
      },
    },
    place,
  );

  async function put(file) {
    try {
      onchange(await read(file));
    } catch (error) {
      notice(error.message, { bad: true });
    }
    input.value = "";
  }

  function take(data) {
    if (shown.reason) return false;
    const file = [...data.files].find((one) => one.type.startsWith("image/")) ?? data.files[0];
    if (file) {
      put(file);
      return true;
    }
    const text = data.getData("text").trim();
    const [, id] = OURS.exec(text) ?? [];
    if (id && text.startsWith(location.origin)) join(id);
    else if (/^https?:\/\/\S+$/.test(text)) onchange({ url: text });
    else return false;
    return true;
  }

  /** Take a generation that was dragged here: a video is joined, a still is a picture. */
  async function join(id) {
    const generation = await attempt(() => api.get(id));
    if (generation?.artifacts.video) onchange({ generation });
    else if (generation?.artifacts.image) onchange({ url: generation.artifacts.image.url });
    else if (generation) notice("There is no video to continue yet", { bad: true });
  }

  function update(frame, ratio, reason = null) {
    shown = { frame, ratio, reason };
    node.classList.toggle("off", reason !== null);
    input.disabled = reason !== null;
    fill(place, frame ? filled() : empty());
  }

  function empty() {
    return [
      h("label", { class: "well-empty", title: "You can also drop a video from the strip below" }, input, icon("image"), h("strong", {}, label), h("span", { class: "dim small" }, shown.reason ?? "drop, paste or choose")),
    ];
  }

  function filled() {
    const { frame, ratio } = shown;
    return [
      picture(),
      h("span", { class: "well-name small" }, label),
      h(
        "span",
        { class: "well-tools" },
        frame.bitmap && ratio && tool("crop", `Crop the ${label.toLowerCase()}`, () => openCrop(label, frame, ratio, onchange)),
        tool("close", `Remove the ${label.toLowerCase()}`, () => {
          onchange(null);
          input.focus();
        }),
      ),
    ];
  }

  function picture() {
    const { frame, ratio } = shown;
    if (frame.bitmap) {
      const canvas = h("canvas", { role: "img", "aria-label": frame.file.name || label });
      draw(canvas, frame, ratio, SHOWN_PX);
      return canvas;
    }
    if (frame.generation) return earlier(frame.generation);
    if (isOurs(frame.url)) return h("img", { src: frame.url, alt: label });
    const name = hasPicture(frame) ? frame.file.name : new URL(frame.url).host;
    const about = hasPicture(frame) ? "no preview; the server may be able to read it" : "the server downloads it";
    return h("div", { class: "well-text" }, icon("image"), h("strong", {}, name), h("span", { class: "dim small" }, about));
  }

  return { node, update, take };
}

function earlier(generation) {
  const thumbnail = generation.artifacts?.thumbnail?.url;
  return thumbnail
    ? h("img", { src: thumbnail, alt: `Continued video: ${heading(generation)}` })
    : h("div", { class: "well-text" }, icon("film"), h("strong", {}, shortId(generation.id)), h("span", { class: "dim small" }, "an earlier video"));
}

function tool(name, label, onclick) {
  return h("button", { class: "button quiet bare", type: "button", "aria-label": label, title: label, onclick }, icon(name));
}
