/** Aspect ratios, drawn. */

import { svg } from "../dom.js";
import { shape } from "../pictures.js";

const LONG = 20;

/** Return a small drawing of a frame of this ratio; of none, a dashed square. */
export function ratioPicture(ratio) {
  const wide = shape(ratio) ?? 1.2;
  const width = wide >= 1 ? LONG : LONG * wide;
  const height = wide >= 1 ? LONG / wide : LONG;
  return svg({ class: ratio ? "ratio" : "ratio open", viewBox: "0 0 24 24" }, [
    "rect",
    { x: 12 - width / 2, y: 12 - height / 2, width, height, rx: 1.5 },
  ]);
}
