/* The standalone page's filters: what is chosen, what it keeps, and how it says itself.
 * A plain script: it adds `filters` to globalThis.Standalone. */
"use strict";
/* `change(part)` is called with what was chosen anew, `clear()` when all is to be lifted. */
/* `shown` are the parts whose words each incident lists in the same order. */
globalThis.Standalone.filters = function ({ all, labels, shown, change, clear }) {
  const M = globalThis.TileMath;
  const make = globalThis.IncidentPanel.make;
  const byId = (id) => document.getElementById(id);
  const KINDS = globalThis.IncidentStyle.KIND_ORDER;
  const SEVERAL = "\n"; // between the codes of an option that stands for several

  const searched = new Map(
    all.map((i) => [
      i,
      [i.title, i.place_text, i.place_name, i.district, i.province, i.target, ...i.shown.flat(), ...i.notes,
        ...i.actors.map((a) => labels.actors[a] || a)]
        .filter(Boolean).join("\n").normalize("NFKC").toLocaleLowerCase(),
    ]),
  ); // prettier-ignore

  // Lists of codes: one of them is enough. A link can choose several where the page offers one.
  const LISTS = ["province", "actor", "type", "kinds", ...shown.map(({ part }) => part)];
  const chosen = { q: "", from: null, to: null };
  for (const name of LISTS) chosen[name] = [];
  const holds = (name, codes) => !chosen[name].length || codes.some((code) => chosen[name].includes(code));
  const PARTS = {
    ...Object.fromEntries(shown.map(({ part }, at) => [part, (i) => holds(part, i.shown[at])])),
    province: (i) => holds("province", [i.province]),
    actor: (i) => holds("actor", i.actors),
    type: (i) => holds("type", [i.event_type]),
    kinds: (i) => holds("kinds", [i.kind]),
    q: (i) => wordsOf(chosen.q).every((word) => searched.get(i).includes(word)),
    time: (i) => M.overlap(i.from, i.to, M.dayNumber(chosen.from), M.dayNumber(chosen.to)) !== "out",
  };
  const wordsOf = (q) => q.normalize("NFKC").toLocaleLowerCase().split(/\s+/).filter(Boolean);
  const kept = (...without) => {
    const tests = Object.entries(PARTS).filter(([name]) => !without.includes(name));
    return all.filter((incident) => tests.every(([, test]) => test(incident)));
  };

  const form = byId("filters");
  const selects = {};
  function build() {
    const search = make("input", { type: "search", id: "q", autocomplete: "off" });
    search.addEventListener("input", () => change({ q: search.value }));
    form.append(make("label", { for: "q", text: "Words" }), search);
    const select = (name, title) => {
      const box = make("select", { id: name });
      box.addEventListener("change", () => change({ [name]: box.value.split(SEVERAL).filter(Boolean) }));
      selects[name] = box;
      form.append(make("label", { for: name, text: title }), box);
    };
    select("province", "Province");
    select("actor", "Group named");
    const group = make("fieldset", {}, [make("legend", { text: "Attribution" })]);
    for (const kind of KINDS.filter((k) => all.some((i) => i.kind === k))) {
      const box = make("input", { type: "checkbox", value: kind, name: "kind" });
      box.addEventListener("change", () => {
        const others = chosen.kinds.filter((code) => code !== kind);
        change({ kinds: box.checked ? [...others, kind] : others });
      });
      const number = make("span", { className: "count", "data-kind": kind });
      group.append(make("label", {}, [
        box, make("span", { className: "swatch kind-" + kind, "aria-hidden": "true" }),
        make("span", { text: labels.kinds[kind] || kind }), number,
      ])); // prettier-ignore
    }
    form.append(group);
    select("type", "Event type");
    for (const { part, heading } of shown) select(part, heading);
    form.append(make("button", { type: "button", id: "clear", text: "Clear all", on: { click: clear } }));
    form.addEventListener("submit", (event) => event.preventDefault());
    byId("drawer").open = matchMedia("(min-width: 761px)").matches;
  }

  /** Options of the selects, each with the number it would leave under the other filters. */
  function count() {
    const tally = (incidents, codes) => {
      const counts = new Map();
      for (const incident of incidents) {
        for (const code of codes(incident)) counts.set(code, (counts.get(code) || 0) + 1);
      }
      return counts;
    };
    const fill = (name, codes, label, everything) => {
      const counts = tally(kept(name), codes);
      for (const code of chosen[name]) if (!counts.has(code)) counts.set(code, 0);
      const sorted = [...counts].sort((a, b) => b[1] - a[1] || (label(a[0]) < label(b[0]) ? -1 : 1));
      const options = sorted.map(([code, count]) =>
        make("option", { value: code, text: `${label(code)} (${count})` }),
      );
      const several = chosen[name].join(SEVERAL);
      if (chosen[name].length > 1) {
        options.unshift(make("option", { value: several, text: chosen[name].map(label).join(" or ") }));
      }
      selects[name].replaceChildren(make("option", { value: "", text: everything }), ...options);
      selects[name].value = several;
    };
    fill("province", (i) => (i.province ? [i.province] : []), (code) => code, "all provinces");
    fill("actor", (i) => i.actors, (code) => labels.actors[code] || code, "any or none");
    fill("type", (i) => [i.event_type], (code) => labels.event_types[code] || code, "all types");
    shown.forEach(({ part }, at) => fill(part, (i) => i.shown[at], (words) => words, "any"));
    const kinds = tally(kept("kinds"), (i) => [i.kind]);
    for (const span of form.querySelectorAll(".count")) {
      span.textContent = String(kinds.get(span.dataset.kind) || 0);
    }
    const lists = LISTS.map((name) => chosen[name].length);
    const active = [...lists, chosen.q, chosen.from || chosen.to].filter(Boolean).length;
    byId("active").textContent = active ? `${active} active` : "";
  }

  /** Sets every filter; what is not given is lifted. The selects follow when they are counted. */
  function reset(given = {}) {
    Object.assign(chosen, { q: "", from: null, to: null }, Object.fromEntries(LISTS.map((name) => [name, []])), given);
    byId("q").value = chosen.q;
    for (const box of form.querySelectorAll("input[type=checkbox]")) box.checked = chosen.kinds.includes(box.value);
  }

  function sentence(incidents) {
    const parts = [];
    const either = (codes, words = {}) => codes.map((code) => words[code] || code).join(" or ");
    if (chosen.type.length) parts.push(either(chosen.type, labels.event_types) + ":");
    parts.push(incidents.length === 1 ? "1 attack" : `${incidents.length} attacks`);
    if (chosen.province.length) parts.push("in " + either(chosen.province));
    if (chosen.actor.length) parts.push("on which a statement names " + either(chosen.actor, labels.actors));
    if (chosen.kinds.length) parts.push("(" + either(chosen.kinds, labels.kinds) + ")");
    for (const { part, heading } of shown) {
      if (chosen[part].length) parts.push(`(${heading.toLocaleLowerCase()}: ${either(chosen[part])})`);
    }
    if (chosen.q) parts.push("mentioning “" + chosen.q + "”");
    if (chosen.from || chosen.to) parts.push(`possibly between ${chosen.from || "…"} and ${chosen.to || "…"}`);
    return parts.join(" ");
  }

  build();
  return { chosen, kept, count, reset, sentence };
};
