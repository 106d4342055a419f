/* The standalone page's data: read out of the page, taken apart, and said in words.
 * A plain script on the map's scripts: it sets globalThis.Standalone, which the other parts add to. */
"use strict";
globalThis.Standalone = (function () {
  const M = globalThis.TileMath;
  const TEXT = new Set([
    "id", "title", "earliest", "latest", "date_precision", "days", "place_text", "place_name",
    "district", "province", "geo_precision", "area_id", "kind", "event_type", "target",
  ]); // prettier-ignore

  /** JSON of a script element, or of the file that it names; large data are packed. */
  async function read(id) {
    const element = document.getElementById(id);
    if (element.dataset.src) return ask(element.dataset.src);
    const value = JSON.parse(element.textContent);
    if (value.packed !== "deflate") return value;
    const bytes = Uint8Array.from(atob(value.data), (char) => char.charCodeAt(0));
    return unpack(new Blob([bytes]).stream());
  }

  async function ask(address) {
    const response = await fetch(address);
    if (!response.ok) throw new Error(`${address}: the server answered ${response.status}`);
    return unpack(response.body);
  }

  async function unpack(stream) {
    if (typeof DecompressionStream === "undefined") {
      throw new Error("this browser is too old to unpack the data; use one of 2023 or later");
    }
    return new Response(stream.pipeThrough(new DecompressionStream("deflate"))).json();
  }

  /** What gives an incident's view and its texts: out of the data, or of the part that holds them. */
  function details(data) {
    if (!data.parts) return async ({ view }) => ({ view, texts: data.texts });
    const asked = new Map();
    return async ({ at }) => {
      const part = Math.floor(at / data.part_size);
      if (!asked.has(part)) {
        const answer = ask(data.parts[part]);
        asked.set(part, answer);
        answer.catch(() => asked.delete(part)); // the next click asks again
      }
      const { views, texts } = await asked.get(part);
      return { view: views[at % data.part_size], texts };
    };
  }

  /** The incidents of the data. */
  function incidents(data) {
    const text = (index) => data.texts[index];
    return data.incidents.map((row, index) => {
      const incident = { at: index };
      data.incident_fields.forEach((name, at) => {
        const value = row[at];
        if (TEXT.has(name)) incident[name] = text(value) || null;
        else if (name === "actors") incident[name] = value.map(text);
        else if (name === "shown") incident[name] = value.map((words) => words.map(text));
        else if (name === "killed" || name === "wounded") {
          const [low, best, high, open, words] = value;
          incident[name] = { low, best, high, open: Boolean(open), words: text(words) };
        } else incident[name] = value;
      });
      incident.notes = (incident.view.notes || []).map(text);
      incident.from = M.dayNumber(incident.earliest);
      incident.to = M.dayNumber(incident.latest);
      return incident;
    });
  }

  /** What the page says of an incident: functions of it, in the words of the data. */
  function sayings(data) {
    const { labels } = data.config;
    const place = (i) =>
      [...new Set([i.place_name || i.place_text, i.district, i.province].filter(Boolean))].join(", ") ||
      "place not known";
    const attribution = (i) => {
      const actors = i.actors.map((a) => labels.actors[a] || a).join(", ");
      return (labels.kinds[i.kind] || i.kind) + (actors ? ": " + actors : "");
    };
    return { text: (index) => data.texts[index], sources: data.sources, place, attribution };
  }

  return { read, details, incidents, sayings };
})();
