/** A dialog in which a picture is moved and enlarged behind a frame of the chosen shape. */

import { openDialog } from "../dialog.js";
import { h } from "../dom.js";
import { crop, draw } from "../pictures.js";

const SHOWN_PX = 960;
const STEP = 0.02;
const MOST_ZOOM = 6;
const MOVES = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/** Open the dialog; `ondone` gets the picture with its new crop. */
export function openCrop(label, picture, ratio, ondone) {
  const now = { ...picture };
  const canvas = h("canvas", {
    class: "crop-canvas",
    role: "img",
    tabindex: "0",
    "aria-label": "Crop area: arrow keys move it, plus and minus change its size",
    onkeydown: moved,
    onpointerdown: (event) => canvas.setPointerCapture(event.pointerId),
    onpointermove: (event) => event.buttons && shift(-event.movementX / canvas.clientWidth, -event.movementY / canvas.clientHeight),
    onwheel: (event) => {
      event.preventDefault();
      enlarge(now.zoom * (event.deltaY < 0 ? 1.06 : 1 / 1.06));
    },
  });
  const range = h("input", {
    type: "range",
    id: "crop-zoom",
    min: "1",
    max: String(MOST_ZOOM),
    step: "0.01",
    value: now.zoom,
    oninput: () => enlarge(Number(range.value)),
  });

  function show() {
    draw(canvas, now, ratio, SHOWN_PX);
    range.value = now.zoom;
  }

  /** Move by shares of what is shown. */
  function shift(across, down) {
    const part = crop(now, ratio);
    const { width, height } = now.bitmap;
    now.x = (part.x + part.width / 2 + across * part.width) / width;
    now.y = (part.y + part.height / 2 + down * part.height) / height;
    const held = crop(now, ratio); // kept within the picture, so that the way back is as long
    now.x = (held.x + held.width / 2) / width;
    now.y = (held.y + held.height / 2) / height;
    show();
  }

  function enlarge(zoom) {
    now.zoom = Math.min(Math.max(zoom, 1), MOST_ZOOM);
    shift(0, 0);
  }

  function moved(event) {
    const move = MOVES[event.key];
    if (move) shift(move[0] * STEP, move[1] * STEP);
    else if (event.key === "+" || event.key === "=") enlarge(now.zoom * 1.1);
    else if (event.key === "-") enlarge(now.zoom / 1.1);
    else return;
    event.preventDefault();
  }

  openDialog(
    `Crop the ${label.toLowerCase()} to ${ratio}`,
    (close) => [
      h("div", { class: "crop" }, canvas),
      h(
        "div",
        { class: "row" },
        h("label", { for: "crop-zoom" }, "Enlarge"),
        range,
        h(
          "button",
          {
            class: "button main",
            type: "button",
            onclick: () => {
              ondone(now);
              close();
            },
          },
          "Crop",
        ),
      ),
    ],
    { wide: true },
  );
  show();
  canvas.focus();
}
