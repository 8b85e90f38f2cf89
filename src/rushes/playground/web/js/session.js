/** Whose key the page speaks with: kept for the tab's session and nowhere else. */

import { h, fill } from "./dom.js";

const PLACE = "rushes.key";

let asking = null;

/** Return the headers that say who asks. */
export function credentials() {
  const key = sessionStorage.getItem(PLACE);
  return key ? { Authorization: `Bearer ${key}` } : {};
}

export function hasKey() {
  return sessionStorage.getItem(PLACE) !== null;
}

export function signOut() {
  sessionStorage.removeItem(PLACE);
  location.hash = "#/";
  location.reload(); // nothing of what was seen stays behind
}

/** Return once somebody has signed in; however many ask, one dialog is shown. */
export function signIn() {
  asking ??= shown().finally(() => {
    asking = null;
  });
  return asking;
}

function shown() {
  return new Promise((resolve) => {
    const wrong = h("p", { class: "wrong", id: "key-wrong", role: "alert" });
    const input = h("input", {
      id: "key",
      type: "password",
      autocomplete: "off",
      spellcheck: "false",
      required: true,
      autofocus: true,
      "aria-describedby": "key-about key-wrong",
    });
    const button = h("button", { class: "button main", type: "submit" }, "Sign in");
    const dialog = h(
      "dialog",
      { class: "dialog sign-in", "aria-labelledby": "sign-in-title", oncancel: (event) => event.preventDefault() },
      h(
        "form",
        {
          onsubmit: async (event) => {
            event.preventDefault();
            button.disabled = true;
            const why = await refusal(input.value.trim());
            button.disabled = false;
            if (why) {
              fill(wrong, why);
              input.select();
              return;
            }
            sessionStorage.setItem(PLACE, input.value.trim());
            dialog.close();
            dialog.remove();
            resolve();
          },
        },
        h("h2", { id: "sign-in-title" }, "Sign in"),
        h("label", { for: "key" }, "API key"),
        input,
        wrong,
        h(
          "p",
          { class: "dim small", id: "key-about" },
          "The server printed its first key when it started. To create another key, run ",
          h("code", {}, "rushes keys create NAME"),
          ". The key stays in this tab until you close it.",
        ),
        h("div", { class: "row end" }, button),
      ),
    );
    document.body.append(dialog);
    dialog.showModal();
  });
}

async function refusal(key) {
  if (!/^[\x21-\x7e]+$/.test(key)) return "This is not a key: a key has letters, digits and signs, without spaces.";
  try {
    const reply = await fetch("/api/v1/account", { headers: { Authorization: `Bearer ${key}` } });
    if (reply.ok) return null;
    if (reply.status === 401) return "The server does not know this key.";
    return `The server answered ${reply.status}. Try again in a moment.`;
  } catch {
    return "The server cannot be reached.";
  }
}
