/* Names that the place search suggests while one is typed, out of those that the map writes: nothing
 * is asked of the server for it. Serves the step "page ↔ map layer". Adds `suggest` to
 * globalThis.IncidentPage. */
"use strict";
globalThis.IncidentPage.suggest = (function () {
  const MOST = 8;
  const LIST = "place-suggestions";

  /** A name without accents, hyphens and case: what is typed is compared like that. */
  function folded(text) {
    return text.normalize("NFKD").replace(/\p{M}|[’'ʿʾ]/gu, "").replace(/[-‐\s]+/g, " ").trim().toLowerCase();
  }

  /** [{value, keys}] of the names, the important first; a value is what the search understands. */
  function entries({ towns, areas }) {
    const province = (id) => areas["prov:" + id.split(":")[1].split("/")[0]]?.[0];
    const entry = (id, [en, ...others]) => {
      const within = province(id);
      const value = within && within !== en && !id.startsWith("prov:") ? `${en}, ${within}` : en;
      return { value, keys: [en, ...others].filter(Boolean).map(folded) };
    };
    const found = [
      ...Object.entries(areas).filter(([id]) => id.startsWith("prov:")),
      ...towns.map(({ id, en, fa, ps }) => [id, [en, fa, ps]]),
      ...Object.entries(areas).filter(([id]) => !id.startsWith("prov:")),
    ].map(([id, names]) => entry(id, names));
    return [...new Map(found.reverse().map((one) => [one.value, one])).values()].reverse();
  }

  /** The values that what is typed may become: those that begin so, then those with a word that does. */
  function matching(list, typed) {
    const start = folded(typed);
    if (start.length < 2) return [];
    const begins = list.filter(({ keys }) => keys.some((key) => key.startsWith(start)));
    const within = list.filter(({ keys }) => keys.some((key) => key.includes(" " + start)));
    return [...new Set([...begins, ...within].map(({ value }) => value))].slice(0, MOST);
  }

  /** Suggests names under a search field; the names are fetched when it is first entered. */
  function attach(field, namesUrl) {
    if (!field || field.getAttribute("list") === LIST) return;
    const options = document.getElementById(LIST) || document.createElement("datalist");
    options.id = LIST;
    document.body.append(options);
    field.setAttribute("list", LIST);
    field.autocomplete = "off";
    let names = null;
    const show = async () => {
      names ??= globalThis.IncidentPage.askJson(namesUrl).then(entries, () => []);
      const list = matching(await names, field.value);
      options.replaceChildren(
        ...list.map((value) => Object.assign(document.createElement("option"), { value })),
      );
    };
    field.addEventListener("focus", show);
    field.addEventListener("input", (event) => {
      show();
      // A name that was chosen is looked for at once; Chromium and Firefox tell it from typing so.
      if (event.inputType && event.inputType !== "insertReplacementText") return;
      const enter = { key: "Enter", keyCode: 13, bubbles: true };
      setTimeout(() => field.dispatchEvent(new KeyboardEvent("keydown", enter)));
    });
  }

  return { attach, entries, matching };
})();
