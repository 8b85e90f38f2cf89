/** The drawer of everything that can be put on the stage, to be searched by name. */

import { openDialog } from "../dialog.js";
import { fill, h } from "../dom.js";
import { named } from "../shot_plan.js";

const SHOWN = 60;

/** Open the drawer; `onchoose` gets the name of the subject that was chosen. */
export function openSubjects(names, onchoose, title = "Add a subject") {
  const list = h("ul", { class: "subjects", "aria-label": "Subjects" });
  const told = h("p", { class: "dim small", role: "status" });
  const search = h("input", {
    type: "search",
    id: "subject-search",
    autocomplete: "off",
    placeholder: "dog, lantern, castle",
    oninput: show,
    onkeydown: (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault();
      list.querySelector("button")?.click();
    },
  });

  function show() {
    const found = matching(names, search.value);
    fill(list, found.slice(0, SHOWN).map((name) => h("li", {}, h("button", { type: "button", class: "chip on", onclick: () => choose(name) }, named(name)))));
    fill(told, found.length > SHOWN ? `${found.length} subjects, of which ${SHOWN} are listed: search for the others` : `${found.length || "No"} ${found.length === 1 ? "subject" : "subjects"}`);
  }

  function choose(name) {
    dialog.close();
    onchoose(name);
  }

  const dialog = openDialog(title, () => [h("div", {}, h("label", { for: search.id }, "Search by name"), search), told, list]);
  show();
  search.focus();
}

/** Return the names that have each word searched for; those that begin with it first. */
export function matching(names, text) {
  const words = text.toLowerCase().split(/[\s-]+/).filter(Boolean);
  const found = names.filter((name) => words.every((word) => name.includes(word)));
  const rank = (name) => (name === words.join("-") ? 0 : name.startsWith(words[0] ?? "") ? 1 : 2);
  return found.sort((one, other) => rank(one) - rank(other) || one.localeCompare(other));
}
