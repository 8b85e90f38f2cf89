/** The dialog that shows a request as code, in each API and language. */

import { openDialog } from "../dialog.js";
import { fill, h, icon } from "../dom.js";
import { attempt, notice } from "../notices.js";
import { asBlob } from "../pictures.js";
import { hasKey } from "../session.js";
import { DIALECTS, FilePicture } from "./dialects.js";
import { LANGUAGES, filesOf } from "./languages.js";

const chosen = { dialect: "native", language: "curl" };

/**
 * Open the dialog for a draft.
 *
 * `asking` makes its request, given a function that says how a picture is written. The key is never
 * shown: the code takes it from the environment.
 */
export async function showCode(asking) {
  const pictures = new Map();
  const asked = await attempt(() =>
    asking((picture, ratio, end) => {
      pictures.set(`${end}.jpg`, [picture, ratio]);
      return new FilePicture(`${end}.jpg`);
    }),
  );
  if (!asked) return;
  const code = h("code", {});
  const about = h("div", { class: "code-about small dim" });
  const dialects = h("div", { class: "tabs", role: "group", "aria-label": "API" });
  const languages = h("div", { class: "tabs", role: "group", "aria-label": "Language" });

  function show() {
    const dialect = DIALECTS.find(({ name }) => name === chosen.dialect);
    const spoken = LANGUAGES.filter(({ only }) => !only || only === dialect.name);
    const language = spoken.find(({ name }) => name === chosen.language) ?? spoken[0];
    const told = dialect.told(asked);
    fill(dialects, tabs(DIALECTS, dialect, "dialect"));
    fill(languages, tabs(spoken, language, "language"));
    fill(code, told.body ? language.write({ dialect, told, asked, origin: location.origin, hasKey: hasKey() }) : "");
    fill(about, told.body ? notes(dialect, told) : "The page has no code for this kind of request in this API.");
  }

  function tabs(all, current, what) {
    return all.map(({ name, label }) =>
      h(
        "button",
        {
          type: "button",
          class: "tab",
          "aria-pressed": String(name === current.name),
          onclick: () => {
            chosen[what] = name;
            show();
            (what === "dialect" ? dialects : languages).querySelector("[aria-pressed=true]").focus();
          },
        },
        label,
      ),
    );
  }

  function notes(dialect, told) {
    const files = filesOf(told.body).map(({ file }) => file);
    return [
      h("p", {}, dialect.about),
      told.cannot.length > 0 && h("p", { class: "reason" }, `This API has no field for these, so the code leaves them out: ${told.cannot.join("; ")}.`),
      files.length > 0 &&
        h("p", {}, "The code reads ", files.flatMap((file, order) => [order > 0 && " and ", saved(file)]), " from its own folder."),
    ];
  }

  function saved(file) {
    const [picture, ratio] = pictures.get(file);
    return h("button", { type: "button", class: "link", onclick: async () => save(await asBlob(picture, ratio), file) }, file);
  }

  openDialog(
    "The same request as code",
    () => [
      dialects,
      languages,
      h(
        "div",
        { class: "code" },
        h("button", { type: "button", class: "button quiet copy", onclick: () => copy(code.textContent) }, icon("copy"), "Copy"),
        h("pre", { tabindex: "0", "aria-label": "Code" }, code),
      ),
      about,
    ],
    { wide: true },
  );
  show();
}

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    notice("Copied");
  } catch {
    notice("The browser does not allow the page to copy. Select the code and copy it.", { bad: true });
  }
}

function save(blob, name) {
  const url = URL.createObjectURL(blob);
  h("a", { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}
