/* The standalone page's panel: an incident, who says so, and the sources, as the dashboard's panel.html.
 * A plain script: it adds `panel` to globalThis.Standalone. Text of the data is set as text only. */
"use strict";
/* Gives what makes the panel's parts of an incident; `close()` is called when it is to be closed. */
globalThis.Standalone.panel = function ({ says, shown, close }) {
  const make = globalThis.IncidentPanel.make;
  const { text, sources } = says;
  const COLUMNS = [["killed", "Killed"], ["wounded", "Wounded"], ["casualties", "Killed + wounded"], ["perpetrator", "Perpetrator"]]; // prettier-ignore
  const line = (words, className) => make("p", { text: words, className: className || "", dir: "auto" });
  const texts = (indices) => (indices || []).map(text);
  const quoted = (words) => (words ? `“${words}”` : "");
  const joined = (...parts) => parts.filter(Boolean).join(" · ");

  function partsOf(i) {
    const v = i.view;
    const [precision, words, derivation] = texts(v.when_about);
    const [killed, attackers, wounded, best] = texts(v.headline);
    const tags = texts(v.flags);
    if (i.withheld) tags.push(`${i.withheld} claims left out: their source may not be passed on`);
    const disputed = v.disputed ? ` · ${v.disputed} of ${COLUMNS.length} columns disagree` : "";
    const parts = [
      make("button", { type: "button", className: "close", text: "×", "aria-label": "Close", on: { click: close } }),
      line(joined(text(v.when), v.hijri && text(v.hijri)), "quiet"),
      make("h2", { text: i.title || i.id, dir: "auto" }),
      make("p", {}, tags.map((tag) => make("span", { className: "tag", text: tag }))),
      line(joined(text(v.where), quoted(i.place_text))),
      line(text(v.where_precision), "quiet"),
      line(joined(precision, quoted(words), derivation, "Asia/Kabul"), "quiet"),
      line(text(v.what)),
      ...shown.map(({ heading }, at) => line(`${heading}: ${i.shown[at].join(", ")}`)),
      make("h3", {}, ["Who says so", make("span", { className: "quiet", text: disputed })]),
      v.rows ? whoTable(v.rows) : line("No speaker gives a figure or says who did it.", "quiet"),
      line(`Reported killed ${killed}${attackers ? ` (${attackers})` : ""}, wounded ${wounded}. ${best}`),
    ]; // prettier-ignore
    if (v.casualties) parts.push(line(text(v.casualties), "quiet"));
    if (v.groups && v.groups.length > 1) {
      const groups = v.groups.map(texts).map(([name, k, w]) => `${name}: killed ${k}, wounded ${w}`);
      parts.push(line(joined(...groups), "quiet"));
    }
    const list = (title, entries, before = []) => {
      if (entries.length) parts.push(make("h3", { text: title }), ...before, make("ul", {}, entries));
    };
    const pair = ([name, what]) => make("li", { text: `${text(name)}: ${text(what)}`, dir: "auto" });
    // Each in a direction of its own: a speaker may be written from the right, a date never is.
    const isolated = (index) => make("bdi", { text: text(index) });
    const also = ([name, ...said]) =>
      make("li", {}, [`${text(name)}: `, ...said.flatMap(([value, speaker], at) =>
        [at ? "; " : "", isolated(value), " (", isolated(speaker), ")"])]); // prettier-ignore
    list("Sources differ on", (v.differences || []).map(pair));
    list("Also said", (v.others || []).map(also));
    list("Notes", texts(v.notes).map((note) => make("li", { text: note, dir: "auto" })));
    list("Sources", (v.sources || []).map(sourceItem), texts(v.dependence).map((words) => line(words, "quiet")));
    parts.push(line("Record " + i.id, "quiet"));
    return parts;
  } // prettier-ignore

  function whoTable(rows) {
    return make("table", { className: "who" }, [
      make("thead", {}, [make("tr", {}, [
        make("th", { scope: "col", text: "Speaker" }),
        ...COLUMNS.map(([, title]) => make("th", { scope: "col", text: title })),
      ])]),
      make("tbody", {}, rows.map(([speaker, kind, cites, cells]) => make("tr", {}, [
        make("th", { scope: "row" }, [
          make("span", { text: text(speaker), dir: "auto" }),
          make("div", { className: "quiet", text: text(kind) }),
          ...cites.map(([source, ...places]) =>
            make("div", { className: "quiet", text: [sources[source].publisher, ...texts(places)].join(", "), dir: "auto" })),
        ]),
        ...cells.map(cellOf),
      ]))),
    ]); // prettier-ignore
  }

  function cellOf([parts, total, differs, contradicts], at) {
    const [name, title] = COLUMNS[at];
    const className = (parts ? "said" : "") + (differs || contradicts ? " differs" : "");
    const cell = make("td", { className, "data-column": name, "data-name": title });
    if (!parts) cell.append(make("span", { className: "quiet", text: "–" }));
    if (differs) cell.append(make("span", { text: "≠ ", title: "sources differ" }));
    if (contradicts) cell.append(make("span", { text: "↯ ", title: "does not fit with this speaker's other figure" }));
    for (const [number, [words, detail, kind]] of (parts || []).entries()) {
      if (number) cell.append(make("br"));
      if (kind) cell.append(make("span", { className: "swatch kind-" + text(kind), "aria-hidden": "true" }), " ");
      cell.append(make("span", { text: text(words), dir: "auto" }));
      if (detail) cell.append(make("span", { className: "quiet", text: " " + text(detail), dir: "auto" }));
    }
    if (total) cell.append(make("br"), make("span", { text: "= " + text(total) }));
    return cell;
  } // prettier-ignore

  function sourceItem([at, citation]) {
    const source = sources[at];
    const item = make("li", {}, [make("span", { text: `${text(citation)}. ${source.licence}`, dir: "auto" })]);
    if (source.graphic) item.append(" ", make("span", { className: "tag", text: "graphic content" }));
    if (source.url && /^https?:\/\//i.test(source.url)) {
      item.append(" ", make("a", { href: source.url, target: "_blank", rel: "noopener noreferrer", text: "open ↗" }));
    } else {
      item.append(make("span", { className: "quiet", text: " (address not known)" }));
    }
    return item;
  } // prettier-ignore

  return partsOf;
};
