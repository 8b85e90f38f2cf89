/** What the drafted shot may cost, where credits are on. */

import * as api from "../api.js";
import { fill, h } from "../dom.js";
import { request } from "../draft.js";

const WAIT_MS = 300;
const WORDS = "a shot"; // they cost nothing, so the price is known before there are any
const PICTURE =
  "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg==";

/** Return `{node, update}`; `update` asks anew, once the draft has been let be for a moment. */
export function price({ signal }) {
  const node = h("p", { class: "price small", role: "status" });
  const metered = api.credits(signal).then(
    (purse) => purse.is_metered,
    () => false,
  );
  let asking = new AbortController();

  async function update() {
    asking.abort();
    asking = new AbortController();
    const stop = AbortSignal.any([signal, asking.signal]);
    if (!(await metered)) return;
    await api.pause(WAIT_MS, stop);
    if (stop.aborted) return;
    const told = await quoted(stop);
    if (!stop.aborted) fill(node, told && sentence(told));
  }

  return { node, update };
}

/** Return the price of the draft; null where it cannot be had, of which the form says more. */
async function quoted(signal) {
  try {
    // A picture stands in for those of the draft: they may be large, and all cost the same.
    const { webhook_url: _, ...asked } = await request(async () => PICTURE);
    return await api.quote({ ...asked, prompt: WORDS }, signal);
  } catch {
    return null;
  }
}

function sentence({ price: most, balance, is_covered: isCovered }) {
  if (most === null) return "Costs nothing";
  const credits = `Costs up to ${most} ${Number(most) === 1 ? "credit" : "credits"}`;
  return isCovered ? credits : h("span", { class: "wrong" }, `${credits}, but only ${balance} are left`);
}
