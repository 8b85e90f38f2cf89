/** What lies on the light table: the one generation that Create shows, and who wants to know. */

export const table = new EventTarget();

/** The generation shown, as last heard of; null for none. */
table.shown = null;

/** Lay a generation on the table, or clear it with null. */
table.lay = (generation) => {
  table.shown = generation;
  table.dispatchEvent(new Event("laid"));
};

/** Say that the draft has become another, so that its form is filled in anew. */
table.drafted = () => table.dispatchEvent(new Event("drafted"));

/** Go to Create, wherever one is. */
export function goToTable() {
  if (location.hash === "" || location.hash === "#/") window.scrollTo({ top: 0 });
  else location.hash = "#/";
}
