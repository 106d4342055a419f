/* The standalone page's data: read out of the page, taken apart, and said in words.
 * A plain script on the map's scripts: it sets globalThis.Standalone, which the other parts add to. */
"use strict";
globalThis.Standalone = (function () {
  const M = globalThis.TileMath;
  const S = globalThis.IncidentStyle;
  const TEXT = new Set([
    "id", "title", "earliest", "latest", "date_precision", "date_text", "place_text", "place_name",
    "district", "province", "geo_precision", "area_id", "kind", "event_type", "target", "best",
    "attackers", "country",
  ]); // prettier-ignore
  const LISTS = new Set(["actors", "disagreements", "notes"]);

  /** JSON of a script element; large data are packed. */
  async function read(id) {
    const value = JSON.parse(document.getElementById(id).textContent);
    if (value.packed !== "deflate") return value;
    if (typeof DecompressionStream === "undefined") {
      throw new Error("this browser is too old to unpack the data; use one of 2023 or later");
    }
    const bytes = Uint8Array.from(atob(value.data), (char) => char.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
    return JSON.parse(await new Response(stream).text());
  }

  /** The incidents of the data, each with its claims and their sources. */
  function incidents(data) {
    const text = (index) => data.texts[index];

    function incidentOf(row) {
      const found = {};
      data.incident_fields.forEach((name, at) => {
        const value = row[at];
        if (TEXT.has(name)) found[name] = text(value) || null;
        else if (LISTS.has(name)) found[name] = value.map(text);
        else if (name === "shown") found[name] = value.map((words) => words.map(text));
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

    return data.incidents.map(incidentOf);
  }

  /** What the page says of an incident: functions of it, in the words of the data. */
  function sayings(data) {
    const { labels } = data.config;
    const words = (code) => data.words[code] || code.replaceAll("_", " ");
    const place = (i) =>
      [...new Set([i.place_name || i.place_text, i.district, i.province].filter(Boolean))].join(", ") ||
      "place not known";
    const days = (i) => S.dateWords(i);
    const attribution = (i) => {
      const actors = i.actors.map((a) => labels.actors[a] || a).join(", ");
      return (labels.kinds[i.kind] || i.kind) + (actors ? ": " + actors : "");
    };
    return { words, place, days, attribution };
  }

  return { read, incidents, sayings };
})();
