/** What became true of a generation, one below the other, with the attempts at it. */

import { h } from "../dom.js";
import { clock, day, eventWords, outcomeWords, sentence, took } from "../words.js";

export function timeline(events, attempts) {
  return h(
    "section",
    { class: "timeline" },
    h("h2", {}, "History"),
    h("ol", {}, events.map((event, order) => item(event, events[order - 1]))),
    attempts.length > 0 && [
      h("h2", {}, attempts.length === 1 ? "One attempt" : `${attempts.length} attempts`),
      h("ol", { class: "attempts" }, attempts.map(attempt)),
    ],
  );
}

function item(event, before) {
  return h(
    "li",
    { class: event.state },
    h("time", { datetime: event.at, title: day(event.at) }, clock(event.at)),
    h(
      "span",
      {},
      h("strong", {}, eventWords(event.type)),
      before && h("span", { class: "dim" }, ` after ${took(before.at, event.at)}`),
    ),
  );
}

function attempt(one) {
  return h(
    "li",
    {},
    h("span", { class: "dim" }, `${one.number}.`),
    h(
      "span",
      {},
      h("strong", {}, one.channel),
      ` ${outcomeWords(one.outcome)}`,
      one.ended_at && h("span", { class: "dim" }, ` in ${took(one.started_at, one.ended_at)}`),
      one.failure && h("span", { class: "wrong" }, ` ${sentence(one.failure.message)}`),
    ),
  );
}
