/** What was used, day by day: bars, and the same in figures. */

import { h, svg } from "../dom.js";
import { count } from "../words.js";

const DAYS = 30;
const DAY_MS = 86_400_000;
const WIDE = 10;
const TALL = 80;

/** Return the first day that is shown, as the API wants it. */
export const firstDay = () => iso(Date.now() - (DAYS - 1) * DAY_MS);

const iso = (at) => new Date(at).toISOString().slice(0, 10);

/** Return the plot of the last days and a table by account and model. */
export function usagePlot(used) {
  const days = Array.from({ length: DAYS }, (_, order) => iso(Date.now() - (DAYS - 1 - order) * DAY_MS));
  const byDay = new Map(days.map((day) => [day, { done: 0, other: 0 }]));
  for (const { day, state, count: number } of used) {
    const one = byDay.get(day);
    if (one) one[state === "completed" || state === "expired" ? "done" : "other"] += number;
  }
  const most = Math.max(1, ...[...byDay.values()].map(({ done, other }) => done + other));
  const total = used.reduce((sum, one) => sum + one.count, 0);
  return h(
    "section",
    { class: "usage stack" },
    h("h2", {}, "Usage", h("span", { class: "dim" }, ` in ${DAYS} days: ${count(total)} ${total === 1 ? "generation" : "generations"}`)),
    bars(byDay, most),
    total > 0 && table(used),
  );
}

function bars(byDay, most) {
  const shapes = [...byDay.values()].flatMap(({ done, other }, order) => {
    const high = (number) => (number / most) * (TALL - 2);
    const x = order * WIDE + 1;
    return [
      ["rect", { class: "bar-base", x, y: TALL - 1, width: WIDE - 2, height: 1 }],
      ["rect", { class: "bar-other", x, y: TALL - high(done) - high(other), width: WIDE - 2, height: high(other) }],
      ["rect", { class: "bar-done", x, y: TALL - high(done), width: WIDE - 2, height: high(done) }],
    ];
  });
  const drawing = svg({ class: "bars", viewBox: `0 0 ${DAYS * WIDE} ${TALL}`, preserveAspectRatio: "none" }, ...shapes);
  return h(
    "figure",
    { class: "plot" },
    drawing,
    h("figcaption", { class: "dim small" }, "Yellow: completed. Above it: failed and cancelled. The table shows the figures."),
  );
}

function table(used) {
  const rows = new Map();
  for (const { account, model, state, count: number, credits } of used) {
    const row = rows.get(`${account} ${model}`) ?? { account, model, completed: 0, failed: 0, cancelled: 0, credits: 0 };
    row[state === "expired" ? "completed" : state] += number;
    row.credits += Number(credits);
    rows.set(`${account} ${model}`, row);
  }
  const names = ["Account", "Model", "Completed", "Failed", "Cancelled", "Credits"];
  return h(
    "div",
    { class: "scrolls", tabindex: "0", role: "region", "aria-label": "Usage in figures" },
    h(
      "table",
      { class: "rows" },
      h("thead", {}, h("tr", {}, names.map((name) => h("th", { scope: "col" }, name)))),
      h(
        "tbody",
        {},
        [...rows.values()].map(({ account, model, completed, failed, cancelled, credits }) =>
          h("tr", {}, [account, model, count(completed), count(failed), count(cancelled), String(Number(credits.toFixed(6)))].map((text) => h("td", {}, text))),
        ),
      ),
    ),
  );
}
