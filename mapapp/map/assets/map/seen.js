/* What of the selection lies in the view under the range: counted here where the layer holds all of it,
 * else by the server. Serves the step "map layer → pixel". Adds methods of the layer as
 * globalThis.IncidentSeen. */
"use strict";
globalThis.IncidentSeen = (function () {
  const M = globalThis.TileMath;
  const Marks = globalThis.IncidentMarks;
  // Left around a place that the map is led to, degrees: a mark alone does not say where it is.
  const AROUND = 0.1;

  return {
    /** Says in words what of the selection can be seen, for the status line and screen readers. */
    _describe() {
      if (!this._answer) return;
      const seen = this._holdsAll(this._answer) ? this._seenHere() : this._seenThere();
      if (!seen) {
        if (this._counts?.of !== this._answer.query || this._counts.range !== JSON.stringify(this._rangeKey())) {
          // What was said last is of another selection or range; of another view it stands that long.
          this._status.say("Counting …");
          this._updateLegend(null);
        }
        this._count();
        return;
      }
      this._status.say(this._seenWords(seen).join(" · "), ...this._wayToThem(seen));
      this._updateLegend(seen.mix);
      if (!this._loaded()) return;
      for (const tell of this._waiting?.splice(0) || []) tell(seen);
    },

    /** Whether what is painted is the answer for this very view, on its whole ground. */
    _loaded() {
      const levels = ["world", "provinces", "districts", "names"];
      return this._covered() && levels.every((level) => this._geo[level] || !this._geo[level + "Asked"]);
    },

    /** What there is in the view, as soon as all of it is painted and counted. */
    _whenSeen() {
      return new Promise((resolve) => {
        (this._waiting ??= []).push(resolve);
        this._describe();
      });
    },

    /** Whether nothing is to be counted but what the layer holds. */
    _holdsAll({ mode, covers, areas }) {
      return Boolean(this.options.inline) || (mode === "incidents" && !covers && !areas?.length);
    },

    /** [west, south, east, north] of the map, degrees. */
    _box() {
      const view = this._map.getBounds();
      return [view.getWest(), view.getSouth(), view.getEast(), view.getNorth()];
    },

    /** What there is in the view: {points, areas, total, possible, mix, boxes}, the boxes of all. */
    _seenHere() {
      const view = this._box();
      const { certain, possible } = Marks.split(this._answer.incidents, this._range);
      const seen = { points: 0, areas: 0, total: 0, possible: 0, mix: {}, boxes: [] };
      for (const [incidents, sure] of [[certain, true], [possible, false]]) {
        for (const incident of incidents) {
          const box = this._boxOf(incident);
          seen.total += 1;
          if (box) seen.boxes.push(box);
          if (!this._liesIn(incident, box, view)) continue;
          seen[incident.areal ? "areas" : "points"] += 1;
          if (!sure) seen.possible += 1;
          const key = this._scheme.keyOf(incident);
          seen.mix[key] = (seen.mix[key] || 0) + 1;
        }
      }
      return seen;
    },

    /** The same of what the server has counted for this very view and range, null before. */
    _seenThere() {
      const counts = this._counts;
      if (counts?.key !== this._countsKey()) return null;
      const { mix, sure } = counts.points;
      const points = sum(mix);
      const seen = { points, areas: 0, total: counts.total, possible: points - sure, mix: { ...mix }, boxes: [] };
      if (counts.extent) seen.boxes.push(counts.extent);
      for (const area of counts.areas.filter((one) => one.seen)) {
        seen.areas += area.count;
        seen.possible += area.count - area.sure;
        for (const [key, count] of Object.entries(area.mix)) seen.mix[key] = (seen.mix[key] || 0) + count;
      }
      return seen;
    },

    /** The server's counts of what an answer holds, with the view and the range they are of. */
    async _askCounts(answer, signal) {
      const [key, range] = [this._countsKey(answer), JSON.stringify(this._rangeKey())];
      return { ...(await this._ask("counts", answer, this._box(), signal)), key, range, of: answer.query };
    },

    _countsKey({ query, zoom, covers } = this._answer) {
      return JSON.stringify([query, zoom, covers, this._rangeKey(), this._box()]);
    },

    _rangeKey() {
      const { from, to, certain } = this._range || {};
      return this._range ? [from, to, Boolean(certain)] : [];
    },

    /** Asks the server to count; while it does, of later questions only the last is asked. */
    async _count() {
      if (this._counting) {
        this._countAgain = true;
        return;
      }
      const [answer, key] = [this._answer, this._countsKey()];
      this._counting = true;
      this._countAgain = false;
      try {
        const counts = await this._askCounts(answer);
        if (this._answer === answer) {
          this._counts = counts;
          this._canvas.redraw();
        }
      } catch (error) {
        this._status.fault("Incidents could not be counted: " + error.message, "Try again", () => {
          this._status.say("");
          this._describe();
        });
      } finally {
        this._counting = false;
      }
      if (this._countAgain || this._answer !== answer || this._countsKey() !== key) this._describe();
      else if (this._counts?.key === key) this._describe();
    },

    /** Counts of the server for the range, or for the step before until this one is counted; null before the
     *  first. Time bins hold no incident without any day, and months only: they are but a first picture. */
    _rangeCounts() {
      const counts = this._counts;
      return this._range && counts?.of === this._answer.query && counts.range !== "[]" ? counts : null;
    },

    /** Counted areas under the range, never those of all days. */
    _countedAreas() {
      return (this._range ? this._rangeCounts()?.areas : this._answer.areas) || [];
    },

    _seenWords({ points, areas, total, possible }) {
      const say = (count) => count.toLocaleString("en");
      const all = points + areas === total;
      const noun = (all ? points : total) === 1 ? "incident" : "incidents";
      const parts = [all ? `${say(points)} ${noun} in view` : `${say(points)} of ${say(total)} ${noun} in view`];
      if (areas) parts.push(`and ${say(areas)} known only to areas here`);
      if (possible) parts.push(say(possible) + " only possibly in the range");
      // How many of these lie in a range is not known here; the figures above the map say it.
      const { not_mappable: placeless } = this._answer.counts;
      if (placeless && !this._range) parts.push(say(placeless) + " not mappable");
      return parts;
    },

    /** Where none of them can be seen: the words of a button, and what leads there. */
    _wayToThem({ points, areas, total, boxes }) {
      if (points || areas === total || !boxes.length) return [];
      return ["Show them", () => this._showBoxes(boxes)];
    },

    /** Moves the map to where boxes [west, south, east, north] lie. */
    _showBoxes(boxes) {
      const bounds = L.latLngBounds([]);
      for (const [west, south, east, north] of boxes) {
        bounds.extend([south - AROUND, west - AROUND]).extend([north + AROUND, east + AROUND]);
      }
      this.fly({ bounds });
    },

    /** [west, south, east, north] of a place: an area's outline as soon as that is at hand; null for none. */
    _boxOf({ areal, area_id, id, level, geo_precision, lat, lng }) {
      const outline = areal && this._outline({ level: level || geo_precision, id: area_id || id });
      if (outline) return outline.outline.bounds;
      return Number.isFinite(lat) && Number.isFinite(lng) ? [lng, lat, lng, lat] : null;
    },

    /** Whether a place lies in the view; an area, if any part of it does. */
    _liesIn({ areal, area_id, id, level, geo_precision }, box, view) {
      if (!box || !M.boxesOverlap(box, view)) return false;
      const found = areal && this._outline({ level: level || geo_precision, id: area_id || id });
      return !found || M.geometryMeetsBox(found.outline.geometry, view);
    },
  };

  function sum(mix) {
    return Object.values(mix).reduce((total, count) => total + count, 0);
  }
})();
