/** What was told by webhook: how often it was tried, what came back, and a way to tell it again. */

import * as api from "../api.js";
import { h, icon } from "../dom.js";
import { attempt, notice } from "../notices.js";
import { clock, day, eventWords, sentence, shortId } from "../words.js";

const STATES = { pending: "pending", delivered: "delivered", held: "held: the webhook is disabled", failed: "given up" };
const DOTS = { delivered: "completed", pending: "running", held: "failed", failed: "failed" };

/** Return the webhooks of one generation; `ontold` is called when one was sent on its way again. */
export function deliveries(all, ontold) {
  return h(
    "section",
    { class: "deliveries" },
    h("h2", {}, "Webhooks"),
    all.length === 0 && h("p", { class: "dim" }, "Nothing has been sent yet."),
    h("ul", {}, all.map((one) => delivery(one, ontold))),
  );
}

/** Return one delivery; `of` says that it tells of which generation, where that is not plain. */
export function delivery(one, ontold, { of = false } = {}) {
  const tries = one.tries.length;
  return h(
    "li",
    { data: { id: one.id } },
    h(
      "div",
      { class: "delivery-head" },
      h(
        "span",
        { class: `state ${DOTS[one.state] ?? ""}` },
        h("strong", {}, eventWords(one.event)),
        of && [" ", h("a", { href: `#/g/${one.generation_id}` }, shortId(one.generation_id))],
        ` · ${STATES[one.state] ?? one.state}`,
        tries > 1 && ` after ${tries} tries`,
      ),
      h(
        "button",
        {
          class: "button",
          type: "button",
          disabled: one.state === "pending" || one.state === "held",
          onclick: () =>
            attempt(async () => {
              await api.redeliver(one.id);
              notice("Sending it again");
              await ontold();
            }),
        },
        icon("again"),
        "Send again",
      ),
    ),
    h("p", { class: "dim small url" }, one.url),
    tries > 0 && h("details", {}, h("summary", { class: "small" }, tries === 1 ? "1 try" : `${tries} tries`), h("ol", {}, one.tries.map(tried))),
    one.state === "pending" && one.next_at && h("p", { class: "dim small" }, `Next try: ${day(one.next_at)}`),
  );
}

/** Return what came of one try. */
export function tried({ at, status, error, answer, took_s }) {
  return h(
    "li",
    { class: "small" },
    h("time", { datetime: at }, clock(at)),
    ` ${status ?? "no answer"} in ${Math.round(took_s * 1000)} ms`,
    error && h("span", { class: "wrong" }, ` ${sentence(error)}`),
    answer && h("pre", { tabindex: "0", "aria-label": "Response" }, answer),
  );
}
