/* The standalone page: reads the data inside it, filters, and keeps map, timeline, table and panel
 * in step. Everything from the data goes through textContent; nothing is fetched.
 * A plain script on the map's scripts: no server, no storage, and no address is written. */
"use strict";
(async function () {
  const M = globalThis.TileMath;
  const S = globalThis.IncidentStyle;
  const Link = globalThis.IncidentLink;
  const make = globalThis.IncidentPanel.make;
  const byId = (id) => document.getElementById(id);
  const ROWS = 100;
  const KINDS = S.KIND_ORDER;

  /** JSON of a script element; large data are packed. */
  async function read(id) {
    const value = JSON.parse(byId(id).textContent);
    if (value.packed !== "deflate") return value;
    if (typeof DecompressionStream === "undefined") {
      throw new Error("this browser is too old to unpack the data; use one of 2023 or later");
    }
    const bytes = Uint8Array.from(atob(value.data), (char) => char.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
    return JSON.parse(await new Response(stream).text());
  }

  let data, outlines;
  try {
    [data, outlines] = [await read("data"), await read("outlines")];
  } catch (error) {
    byId("fault").textContent = "The data in this file cannot be read: " + error.message;
    byId("fault").hidden = false;
    return;
  }
  const TEXT = new Set([
    "id", "title", "earliest", "latest", "date_precision", "date_text", "place_text", "place_name",
    "district", "province", "geo_precision", "area_id", "kind", "event_type", "target", "best",
    "attackers", "country",
  ]); // prettier-ignore
  const LISTS = new Set(["actors", "disagreements", "notes"]);
  const text = (index) => data.texts[index];
  const words = (code) => data.words[code] || code.replaceAll("_", " ");

  function incidentOf(row) {
    const found = {};
    data.incident_fields.forEach((name, at) => {
      const value = row[at];
      if (TEXT.has(name)) found[name] = text(value) || null;
      else if (LISTS.has(name)) found[name] = value.map(text);
      else if (name === "killed" || name === "wounded") {
        const [low, best, high, open, said] = value;
        found[name] = { low, best, high, open: Boolean(open), said: text(said) };
      } else if (name === "claims") found[name] = value.map(claimOf);
      else found[name] = value;
    });
    found.from = M.dayNumber(found.earliest);
    found.to = M.dayNumber(found.latest);
    return found;
  }

  function claimOf(row) {
    const found = {};
    data.claim_fields.forEach((name, at) => {
      found[name] = name === "source" ? data.sources[row[at]] : text(row[at]);
    });
    return found;
  }

  const all = data.incidents.map(incidentOf);
  const { labels } = data.config;
  const searched = new Map(
    all.map((i) => [
      i,
      [i.title, i.place_text, i.place_name, i.district, i.province, i.target, ...i.notes,
        ...i.actors.map((a) => labels.actors[a] || a)]
        .filter(Boolean).join("\n").normalize("NFKC").toLocaleLowerCase(),
    ]),
  ); // prettier-ignore

  // ---- filters -----------------------------------------------------------------------------------

  const chosen = { province: "", actor: "", type: "", kinds: new Set(), q: "", from: null, to: null };
  const PARTS = {
    province: (i) => !chosen.province || i.province === chosen.province,
    actor: (i) => !chosen.actor || i.actors.includes(chosen.actor),
    type: (i) => !chosen.type || i.event_type === chosen.type,
    kinds: (i) => !chosen.kinds.size || chosen.kinds.has(i.kind),
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
  function buildFilters() {
    const search = make("input", { type: "search", id: "q", autocomplete: "off" });
    search.addEventListener("input", () => change({ q: search.value }));
    form.append(make("label", { for: "q", text: "Words" }), search);
    const select = (name, title) => {
      const box = make("select", { id: name });
      box.addEventListener("change", () => change({ [name]: box.value }));
      selects[name] = box;
      form.append(make("label", { for: name, text: title }), box);
    };
    select("province", "Province");
    select("actor", "Group named");
    const group = make("fieldset", {}, [make("legend", { text: "Attribution" })]);
    for (const kind of KINDS.filter((k) => all.some((i) => i.kind === k))) {
      const box = make("input", { type: "checkbox", value: kind, name: "kind" });
      box.addEventListener("change", () => {
        if (box.checked) chosen.kinds.add(kind);
        else chosen.kinds.delete(kind);
        change({});
      });
      const count = make("span", { className: "count", "data-kind": kind });
      group.append(make("label", {}, [
        box, make("span", { className: "swatch kind-" + kind, "aria-hidden": "true" }),
        make("span", { text: labels.kinds[kind] || kind }), count,
      ])); // prettier-ignore
    }
    form.append(group);
    select("type", "Event type");
    form.append(make("button", { type: "button", id: "clear", text: "Clear all", on: { click: clear } }));
    form.addEventListener("submit", (event) => event.preventDefault());
    byId("drawer").open = matchMedia("(min-width: 761px)").matches;
  }

  /** Options of the selects, each with the number it would leave under the other filters. */
  function countFilters() {
    const tally = (incidents, codes) => {
      const counts = new Map();
      for (const incident of incidents) {
        for (const code of codes(incident)) counts.set(code, (counts.get(code) || 0) + 1);
      }
      return counts;
    };
    const fill = (name, codes, label, everything) => {
      const counts = tally(kept(name), codes);
      if (chosen[name] && !counts.has(chosen[name])) counts.set(chosen[name], 0);
      const sorted = [...counts].sort((a, b) => b[1] - a[1] || (label(a[0]) < label(b[0]) ? -1 : 1));
      const options = sorted.map(([code, count]) =>
        make("option", { value: code, text: `${label(code)} (${count})` }),
      );
      selects[name].replaceChildren(make("option", { value: "", text: everything }), ...options);
      selects[name].value = chosen[name];
    };
    fill("province", (i) => (i.province ? [i.province] : []), (code) => code, "all provinces");
    fill("actor", (i) => i.actors, (code) => labels.actors[code] || code, "any or none");
    fill("type", (i) => [i.event_type], (code) => labels.event_types[code] || code, "all types");
    const kinds = tally(kept("kinds"), (i) => [i.kind]);
    for (const span of form.querySelectorAll(".count")) {
      span.textContent = String(kinds.get(span.dataset.kind) || 0);
    }
    const active = [chosen.province, chosen.actor, chosen.type, chosen.q, chosen.kinds.size,
      chosen.from || chosen.to].filter(Boolean).length; // prettier-ignore
    byId("active").textContent = active ? `${active} active` : "";
  }

  function clear() {
    Object.assign(chosen, { province: "", actor: "", type: "", q: "", from: null, to: null });
    chosen.kinds.clear();
    byId("q").value = "";
    for (const box of form.querySelectorAll("input[type=checkbox]")) box.checked = false;
    timeline.setRange(null, null);
    layer.setTime({ from: null, to: null });
    change({});
  }

  // ---- figures, sentence, table -----------------------------------------------------------------------

  /** "96–118", "≥6", "unknown": sums of the lowest and highest; null is not 0. */
  function sum(incidents, name) {
    const known = incidents.filter((i) => i[name].low !== null);
    if (!known.length) return "unknown";
    const add = (key) => known.reduce((total, i) => total + i[name][key], 0);
    const [low, high] = [add("low"), add("high")];
    const most = (known.some((i) => i[name].open) ? "≥" : "") + high.toLocaleString("en");
    return low === high ? most : low.toLocaleString("en") + "–" + most;
  }

  function showFigures(incidents) {
    const pairs = [
      [incidents.length.toLocaleString("en"), incidents.length === 1 ? "incident" : "incidents"],
      [sum(incidents, "killed"), "reported killed"],
      [sum(incidents, "wounded"), "reported wounded"],
      [incidents.filter((i) => i.kind === "unclaimed").length, "no claim reported"],
      [incidents.filter((i) => !i.mappable).length, "not mappable"],
    ];
    byId("figures").replaceChildren(
      ...pairs.map(([figure, name]) =>
        make("span", {}, [make("b", { text: String(figure) }), make("span", { className: "quiet", text: name })]),
      ),
    ); // prettier-ignore
  }

  function sentence(incidents) {
    const parts = [];
    if (chosen.type) parts.push((labels.event_types[chosen.type] || chosen.type) + ":");
    parts.push(incidents.length === 1 ? "1 attack" : `${incidents.length} attacks`);
    if (chosen.province) parts.push("in " + chosen.province);
    if (chosen.actor) parts.push("on which a statement names " + (labels.actors[chosen.actor] || chosen.actor));
    if (chosen.kinds.size) parts.push("(" + [...chosen.kinds].map((k) => labels.kinds[k] || k).join(" or ") + ")");
    if (chosen.q) parts.push("mentioning “" + chosen.q + "”");
    if (chosen.from || chosen.to) parts.push(`possibly between ${chosen.from || "…"} and ${chosen.to || "…"}`);
    return parts.join(" ");
  }

  const COLUMNS = [
    ["Date", (i) => i.from ?? i.to ?? -Infinity],
    ["Where", (i) => place(i)],
    ["What", (i) => i.title || ""],
    ["Killed", (i) => i.killed.best ?? -1],
    ["Wounded", (i) => i.wounded.best ?? -1],
    ["Attribution", (i) => KINDS.indexOf(i.kind)],
  ];
  const order = { at: 0, down: true };
  let limit = ROWS;
  let shown = [];
  let opened = null;

  const place = (i) =>
    [...new Set([i.place_name || i.place_text, i.district, i.province].filter(Boolean))].join(", ") ||
    "place not known";
  const days = (i) => S.dateWords(i);
  const attribution = (i) => {
    const actors = i.actors.map((a) => labels.actors[a] || a).join(", ");
    return (labels.kinds[i.kind] || i.kind) + (actors ? ": " + actors : "");
  };

  function showTable() {
    const key = COLUMNS[order.at][1];
    const sorted = [...shown].sort((a, b) => {
      const [x, y] = order.down ? [key(b), key(a)] : [key(a), key(b)];
      return x < y ? -1 : x > y ? 1 : a.id < b.id ? -1 : 1;
    });
    const head = COLUMNS.map(([name], at) =>
      make("th", { scope: "col", "aria-sort": at !== order.at ? "none" : order.down ? "descending" : "ascending" }, [
        make("button", {
          type: "button", text: name + (at !== order.at ? "" : order.down ? " ↓" : " ↑"),
          on: { click: () => (Object.assign(order, { at, down: at === order.at ? !order.down : at !== 1 && at !== 2 }), showTable()) },
        }),
      ]),
    ); // prettier-ignore
    const rows = sorted.slice(0, limit).map((i) =>
      make("tr", { ...(opened === i.id ? { "aria-current": "true" } : {}), "data-id": i.id }, [
        make("td", { text: days(i) }),
        make("td", { text: place(i), dir: "auto" }),
        make("td", {}, [
          make("button", { type: "button", className: "open", text: i.title || i.id, dir: "auto", on: { click: () => open(i.id) } }),
        ]),
        make("td", { text: i.killed.said, "data-name": "killed" }),
        make("td", { text: i.wounded.said, "data-name": "wounded" }),
        make("td", {}, [
          make("span", { className: "swatch kind-" + i.kind, "aria-hidden": "true" }),
          make("span", { text: attribution(i), dir: "auto" }),
        ]),
      ]),
    ); // prettier-ignore
    byId("incidents").replaceChildren(
      make("thead", {}, [make("tr", {}, head)]),
      make("tbody", {}, rows),
    );
    byId("more").hidden = sorted.length <= limit;
    byId("more").textContent = `Show more (${sorted.length - limit} left)`;
  }

  // ---- panel ------------------------------------------------------------------------------------------

  const WHO = [["killed", "Killed"], ["wounded", "Wounded"], ["casualties", "K+W"], ["attribution", "Perpetrator"]]; // prettier-ignore

  function open(id) {
    const incident = all.find((i) => i.id === id);
    if (!incident) return;
    opened = id;
    const panel = byId("panel");
    panel.replaceChildren(...panelParts(incident));
    panel.hidden = false;
    panel.scrollTop = 0;
    panel.focus({ preventScroll: true });
    layer.setSelected(id);
    showTable();
  }

  function close() {
    opened = null;
    byId("panel").hidden = true;
    layer.setSelected(null);
    showTable();
  }

  function panelParts(i) {
    const line = (text, className) => make("p", { text, className: className || "", dir: "auto" });
    const precision = S.PRECISION_WORDS[i.geo_precision] || "place not known within the country; not mappable";
    const disc = i.radius_m && !["district", "province", "country"].includes(i.geo_precision);
    const within = disc ? `; within ${i.radius_m >= 1000 ? Math.round(i.radius_m / 100) / 10 + " km" : i.radius_m + " m"} of the mark` : "";
    const tags = [];
    if (i.background) tags.push("background: mentioned in passing");
    if (i.country && i.country !== "AFG") tags.push(`abroad (${i.country})`);
    if (i.withheld) tags.push(`${i.withheld} claims left out: their source may not be passed on`);
    const parts = [
      make("button", { type: "button", className: "close", text: "×", "aria-label": "Close", on: { click: close } }),
      line(`${days(i)} · known to the ${words(i.date_precision || "unknown")}${i.date_text ? ` · “${i.date_text}”` : ""}`, "quiet"),
      make("h2", { text: i.title || i.id, dir: "auto" }),
      make("p", {}, tags.map((tag) => make("span", { className: "tag", text: tag }))),
      line(place(i)),
      line(`${i.place_text ? `“${i.place_text}” · ` : ""}${precision}${within}${i.ambiguous ? "; the name may mean another place" : ""}`, "quiet"),
      line(`${labels.event_types[i.event_type] || i.event_type}. Target: ${i.target}`),
      make("h3", { text: "Who says so" }),
      whoTable(i),
      line(`Reported killed ${i.killed.said}${i.attackers ? ` (+${i.attackers} attackers)` : ""}, wounded ${i.wounded.said}. ${i.best}`),
    ]; // prettier-ignore
    const list = (title, entries) => {
      if (!entries.length) return;
      parts.push(make("h3", { text: title }), make("ul", {}, entries));
    };
    const others = i.claims.filter((c) => !WHO.some(([name]) => name === c.property));
    list("Sources differ on", i.disagreements.map((d) => make("li", { text: words(d) })));
    list("Also said", others.map((c) => make("li", { text: `${words(c.property)}: ${c.text} (${c.speaker})`, dir: "auto" })));
    list("Notes", i.notes.map((note) => make("li", { text: note, dir: "auto" })));
    const sources = [...new Set(i.claims.map((c) => c.source))];
    list("Sources", sources.map((source) => sourceItem(source, i)));
    parts.push(line("Record " + i.id, "quiet"));
    return parts;
  }

  function whoTable(i) {
    const speakers = new Map();
    for (const claim of i.claims) {
      if (!WHO.some(([name]) => name === claim.property)) continue;
      const key = claim.speaker + "\u0000" + claim.speaker_class;
      if (!speakers.has(key)) speakers.set(key, []);
      speakers.get(key).push(claim);
    }
    if (!speakers.size) return make("p", { className: "quiet", text: "No speaker gives a figure or says who did it." });
    const disputed = (name) => i.disagreements.includes(name === "attribution" ? "perpetrator" : name);
    const rows = [...speakers.values()].map((claims) => {
      const places = new Map();
      for (const { source, locator } of claims) {
        if (!places.has(source)) places.set(source, new Set());
        if (locator) places.get(source).add(locator);
      }
      const cites = [...places].map(([source, at]) => [source.publisher, ...at].join(", "));
      const head = make("th", { scope: "row" }, [
        make("span", { text: claims[0].speaker, dir: "auto" }),
        make("div", { className: "quiet", text: words(claims[0].speaker_class) }),
        ...cites.map((cite) => make("div", { className: "quiet", text: cite, dir: "auto" })),
      ]);
      const cells = WHO.map(([name, title]) => {
        const said = claims.filter((c) => c.property === name);
        const cell = make("td", { className: (said.length ? "said" : "") + (said.length && disputed(name) ? " differs" : ""), "data-column": name, "data-name": title });
        if (!said.length) cell.append(make("span", { className: "quiet", text: "–" }));
        for (const [at, claim] of said.entries()) {
          cell.append(make("div", { ...(claim.note ? { title: claim.note } : {}) }, [
            ...(at === 0 && disputed(name) ? [make("span", { text: "≠ ", title: "sources differ" })] : []),
            make("span", { text: claim.text, dir: "auto" }),
            ...(claim.detail ? [make("span", { className: "quiet", text: " " + claim.detail, dir: "auto" })] : []),
          ]));
        }
        return cell;
      });
      return make("tr", {}, [head, ...cells]);
    }); // prettier-ignore
    return make("table", { className: "who" }, [
      make("thead", {}, [make("tr", {}, [
        make("th", { scope: "col", text: "Speaker" }),
        ...WHO.map(([, title]) => make("th", { scope: "col", text: title })),
      ])]),
      make("tbody", {}, rows),
    ]); // prettier-ignore
  }

  function sourceItem(source, i) {
    const locators = [...new Set(i.claims.filter((c) => c.source === source && c.locator).map((c) => c.locator))];
    const item = make("li", {}, [
      make("span", { text: [source.citation, ...locators].join(", ") + ". " + source.licence, dir: "auto" }),
    ]);
    if (source.graphic) item.append(" ", make("span", { className: "tag", text: "graphic content" }));
    if (source.url && /^https?:\/\//i.test(source.url)) {
      item.append(" ", make("a", { href: source.url, target: "_blank", rel: "noopener noreferrer", text: "open ↗" }));
    } else {
      item.append(make("span", { className: "quiet", text: " (address not known)" }));
    }
    return item;
  } // prettier-ignore

  // ---- map and timeline -------------------------------------------------------------------------------

  /** Bins of incidents: certain, and possible which includes the certain. */
  function bins(incidents, step) {
    const dated = incidents.filter((i) => i.from !== null || i.to !== null);
    if (!dated.length) return { start: [], certain: [], possible: [] };
    const first = (i) => i.from ?? i.to;
    const last = (i) => i.to ?? i.from;
    const low = dated.reduce((least, i) => Math.min(least, first(i)), Infinity);
    const high = dated.reduce((most, i) => Math.max(most, last(i)), -Infinity);
    const starts = M.binsBetween(low, high, step);
    const index = new Map(starts.map((start, at) => [start, at]));
    const certain = starts.map(() => 0);
    const change = [...starts.map(() => 0), 0];
    for (const incident of dated) {
      const a = index.get(M.binStart(first(incident), step));
      const b = index.get(M.binStart(last(incident), step));
      if (a === b) certain[a] += 1;
      change[a] += 1;
      change[b + 1] -= 1;
    }
    let running = 0;
    const possible = starts.map((_, at) => (running += change[at]));
    return { start: starts.map(M.isoDay), certain, possible };
  }

  // A page from a disk has no origin to speak to: what the map says is taken here.
  Link.tell = (message) => message.type === "pick" && open(message.ids[0]);
  Link.readView = () => null;
  Link.writeView = Link.clearView = () => {};

  /** An incident in the form that the map's route gives it in. */
  const onMap = ({ killed, claims, notes, ...own }) => ({
    ...own,
    place: own.place_name || own.place_text,
    killed: killed.said,
    killed_low: killed.low,
    killed_high: killed.high,
  });
  const view = (incidents) => ({
    mode: "incidents",
    covers: null,
    incidents: incidents.filter((i) => i.mappable).map(onMap),
    counts: {
      total: incidents.length,
      mappable: incidents.filter((i) => i.mappable).length,
      not_mappable: incidents.filter((i) => !i.mappable).length,
    },
  });
  let step = "month";
  let asked = 0;

  byId("page").hidden = false;
  buildFilters();
  const map = L.map(byId("map"), {
    zoomControl: false, minZoom: 3, maxZoom: 18, zoomSnap: 0.25, wheelPxPerZoomLevel: 110,
    center: [33.9, 67.7], zoom: 6,
  }); // prettier-ignore
  byId("map").leaflet = map; // for whoever looks inside
  L.control.zoom({ position: "topright" }).addTo(map);
  const layer = new IncidentLayer({
    ...data.config,
    dataUrl: "", geoUrl: "",
    inline: { view: view(all), provinces: outlines.province, districts: outlines.district },
  }); // prettier-ignore
  layer.addTo(map);
  const preference = matchMedia("(prefers-color-scheme: dark)");
  preference.addEventListener("change", () => layer.setDark(preference.matches));
  const timeline = new globalThis.IncidentPage.Timeline(byId("timeline"), {
    say(name, value) {
      if (name === "range") change({ from: value.from, to: value.to });
      else {
        step = value;
        timeline.setBins(bins(kept("time"), step), step);
      }
    },
    show: (message) => layer.setTime(message),
  });

  function change(part) {
    Object.assign(chosen, part);
    limit = ROWS;
    shown = kept();
    const timeless = kept("time");
    layer.options.inline.view = view(timeless);
    layer.setFilter({ query: "q" + ++asked });
    timeline.setBins(bins(timeless, step), step);
    countFilters();
    showFigures(shown);
    byId("sentence").textContent = sentence(shown);
    showTable();
  }

  byId("more").addEventListener("click", () => ((limit += ROWS * 5), showTable()));
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && opened !== null && !event.defaultPrevented) close();
  });
  new ResizeObserver(() => map.invalidateSize({ animate: false })).observe(byId("map"));
  change({});
})();
