/** The latest picture of each generation that is under way, by its id. */

const MOST = 24;
const latest = new Map();

/** Keep a picture's address for a generation; the oldest are forgotten. */
export function keepPreview(id, url) {
  const before = latest.get(id);
  if (before === url) return;
  forget(id);
  latest.set(id, url);
  for (const old of [...latest.keys()].slice(0, Math.max(0, latest.size - MOST))) forget(old);
}

export const previewOf = (id) => latest.get(id) ?? null;

function forget(id) {
  const url = latest.get(id);
  latest.delete(id);
  if (url?.startsWith("blob:")) URL.revokeObjectURL(url);
}
