/* What colours, letters and words the map uses, in one place. Serves the step "map layer → pixel".
 * A plain script: it sets globalThis.IncidentStyle. Labels of codes come from Python in `labels`. */
"use strict";
globalThis.IncidentStyle = (function () {
  // Okabe–Ito; the letter repeats what the colour says. Order is the domain's display order.
  const KINDS = {
    contested: { light: "#CC79A7", dark: "#D98CB7", letter: "X" },
    claimed: { light: "#D55E00", dark: "#EE7623", letter: "C" },
    attributed: { light: "#E69F00", dark: "#F0AE1F", letter: "A" },
    suspected: { light: "#F0E442", dark: "#F0E442", letter: "S" },
    denied: { light: "#0072B2", dark: "#4AA8E0", letter: "D" },
    unclaimed: { light: "#999999", dark: "#A6ADB5", letter: "U" },
    none: { light: "#7C8792", dark: "#9AA5B1", letter: "" },
  };
  const KIND_ORDER = Object.keys(KINDS);

  // For groups and event types: enough to tell apart, the rest share "other".
  const SERIES = ["#D55E00", "#0072B2", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#F0E442"];
  const OTHER = "#8C96A0";

  const THEMES = {
    light: {
      land: "#FCFDFE", abroad: "#EFF2F4", water: "#B7D2E2", border: "#A9B4BF", outline: "#7D8B99",
      district: "#D5DCE3", label: "#6B7886", faint: "#8A96A2", place: "#3E4B58", halo: "#FCFDFE",
      text: "#1B2733", surface: "#FFFFFF", edge: "#26323E", select: "#10222F", focus: "#1F6FB2",
    },
    dark: {
      land: "#1C252E", abroad: "#151C23", water: "#26435A", border: "#4A5866", outline: "#72818F",
      district: "#2E3943", label: "#93A1AF", faint: "#7A8794", place: "#C4CFDA", halo: "#1C252E",
      text: "#EAF0F5", surface: "#141B22", edge: "#0C1116", select: "#FFFFFF", focus: "#7CC0F5",
    },
  }; // prettier-ignore

  const PRECISION_WORDS = {
    site: "place known",
    neighbourhood: "known to the neighbourhood",
    settlement: "known to the town or village",
    district: "known to the district only",
    province: "known to the province only",
  };

  /** A reader of colours, letters and labels for one way of colouring. */
  function scheme(by, incidents, labels, dark) {
    const mode = dark ? "dark" : "light";
    if (by !== "group" && by !== "event_type") {
      return {
        by: "kind",
        order: KIND_ORDER,
        keyOf: (incident) => (incident.kind in KINDS ? incident.kind : "none"),
        colour: (key) => (KINDS[key] || KINDS.none)[mode],
        letter: (key) => (KINDS[key] || KINDS.none).letter,
        label: (key) => labels.marks?.[key] || labels.kinds[key] || key,
      };
    }
    const keyOf =
      by === "group" ? (incident) => incident.actors[0] || "" : (incident) => incident.event_type;
    const tally = new Map();
    for (const incident of incidents) {
      const key = keyOf(incident);
      if (key) tally.set(key, (tally.get(key) || 0) + 1);
    }
    const order = [...tally.keys()].sort((a, b) => tally.get(b) - tally.get(a) || (a < b ? -1 : 1));
    const names = by === "group" ? labels.actors : labels.event_types;
    // An imported group stands for its own name; event types are codes.
    const plain = (key) => (by === "group" ? key : key.replaceAll("_", " "));
    const label = (key) => (key === "" ? "no group named" : names[key] || plain(key));
    const letters = distinctLetters(order.slice(0, SERIES.length), label);
    return {
      by,
      order: [...order, ""],
      keyOf,
      colour: (key) => (key && SERIES[order.indexOf(key)]) || OTHER,
      letter: (key) => letters.get(key) || "",
      label,
    };
  }

  /** One letter a key, another of its word where the first is taken. */
  function distinctLetters(keys, label) {
    const taken = new Set();
    return new Map(
      keys.map((key) => {
        const candidates = [...label(key).toUpperCase()].filter((c) => /\p{L}/u.test(c));
        const letter = candidates.find((c) => !taken.has(c)) || "";
        taken.add(letter);
        return [key, letter];
      }),
    );
  }

  /** Black or white, whichever reads better on a #RRGGBB colour. */
  function inkOn(colour) {
    const channel = (at) => {
      const value = parseInt(colour.slice(at, at + 2), 16) / 255;
      return value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
    };
    const luminance = 0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5);
    return luminance > 0.19 ? "#101820" : "#FFFFFF";
  }

  /** The reported figure as the server wrote it ("3–≥6"), in words where there is none. */
  function figureWords(incident) {
    return incident.killed_low === null ? "not reported" : incident.killed;
  }

  /** The dates as words: one day, or a span that says how exactly it is known. */
  function dateWords(incident) {
    const { earliest, latest, date_precision: precision } = incident;
    if (!earliest && !latest) return "date not known";
    if (earliest === latest) return earliest;
    if (precision === "month" && earliest && latest && earliest.slice(0, 7) === latest.slice(0, 7)) {
      return earliest.slice(0, 7) + " (day not known)";
    }
    return (earliest || "…") + " – " + (latest || "…");
  }

  return {
    KINDS, KIND_ORDER, THEMES, PRECISION_WORDS, scheme, inkOn, figureWords, dateWords,
  }; // prettier-ignore
})();
