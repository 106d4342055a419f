/* The standalone page's panel: an incident, who says so, and the sources.
 * A plain script: it adds `panel` to globalThis.Standalone. Text of the data is set as text only. */
"use strict";
/* Gives what makes the panel's parts of an incident; `close()` is called when it is to be closed. */
globalThis.Standalone.panel = function ({ says, labels, shown, close }) {
  const S = globalThis.IncidentStyle;
  const make = globalThis.IncidentPanel.make;
  const { words, place, days } = says;
  const WHO = [["killed", "Killed"], ["wounded", "Wounded"], ["casualties", "K+W"], ["attribution", "Perpetrator"]]; // prettier-ignore

  function partsOf(i) {
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
      ...shown.map(({ heading }, at) => line(`${heading}: ${i.shown[at].join(", ")}`)),
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

  return partsOf;
};
