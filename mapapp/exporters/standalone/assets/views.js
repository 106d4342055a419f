/* What the standalone page gives its timeline and its map: bins over time, and marks.
 * A plain script: it adds `bins` and `view` to globalThis.Standalone. */
"use strict";
(function () {
  const M = globalThis.TileMath;

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

  /** An incident in the form that the map's route gives it in. */
  const onMap = ({ killed, view, notes, ...incident }) => ({
    ...incident,
    place: incident.place_name || incident.place_text,
    killed: killed.words,
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

  Object.assign(globalThis.Standalone, { bins, view });
})();
