/** Two videos side by side or one over the other, frame by frame. */

import * as api from "../api.js";
import { fill, h, icon } from "../dom.js";
import { choice } from "../parts/choice.js";
import { KINDS, edgePrint, heading, seconds } from "../words.js";

/** Frames a second; what the server's own engines make, and near enough for others. */
const FPS = 24;
const DRIFT_S = 0.5 / FPS;

export async function compare({ parameters, signal }) {
  const pair = await Promise.all(parameters.map((id) => api.get(id, signal)));
  const videos = pair.map((generation) => video(generation));
  const longest = Math.max(...pair.map(({ artifacts }) => artifacts.video?.duration_s ?? 0));
  const frames = Math.max(1, Math.round(longest * FPS) - 1);
  let frame = 0;
  let playing = false;

  const range = h("input", {
    type: "range",
    min: "0",
    max: String(frames),
    step: "1",
    value: "0",
    "aria-label": "Frame",
    oninput: () => (stop(), go(Number(range.value))),
  });
  const told = h("output", { class: "edge-print" });
  const button = h("button", { class: "button main bare", type: "button", onclick: () => (playing ? stop() : play()) });
  const wipe = h("input", { type: "range", min: "0", max: "100", value: "50", "aria-label": "Position of the divider", oninput: showWipe });
  const table = h("div", { class: "pair-videos" }, videos.map((one, order) => figure(one, pair[order], order)), h("div", { class: "wipe" }, wipe));
  const layout = choice({
    legend: "Layout",
    className: "layouts",
    values: [{ value: "beside", label: "Side by side" }, { value: "over", label: "Overlay" }],
    onchoose: lay,
  });

  function lay(how) {
    layout.update(how);
    table.classList.toggle("over", how === "over");
    showWipe();
  }

  function showWipe() {
    table.style.setProperty("--wipe", `${wipe.value}%`);
  }

  /** Show a frame of both; the shorter one stays at its end. */
  function go(to) {
    frame = Math.min(Math.max(to, 0), frames);
    for (const one of videos) {
      const at = (frame + 0.5) / FPS; // its middle, so that no rounding shows its neighbour
      one.currentTime = Number.isFinite(one.duration) ? Math.min(at, one.duration - 0.001) : at;
    }
    say();
  }

  function say() {
    range.value = frame;
    range.setAttribute("aria-valuetext", `frame ${frame + 1} of ${frames + 1}`);
    fill(told, `${String(frame + 1).padStart(3, " ")} / ${frames + 1}   ${seconds((frame + 0.5) / FPS)}`);
  }

  function play() {
    playing = true;
    if (frame >= frames) go(0);
    for (const one of videos) one.play().catch(() => {});
    show();
    requestAnimationFrame(keepTogether);
  }

  function stop() {
    playing = false;
    for (const one of videos) one.pause();
    show();
  }

  /** While they play, hold the second to the first, and begin anew when both are over. */
  function keepTogether() {
    if (!playing || signal.aborted) return;
    const [one, other] = [...videos].sort((a, b) => (b.duration || 0) - (a.duration || 0));
    frame = Math.min(frames, Math.floor(one.currentTime * FPS));
    say();
    if (!other.ended && Math.abs(one.currentTime - other.currentTime) > DRIFT_S * 4) other.currentTime = one.currentTime;
    if (one.ended) {
      go(0);
      for (const each of videos) each.play().catch(() => {});
    }
    requestAnimationFrame(keepTogether);
  }

  function show() {
    fill(button, icon(playing ? "pause" : "play"));
    button.setAttribute("aria-label", playing ? "Pause" : "Play");
  }

  function step(by) {
    stop();
    go(frame + by);
  }

  const node = h(
    "div",
    { class: "compare" },
    h("div", { class: "compare-head" }, h("h1", {}, "Compare"), layout.node),
    table,
    h(
      "div",
      { class: "transport", role: "group", "aria-label": "Both videos" },
      h("button", { class: "button bare", type: "button", "aria-label": "Previous frame", onclick: () => step(-1) }, icon("left")),
      button,
      h("button", { class: "button bare", type: "button", "aria-label": "Next frame", onclick: () => step(1) }, icon("right")),
      range,
      told,
    ),
    h("p", { class: "keys dim small" }, "Space plays · , and . step one frame · Home and End go to the ends"),
    differences(pair),
  );
  document.addEventListener("keydown", (event) => keyed(event), { signal });
  signal.addEventListener("abort", stop);

  function keyed(event) {
    if (event.target.matches("button, a, input:not([aria-label=Frame]), select") && event.key === " ") return;
    const act = { " ": () => (playing ? stop() : play()), ",": () => step(-1), ".": () => step(1), Home: () => step(-frames), End: () => step(frames) }[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  }

  const shapes = pair.map(({ artifacts: { video: file } }) => (file ? file.width_px / file.height_px : 16 / 9));
  table.style.setProperty("--wide", String(Math.max(...shapes)));
  lay("beside");
  show();
  say();
  return { node, title: "Compare", ready: () => go(0) };
}

function video(generation) {
  const { video: file, thumbnail } = generation.artifacts;
  return h("video", { src: file?.url, poster: thumbnail?.url, muted: true, playsinline: true, preload: "auto", "aria-label": heading(generation) });
}

function figure(one, generation, order) {
  return h(
    "figure",
    { class: order ? "second" : "first" },
    h("div", { class: "pair-frame" }, one),
    h("figcaption", {}, h("a", { href: `#/g/${generation.id}` }, heading(generation)), h("span", { class: "edge-print" }, edgePrint(generation))),
  );
}

const NAMES = {
  kind: "Kind", model: "Model", prompt: "Prompt", aspect_ratio: "Aspect ratio", resolution: "Resolution", duration_s: "Duration",
  loop: "Loop", expand_prompt: "Expand the prompt", negative_prompt: "Negative prompt", concepts: "Camera moves", seed: "Seed", mode: "Mode",
};

/** Return what was asked of the two differently. */
function differences([one, other]) {
  const said = (value) => {
    if (value === undefined) return "default";
    if (typeof value === "boolean") return value ? "yes" : "no";
    return Array.isArray(value) ? value.join(", ") : (KINDS[value] ?? String(value));
  };
  const rows = Object.entries(NAMES)
    .map(([name, words]) => [words, said(one.request[name]), said(other.request[name])])
    .filter(([, left, right]) => left !== right);
  if (rows.length === 0) return h("p", { class: "dim" }, "The requests are the same.");
  return h(
    "table",
    { class: "facts" },
    h("caption", {}, "Differences of the requests"),
    h("tbody", {}, rows.map(([words, left, right]) => h("tr", {}, h("th", { scope: "row" }, words), h("td", {}, left), h("td", {}, right)))),
  );
}
