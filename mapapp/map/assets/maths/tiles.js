/* The map's mathematics, free of the DOM and of Leaflet: projection, sizes, time, clusters, hits.
 * Serves the steps "tile/JSON → map layer → pixel". A plain script: it sets globalThis.TileMath. */
"use strict";
globalThis.TileMath = (function () {
  const TILE_PX = 256;
  const MAX_LAT = 85.0511287798066; // where web mercator makes the world a square
  const EARTH_M = 40075016.686; // circumference at the equator, metres
  const DAY_MS = 86400000;
  const CUT_ABOVE = 10; // times the usual height: bars of it would be 5 px high and less

  // ---- projection -----------------------------------------------------------------------------

  /** World pixels at a zoom of a place in degrees; x grows east, y grows south. */
  function project(lng, lat, zoom) {
    const size = TILE_PX * 2 ** zoom;
    const sin = Math.sin((Math.max(-MAX_LAT, Math.min(MAX_LAT, lat)) * Math.PI) / 180);
    return {
      x: (lng / 360 + 0.5) * size,
      y: (0.5 - (0.25 * Math.log((1 + sin) / (1 - sin))) / Math.PI) * size,
    };
  }

  /** Degrees of world pixels at a zoom. */
  function unproject(x, y, zoom) {
    const size = TILE_PX * 2 ** zoom;
    const turn = (0.5 - y / size) * 2 * Math.PI;
    return {
      lng: (x / size - 0.5) * 360,
      lat: (Math.atan(Math.sinh(turn)) * 180) / Math.PI,
    };
  }

  /** Indices of the tile that holds a place. */
  function tileOf(lng, lat, zoom) {
    const last = 2 ** zoom - 1;
    const at = project(lng, lat, zoom);
    const index = (value) => Math.max(0, Math.min(last, Math.floor(value / TILE_PX)));
    return { x: index(at.x), y: index(at.y), z: zoom };
  }

  /** [west, south, east, north] of a tile, degrees. */
  function tileBounds(x, y, zoom) {
    const nw = unproject(x * TILE_PX, y * TILE_PX, zoom);
    const se = unproject((x + 1) * TILE_PX, (y + 1) * TILE_PX, zoom);
    return [nw.lng, se.lat, se.lng, nw.lat];
  }

  /** Pixels that a ground distance takes at a latitude and zoom. */
  function metresToPx(metres, lat, zoom) {
    const circumference = EARTH_M * Math.cos((lat * Math.PI) / 180);
    return (metres / circumference) * TILE_PX * 2 ** zoom;
  }

  // ---- sizes: square-root scales, so that area and not radius carries the number ----------------

  const MARK = { min: 6, unknown: 6, max: 22, perRoot: 1.55 };
  const CELL = { min: 11, max: 24, perRoot: 0.9 };

  /** Radius in px of an incident by reported killed; null (not reported) has a size of its own. */
  function markRadius(killed) {
    if (killed === null || killed === undefined) return MARK.unknown;
    return Math.min(MARK.max, MARK.min + MARK.perRoot * Math.sqrt(Math.max(0, killed)));
  }

  /** Radius in px of a cell or cluster by its number of incidents. */
  function cellRadius(count) {
    return Math.min(CELL.max, CELL.min + CELL.perRoot * Math.sqrt(Math.max(0, count - 1)));
  }

  // ---- time: whole days as integers, open sides as ±Infinity ------------------------------------

  /** Days since 1970-01-01 of an ISO day, null where there is none or it is no day. */
  function dayNumber(iso) {
    if (typeof iso !== "string") return null;
    const parts = /^(-?\d{4,6})-(\d\d)-(\d\d)/.exec(iso);
    if (!parts) return null;
    const ms = Date.UTC(+parts[1], +parts[2] - 1, +parts[3]);
    const day = Math.round(ms / DAY_MS);
    return Number.isFinite(day) && isoDay(day) === parts[0] ? day : null;
  }

  /** The ISO day of a day number. */
  function isoDay(day) {
    return new Date(day * DAY_MS).toISOString().slice(0, 10);
  }

  /** Whether earliest..latest lies in from..to: "certain", "possible" or "out". Null is open. */
  function overlap(earliest, latest, from, to) {
    const start = earliest ?? -Infinity;
    const end = latest ?? Infinity;
    const low = from ?? -Infinity;
    const high = to ?? Infinity;
    if (end < low || start > high) return "out";
    return start >= low && end <= high ? "certain" : "possible";
  }

  /** First day of the step ("day", "week" from Monday, "month") that holds a day. */
  function binStart(day, step) {
    if (step === "week") return day - ((((day + 3) % 7) + 7) % 7); // 1970-01-01 was a Thursday
    if (step === "month") {
      const at = new Date(day * DAY_MS);
      return Math.round(Date.UTC(at.getUTCFullYear(), at.getUTCMonth(), 1) / DAY_MS);
    }
    return day;
  }

  /** First day of the step that follows the one starting at `start`; `by` steps on or back. */
  function binNext(start, step, by = 1) {
    if (step === "week") return start + 7 * by;
    if (step === "month") {
      const at = new Date(start * DAY_MS);
      return Math.round(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + by, 1) / DAY_MS);
    }
    return start + by;
  }

  /** First days of all steps from the one that holds `from` to the one that holds `to`. */
  function binsBetween(from, to, step) {
    const found = [];
    for (let at = binStart(from, step); at <= to; at = binNext(at, step)) found.push(at);
    return found;
  }

  /**
   * The count that bars of a histogram are drawn up to, so that few very high ones do not flatten all others.
   * `usual` is what 95 of 100 bins with anything stay within: where the highest is more than `CUT_ABOVE` times
   * that, twice it, and what is higher is to be shown as cut off; else the highest.
   */
  function barTop(counts) {
    const sorted = counts.filter((count) => count > 0).sort((a, b) => b - a);
    const [most] = sorted.length ? sorted : [1];
    const usual = sorted[Math.ceil(sorted.length / 20)] ?? most;
    return most > CUT_ABOVE * usual ? 2 * usual : most;
  }

  // ---- mixes ------------------------------------------------------------------------------------

  /**
   * Ring segments of a mix {key: count} in the given order, clockwise from the top, radians.
   * Every key that is there keeps at least `least` radians, so that one among many is still seen.
   */
  function ringSegments(mix, order, least = 0.28) {
    const keys = order.filter((key) => mix[key] > 0);
    const total = keys.reduce((sum, key) => sum + mix[key], 0);
    if (!total) return [];
    const full = 2 * Math.PI;
    const floor = Math.min(least, full / keys.length);
    const free = full - floor * keys.length;
    let at = -Math.PI / 2;
    return keys.map((key) => {
      const start = at;
      at += floor + (free * mix[key]) / total;
      return { key, start, end: at };
    });
  }

  /** The key with the largest count, the earlier in `order` of equals; null of an empty mix. */
  function leading(mix, order) {
    return order.reduce((best, key) => ((mix[key] || 0) > (best ? mix[best] : 0) ? key : best), null);
  }

  // ---- clusters and hits --------------------------------------------------------------------------

  /**
   * Groups of points that lie within `radius` px of a group's first point, by a hash grid: time is
   * linear and the outcome depends on the points' order and place only, not on the view.
   * `points` have x and y; returns [{x, y, members}] with the members' mean place.
   */
  function cluster(points, radius) {
    const cells = new Map();
    const groups = [];
    const reach = Math.max(radius, 0.5);
    points.forEach((point, index) => {
      const cx = Math.floor(point.x / reach);
      const cy = Math.floor(point.y / reach);
      let best = null;
      let bestDistance = reach;
      for (let i = cx - 1; i <= cx + 1; i++) {
        for (let j = cy - 1; j <= cy + 1; j++) {
          for (const group of cells.get(i + ":" + j) || []) {
            const distance = Math.hypot(group.x0 - point.x, group.y0 - point.y);
            if (distance <= bestDistance) [best, bestDistance] = [group, distance];
          }
        }
      }
      if (best) {
        best.members.push(index);
        return;
      }
      const group = { x0: point.x, y0: point.y, members: [index] };
      groups.push(group);
      const key = cx + ":" + cy;
      cells.set(key, [...(cells.get(key) || []), group]);
    });
    return groups.map((group) => {
      const mean = (axis) =>
        group.members.reduce((sum, index) => sum + points[index][axis], 0) / group.members.length;
      return { x: mean("x"), y: mean("y"), members: group.members };
    });
  }

  /** The mark {x, y, r} nearest to a point, within its radius plus `slop` px; null if none. */
  function hit(x, y, marks, slop = 4) {
    let best = null;
    let bestDistance = Infinity;
    for (const mark of marks) {
      const distance = Math.hypot(mark.x - x, mark.y - y);
      if (distance <= mark.r + slop && distance <= bestDistance) {
        [best, bestDistance] = [mark, distance];
      }
    }
    return best;
  }

  /** Whether a place is in a GeoJSON Polygon or MultiPolygon (even-odd, holes respected). */
  function inGeometry(lng, lat, geometry) {
    const polygons =
      geometry.type === "MultiPolygon" ? geometry.coordinates : [geometry.coordinates];
    return polygons.some((rings) => rings.filter((ring) => inRing(lng, lat, ring)).length % 2 === 1);
  }

  function inRing(lng, lat, ring) {
    let inside = false;
    for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
      const [xi, yi] = ring[i];
      const [xj, yj] = ring[j];
      if (yi > lat !== yj > lat && lng < ((xj - xi) * (lat - yi)) / (yj - yi) + xi) inside = !inside;
    }
    return inside;
  }

  /** Line segments of a 45° hatch that tiles a `size` px square without a seam. */
  function hatchTile(size) {
    return [
      [0, size, size, 0],
      [-size / 2, size / 2, size / 2, -size / 2],
      [size / 2, size * 1.5, size * 1.5, size / 2],
    ];
  }

  /** Whether two boxes {x, y, w, h} (top left, px) overlap. */
  function boxesMeet(a, b) {
    return a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;
  }

  /** Whether two boxes [west, south, east, north] (degrees) have a point in common. */
  function boxesOverlap(a, b) {
    return a[0] <= b[2] && b[0] <= a[2] && a[1] <= b[3] && b[1] <= a[3];
  }

  /** Whether any part of a GeoJSON Polygon or MultiPolygon lies in a box [west, south, east, north]. */
  function geometryMeetsBox(geometry, box) {
    const [west, south, east, north] = box;
    const polygons = geometry.type === "MultiPolygon" ? geometry.coordinates : [geometry.coordinates];
    const crosses = (ring) =>
      ring.some((point, index) => index > 0 && segmentMeetsBox(ring[index - 1], point, box));
    // An outline that crosses no side of the box holds all of it or nothing.
    return polygons.some((rings) => rings.some(crosses)) ||
      inGeometry((west + east) / 2, (south + north) / 2, geometry); // prettier-ignore
  }

  /** Whether a segment has a point in a box (Liang and Barsky: clipped by each side in turn). */
  function segmentMeetsBox([x0, y0], [x1, y1], [west, south, east, north]) {
    let [from, to] = [0, 1];
    for (const [step, gap] of [[x0 - x1, x0 - west], [x1 - x0, east - x0], [y0 - y1, y0 - south], [y1 - y0, north - y0]]) {
      if (step === 0) {
        if (gap < 0) return false;
      } else if (step < 0) from = Math.max(from, gap / step);
      else to = Math.min(to, gap / step);
    }
    return from <= to;
  }

  return {
    project, unproject, tileOf, tileBounds, metresToPx, markRadius, cellRadius, dayNumber, isoDay,
    overlap, binStart, binNext, binsBetween, barTop, ringSegments, leading, cluster, hit, inGeometry,
    hatchTile, boxesMeet, boxesOverlap, geometryMeetsBox,
  }; // prettier-ignore
})();
