/** Builds the page's elements without ever reading HTML from text. */

const PROPERTIES = new Set(["checked", "disabled", "muted", "value", "loop", "open", "indeterminate"]);
const SVG = "http://www.w3.org/2000/svg";

/**
 * Return an element.
 *
 * `on...` listens, a true value is an attribute without text, and null, undefined and false are left
 * out, among the children as well.
 */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) set(element, name, value);
  element.append(...children.flat(Infinity).filter((one) => one != null && one !== false));
  return element;
}

function set(element, name, value) {
  if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
  else if (PROPERTIES.has(name)) element[name] = value ?? false;
  else if (name === "data") Object.assign(element.dataset, value);
  else if (value === true) element.setAttribute(name, "");
  else if (value != null && value !== false) element.setAttribute(name, value);
}

/** Replace what is in an element; empty text leaves it empty. */
export function fill(element, ...children) {
  element.replaceChildren(...children.flat(Infinity).filter((one) => one != null && one !== false && one !== ""));
  return element;
}

/** Replace what is in an element; what had the focus has it again, found by its `data-key`. */
export function refill(element, ...children) {
  const key = element.contains(document.activeElement) ? document.activeElement.dataset.key : undefined;
  fill(element, ...children);
  if (key !== undefined) element.querySelector(`[data-key="${CSS.escape(key)}"]`)?.focus();
  return element;
}

/** Return a drawing; `shapes` are `[tag, attributes]`. */
export function svg(attributes, ...shapes) {
  const drawn = shapes.map(([tag, told]) => drawing(tag, told));
  const element = drawing("svg", { "aria-hidden": "true", focusable: "false", ...attributes });
  element.append(...drawn);
  return element;
}

function drawing(tag, attributes) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
}

/** Lines on a grid of 24, each the `d` of a path. */
const LINES = {
  play: "M7 5v14l12-7z",
  pause: "M8 5v14M16 5v14",
  download: "M12 4v11m0 0-4.5-4.5M12 15l4.5-4.5M5 20h14",
  extend: "M4 6v12M8 12h12m0 0-4-4m4 4-4 4",
  remix: "M4 8h11a5 5 0 0 1 0 10H8m0 0 3-3m-3 3 3 3M7 5 4 8l3 3",
  reframe: "M6 2v16h16M2 6h16v16",
  upscale: "M4 20 20 4m0 0h-7m7 0v7M4 13v7h7",
  sound: "M5 10v4h3l5 4V6l-5 4zM16.5 9a4 4 0 0 1 0 6M19 6.5a8 8 0 0 1 0 11",
  code: "m8 7-5 5 5 5m8-10 5 5-5 5M14 4l-4 16",
  stop: "M6 6h12v12H6z",
  again: "M20 12a8 8 0 1 1-2.3-5.6M20 4v4h-4",
  remove: "M5 7h14M10 7V4h4v3m-7 0 1 13h8l1-13",
  close: "m6 6 12 12M18 6 6 18",
  image: "M4 5h16v14H4zm0 11 5-5 4 4 3-3 4 4M15.5 9.5h.01",
  crop: "M7 3v14h14M3 7h14v14",
  dice: "M5 5h14v14H5zM9 9h.01M15 15h.01M15 9h.01M9 15h.01M12 12h.01",
  theme: "M12 4a8 8 0 1 0 0 16zM12 4a8 8 0 0 1 0 16",
  key: "M14 10a4 4 0 1 1-3.2 6.4L3 16v-3h7.3A4 4 0 0 1 14 10zm1 4h.01",
  copy: "M9 9h11v11H9zM5 15H4V4h11v1",
  compare: "M4 5h7v14H4zm9 0h7v14h-7z",
  search: "M10.5 4a6.5 6.5 0 1 1 0 13 6.5 6.5 0 0 1 0-13zM20 20l-4.8-4.8",
  left: "m14 6-6 6 6 6",
  right: "m10 6 6 6-6 6",
  out: "M14 4h6v6m0-6-9 9M18 14v6H4V6h6",
  check: "m5 12.5 4.5 4.5L19 7.5",
  plus: "M12 5v14M5 12h14",
  minus: "M5 12h14",
  undo: "M4 9h10a5 5 0 0 1 0 10H8M4 9l4-4M4 9l4 4",
  redo: "M20 9H10a5 5 0 0 0 0 10h6M20 9l-4-4M20 9l-4 4",
  flip: "M12 4v16M9 8v8H3zM15 8v8h6z",
  film: "M4 4h16v16H4zM8 4v16M16 4v16M4 9h4M4 15h4M16 9h4M16 15h4",
};

/** Return one of the icons; it says nothing to who cannot see it. */
export function icon(name) {
  return svg({ class: "icon", viewBox: "0 0 24 24" }, ["path", { d: LINES[name] }]);
}
