/** Begins: what stands at the page's top, and which view is shown at which address. */

import * as api from "./api.js";
import { fill, h, icon } from "./dom.js";
import { hasKey, signOut } from "./session.js";
import { capital, sentence } from "./words.js";
import { compare } from "./views/compare.js";
import { create } from "./views/create.js";
import { detail } from "./views/detail.js";
import { gallery } from "./views/gallery.js";
import { operate } from "./views/operate.js";
import { webhooks } from "./views/webhooks.js";

const VIEWS = [
  { path: /^\/$/, view: create, name: "Create", at: "#/" },
  { path: /^\/gallery$/, view: gallery, name: "Gallery", at: "#/gallery" },
  { path: /^\/g\/([\w-]+)$/, view: detail, at: "#/gallery" },
  { path: /^\/webhooks$/, view: webhooks, name: "Webhooks", at: "#/webhooks" },
  { path: /^\/operate$/, view: operate, name: "Operate", at: "#/operate", isFor: ({ operates }) => operates },
  { path: /^\/compare\/([\w-]+)\/([\w-]+)$/, view: compare, at: "#/gallery" },
];
const THEMES = ["auto", "light", "dark"];
const THEME_PLACE = "rushes.theme";

let leaving = new AbortController();

async function go() {
  leaving.abort();
  leaving = new AbortController();
  const { signal } = leaving;
  for (const dialog of document.querySelectorAll("dialog[open]:not(.sign-in)")) dialog.close(); // it was of the view before
  const [path, query] = (location.hash.slice(1) || "/").split("?");
  const found = VIEWS.map((one) => ({ ...one, match: one.path.exec(path) })).find(({ match }) => match);
  const place = document.getElementById("view");
  mark(found?.at);
  if (!found) {
    location.replace("#/");
    return;
  }
  try {
    const shown = await found.view({ parameters: found.match.slice(1), query: new URLSearchParams(query), signal });
    if (signal.aborted) return;
    document.title = `${shown.title} · rushes`;
    fill(place, shown.node);
    shown.ready?.();
  } catch (error) {
    if (signal.aborted) return;
    document.title = "rushes";
    fill(place, trouble(error));
  }
}

function trouble(error) {
  if (!(error instanceof api.Problem)) console.error(error);
  return h(
    "section",
    { class: "trouble" },
    h("h1", {}, error.status === 404 ? "Not found" : "Something went wrong"),
    h("p", {}, sentence(error.message)),
    error.requestId && h("p", { class: "dim small" }, "Request ", h("code", {}, error.requestId)),
    h("p", {}, h("button", { class: "button", type: "button", onclick: go }, icon("again"), "Try again")),
  );
}

/** Show the page's top; `whose` says what the key may do, and `purse` what it may spend, once that is known. */
function top(whose = {}, purse = null) {
  fill(
    document.getElementById("top"),
    h("a", { class: "brand", href: "#/" }, h("img", { src: document.querySelector("link[rel=icon]").href, alt: "", width: "24", height: "24" }), "rushes"),
    h("nav", { "aria-label": "Pages" }, VIEWS.filter(({ name, isFor }) => name && (!isFor || isFor(whose))).map(({ name, at }) => h("a", { href: at }, name))),
    h(
      "div",
      { class: "top-end" },
      purse && h("p", { class: "purse small", title: `${purse.held} more are held for generations in progress` }, `${purse.balance} credits`),
      h("a", { class: "button quiet", href: "/docs" }, "API"),
      themeButton(),
      hasKey() && h("button", { class: "button quiet", type: "button", onclick: signOut }, icon("key"), h("span", {}, "Sign out")),
    ),
  );
}

function mark(at) {
  for (const link of document.querySelectorAll("#top nav a")) {
    if (link.getAttribute("href") === at) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
}

function themeButton() {
  const button = h("button", { class: "button quiet bare", type: "button", onclick: next }, icon("theme"));
  function show(theme) {
    document.documentElement.dataset.theme = theme;
    button.title = `Theme: ${theme}`;
    button.setAttribute("aria-label", `Theme: ${capital(theme)}. Change theme`);
  }
  function next() {
    const theme = THEMES[(THEMES.indexOf(document.documentElement.dataset.theme) + 1) % THEMES.length];
    localStorage.setItem(THEME_PLACE, theme);
    show(theme);
  }
  const kept = localStorage.getItem(THEME_PLACE);
  show(THEMES.includes(kept) ? kept : "auto");
  return button;
}

async function begin() {
  top();
  // This asks for a key where one is needed, before anything is shown.
  const whose = await api.account().catch(() => ({}));
  top(whose);
  const purse = await api.credits().catch(() => null);
  if (purse?.is_metered) top(whose, purse);
  addEventListener("hashchange", async () => {
    await go();
    document.getElementById("view").focus({ preventScroll: true });
    scrollTo({ top: 0 });
  });
  await go();
}

begin();
