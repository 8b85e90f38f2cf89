/** What a generation's picture shows and what of its prompt it does not, to be read and not changed. */

import { h } from "../dom.js";
import { clipOf, memberName, movePhrase, named } from "../shot_plan.js";
import { sentence } from "../words.js";

/** Return a section about a plan; `request` says how long the clip is. */
export function planSummary(plan, request) {
  const moves = plan.camera.length ? plan.camera.map((one) => movePhrase(one, clipOf(request))) : ["slow push"];
  const told = [...plan.cast.map(memberName), ...[plan.set, plan.time, plan.framing, ...plan.effects].map(named), ...moves];
  return h(
    "section",
    { class: "plan-summary", "aria-label": "What it shows" },
    h("ul", { class: "chip-row" }, told.map((one) => h("li", { class: "chip still" }, one))),
    plan.not_shown.length > 0 &&
      h("ul", { class: "not-shown small dim" }, plan.not_shown.map(({ words, reason }) => h("li", {}, "Not shown: ", h("s", {}, words), ". ", sentence(reason)))),
  );
}
