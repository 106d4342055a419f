/* From incidents or cells, a zoom and a time range to the marks that are drawn and can be picked.
 * Serves the step "map layer → pixel"; knows nothing of the canvas. Sets globalThis.IncidentMarks. */
"use strict";
globalThis.IncidentMarks = (function () {
  const M = globalThis.TileMath;
  // Marks nearer than this merge into one with a count; close in, only what shares a place does.
  const MERGE_PX = 24;
  const MERGE_CLOSE_PX = 16;
  const CLOSE_ZOOM = 13;
  const CELL_MERGE_PX = 46;
  // Precisions of a point that stands for an area which no outline is known of.
  const COARSE = new Set(["district", "province", "country"]);

  /** An incident as the wire gives it, with its days as numbers. */
  function prepare(incident) {
    return {
      ...incident,
      from: M.dayNumber(incident.earliest),
      to: M.dayNumber(incident.latest),
      // The highest figure reported sets the size; the legend says so.
      size: incident.killed_high ?? incident.killed_low,
    };
  }

  /** How an incident stands to a range {from, to, certain, trail}: certain, possible, past, out. */
  function standing(incident, range) {
    if (!range) return "certain";
    const found = M.overlap(incident.from, incident.to, range.from, range.to);
    if (found === "possible" && range.certain) return "out";
    if (found !== "out" || !range.trail) return found;
    return incident.to !== null && range.from !== null && incident.to < range.from ? "past" : "out";
  }

  /** Groups of point incidents at a zoom; they do not move while time plays. */
  function group(incidents, zoom) {
    const points = incidents.filter((incident) => !incident.areal && incident.lat !== null);
    // The largest first, so that they attract and not the order of the answer decides.
    points.sort((a, b) => (b.size ?? -1) - (a.size ?? -1) || (a.id < b.id ? -1 : 1));
    const places = points.map((incident) => M.project(incident.lng, incident.lat, zoom));
    const reach = zoom >= CLOSE_ZOOM ? MERGE_CLOSE_PX : MERGE_PX;
    return M.cluster(places, reach).map(({ x, y, members }) => ({
      x,
      y,
      members: members.map((index) => points[index]),
    }));
  }

  /** Area incidents by area id: [{id, lat, lng, level, members}]. */
  function areas(incidents) {
    const found = new Map();
    for (const incident of incidents) {
      if (!incident.areal || !incident.area_id) continue;
      if (!found.has(incident.area_id)) {
        found.set(incident.area_id, {
          id: incident.area_id,
          level: incident.geo_precision,
          lat: incident.lat,
          lng: incident.lng,
          members: [],
        });
      }
      found.get(incident.area_id).members.push(incident);
    }
    return [...found.values()];
  }

  /** Of a group's members, those in the range, as {certain, possible, past}. */
  function split(members, range) {
    const parts = { certain: [], possible: [], past: [], out: [] };
    for (const incident of members) parts[standing(incident, range)].push(incident);
    return parts;
  }

  /** {key: count} of incidents under a colour scheme. */
  function mixOf(incidents, scheme) {
    const mix = {};
    for (const incident of incidents) {
      const key = scheme.keyOf(incident);
      mix[key] = (mix[key] || 0) + 1;
    }
    return mix;
  }

  /** Whether a point is placed: of one known to a district or province the source tells no more. */
  const isPlaced = ({ geo_precision: precision }) => !COARSE.has(precision);

  /** The marks of groups under a range: x, y in world pixels, r, and what to show. */
  function fromGroups(groups, range, scheme) {
    const marks = [];
    for (const { x, y, members } of groups) {
      const parts = split(members, range);
      const shown = [...parts.certain, ...parts.possible];
      if (!shown.length) {
        if (parts.past.length) marks.push({ x, y, r: 4, past: true, members: parts.past });
        continue;
      }
      if (shown.length === 1) {
        const incident = shown[0];
        marks.push({
          x,
          y,
          r: M.markRadius(incident.size),
          incident,
          members: shown,
          key: scheme.keyOf(incident),
          possible: parts.certain.length === 0,
          loose: !isPlaced(incident),
        });
      } else {
        marks.push({
          x,
          y,
          r: M.cellRadius(shown.length),
          members: shown,
          count: shown.length,
          possibleCount: parts.possible.length,
          mix: mixOf(shown, scheme),
          loose: !shown.some(isPlaced),
        });
      }
    }
    return marks;
  }

  /** Cells in groups that do not cover each other at a zoom; they stay while time plays. */
  function groupCells(cells, zoom) {
    const sorted = [...cells].sort((a, b) => b.count - a.count || (a.key < b.key ? -1 : 1));
    const places = sorted.map((cell) => M.project(cell.lng, cell.lat, zoom));
    return M.cluster(places, CELL_MERGE_PX).map(({ members }) => ({
      ...places[members[0]], // the largest: a mean may lie where nothing happened
      cells: members.map((index) => sorted[index]),
    }));
  }

  /** The marks of groups of cells; `counts(cell)` gives {count, mix} under the time range. */
  function fromCells(groups, counts) {
    const marks = [];
    for (const { x, y, cells } of groups) {
      const mix = {};
      let count = 0;
      for (const cell of cells) {
        const found = counts(cell);
        count += found.count;
        if (!found.count) continue;
        for (const [key, number] of Object.entries(found.mix)) mix[key] = (mix[key] || 0) + number;
      }
      if (count) marks.push({ x, y, r: M.cellRadius(count), count, mix, cells, members: [] });
    }
    return marks;
  }

  /**
   * How many of a cell's incidents may lie in a range: triples (first bin, last bin, count) over
   * `spans`, the first and last day of each bin. Good to the length of a bin.
   */
  function countInRange(triples, spans, range) {
    let count = 0;
    for (const [first, last, number] of triples) {
      const found = M.overlap(spans[first][0], spans[last][1], range.from, range.to);
      if (found !== "out") count += number;
    }
    return count;
  }

  /** Counted areas by province: from afar districts are too small to be told apart. */
  function byProvince(areas) {
    const found = new Map();
    for (const { id, within, count, mix } of areas) {
      const key = within ?? id;
      const whole = found.get(key) || { id: key, level: "province", count: 0, mix: {} };
      whole.count += count;
      for (const [kind, number] of Object.entries(mix)) whole.mix[kind] = (whole.mix[kind] || 0) + number;
      found.set(key, whole);
    }
    return [...found.values()];
  }

  /** The discs of marks at a zoom, each once: {incident, r, possible}; `r` in px. */
  function discs(marks, zoom) {
    const found = new Map();
    for (const mark of marks) {
      for (const incident of mark.past ? [] : mark.members) {
        const { lat, lng, radius_m: radius } = incident;
        if (!radius || incident.geo_precision === "site") continue;
        const r = M.metresToPx(radius, lat, zoom);
        const place = [lat, lng, radius].join();
        if (r < mark.r + 3 || found.has(place)) continue;
        found.set(place, { incident, r, possible: Boolean(mark.possible) });
      }
    }
    return [...found.values()];
  }

  return {
    countInRange, prepare, standing, group, areas, split, mixOf, fromGroups, groupCells, fromCells,
    discs, isPlaced, byProvince,
  }; // prettier-ignore
})();
