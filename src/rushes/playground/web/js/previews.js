/** The latest picture of each generation that is under way: its rough frame, then the frames as they are drawn. */

const MOST = 24;
const ENDING = 0.9;
const latest = new Map();
const links = new Map();

/** Return the picture's place in a page: an image that follows its generation, hidden while there is none. */
export function mark(image, id) {
  image.dataset.preview = id;
  image.hidden = !latest.has(id);
  if (latest.has(id)) image.src = latest.get(id);
  return image;
}

/** Keep a picture for a generation and show it wherever it is on the page; the oldest are forgotten. */
export function keepPreview(id, blob) {
  const before = latest.get(id);
  const url = URL.createObjectURL(blob);
  latest.delete(id);
  latest.set(id, url);
  for (const image of document.querySelectorAll(`img[data-preview="${id}"]`)) mark(image, id);
  if (before) URL.revokeObjectURL(before);
  for (const old of [...latest.keys()].slice(0, Math.max(0, latest.size - MOST))) {
    URL.revokeObjectURL(latest.get(old));
    latest.delete(old);
    links.delete(old);
  }
}

/**
 * Fetch the frame that is being drawn, if it is a new one.
 *
 * The server removes it when the render ends, so the last ones are not worth a request that may fail.
 */
export async function followPreview({ id, preview, progress }) {
  if (!preview || progress > ENDING || links.get(id) === preview) return;
  links.set(id, preview);
  const { pathname, search } = new URL(preview, location.origin);
  const reply = await fetch(pathname + search).catch(() => null); // the picture before stays
  if (reply?.ok && links.get(id) === preview) keepPreview(id, await reply.blob());
}
