/* What the incident layer asks the server, and what its answers say: view, time bins, areas.
 * Serves the step "JSON to map layer". Adds methods of the layer as globalThis.IncidentAsking. */
"use strict";
globalThis.IncidentAsking = (function () {
  const M = globalThis.TileMath;
  const S = globalThis.IncidentStyle;
  const Marks = globalThis.IncidentMarks;
  const Columns = globalThis.Columns;
  // Left around a place that the map is led to, degrees: a mark alone does not say where it is.
  const AROUND = 0.1;
  // The files of the base map, and what becomes of each.
  const READ = {
    provinces: (collection) => Basemap.Areas.of(collection),
    districts: (collection) => Basemap.Areas.of(collection),
    world: (topology) => Basemap.ground(topology),
    names: (names) => names,
  };

  return {
    async _loadGeo(level) {
      if (this._geo[level] || this._geo[level + "Asked"]) return;
      this._geo[level + "Asked"] = true;
      try {
        const inline = this.options.inline;
        if (inline && !inline[level]) return; // a page of its own has no more than it brings
        const collection = inline?.[level] || (await fetchJson(`${this.options.geoUrl}/${level}.json`));
        this._geo[level] = READ[level](collection);
        this._base?.redraw();
        this._canvas?.redraw();
        this._sayWhere();
      } catch (error) {
        this._geo[level + "Asked"] = false;
        console.warn("outlines not loaded:", error.message);
        this._status.fault("The map's outlines could not be loaded.", "Try again", () => {
          this._status.say("");
          this._loadGeo(level);
        });
      }
    },

    /** Whether the answer at hand still covers the view. */
    _covered() {
      const answer = this._answer;
      if (!answer || answer.query !== this._query) return false;
      if (answer.mode === "cells" && answer.zoom !== Math.round(this._map.getZoom())) return false;
      if (!answer.covers) return true;
      const [west, south, east, north] = answer.covers;
      return L.latLngBounds([south, west], [north, east]).contains(this._map.getBounds());
    },

    async _load(force) {
      if (this._query === null || (!force && this._covered())) return;
      // A frame that is not laid out yet shows no place; it asks when it gets its size.
      const size = this._map.getSize();
      if (!this.options.inline && !(size.x && size.y)) return;
      this._abort?.abort(); // a newer question makes the older one's answer useless
      const abort = (this._abort = new AbortController());
      const query = this._query;
      this._status.working(true);
      try {
        const answer = this.options.inline
          ? this.options.inline.view
          : await fetchJson(this._address("view"), abort.signal);
        if (abort.signal.aborted) return;
        this._take(answer, query);
      } catch (error) {
        if (abort.signal.aborted) return;
        this._status.fault(
          "Incidents could not be loaded: " + error.message, "Try again", () => this._load(true),
        ); // prettier-ignore
      } finally {
        if (this._abort === abort) this._status.working(false);
      }
    },

    /** The address of a question about the view, or about what an answer at hand covers. */
    _address(what, answer) {
      const covers = answer?.covers;
      const b = covers
        ? L.latLngBounds([covers[1], covers[0]], [covers[3], covers[2]])
        : this._map.getBounds().pad(0.3);
      const bbox = [b.getWest(), b.getSouth(), b.getEast(), b.getNorth()]
        .map((degrees, index) => clampDegrees(degrees, index % 2).toFixed(4))
        .join(",");
      const own = `bbox=${bbox}&zoom=${answer?.zoom ?? Math.round(this._map.getZoom())}`;
      return `${this.options.dataUrl}/${what}?${this._query ? this._query + "&" : ""}${own}`;
    },

    _take(answer, query) {
      this._answer = {
        ...answer,
        query,
        incidents: (answer.incidents || []).map(Marks.prepare),
        cells: answer.cells || [],
      };
      this._byId = new Map(this._answer.incidents.map((incident) => [incident.id, incident]));
      this._areas = Marks.areas(this._answer.incidents);
      if (this._areas.some((area) => area.level === "district")) this._loadGeo("districts");
      this._groups = null;
      this._active = null;
      this._spot.close();
      this._loadBins();
      this._loadAreas();
      this._rescheme();
      this._describe();
      this._cursor.refresh();
    },

    _rescheme() {
      const incidents = this._answer?.incidents || [];
      this._scheme = S.scheme(this._by, incidents, this.options.labels, this._dark);
      this._theme = S.THEMES[this._dark ? "dark" : "light"];
      this._updateLegend();
      this._canvas?.redraw();
    },

    /** The keys are those of the selection, the counts those of the range: the legend stands still. */
    _updateLegend() {
      const all = this._counts(null);
      const keys = this._scheme.order.filter((key) => all[key]);
      this._legend.update(this._scheme, keys, this._range ? this._counts(this._range) : all);
    },

    /** {key: number of incidents} of what the answer holds in a range. */
    _counts(range) {
      if (!this._answer) return {};
      if (this._answer.mode === "cells") {
        const total = {};
        for (const { mix } of [...this._answer.cells, ...this._answer.areas]) {
          for (const [key, count] of Object.entries(mix)) total[key] = (total[key] || 0) + count;
        }
        return range ? {} : total; // bins hold no kinds: under a range the legend counts nothing
      }
      const { certain, possible } = Marks.split(this._answer.incidents, range);
      return Marks.mixOf([...certain, ...possible], this._scheme);
    },

    /** Says in words what of the selection can be seen, for the status line and screen readers. */
    _describe() {
      if (!this._answer) return;
      const { counts, mode } = this._answer;
      const parts = mode === "incidents" ? this._seenIncidents() : this._seenCells();
      if (counts.not_mappable) parts.push(counts.not_mappable.toLocaleString("en") + " not mappable");
      this._status.say(parts.join(" · "), ...this._wayToThem());
      this._updateLegend();
    },

    _seenIncidents() {
      const { certain, possible } = Marks.split(this._answer.incidents, this._range);
      const all = [...certain, ...possible];
      this._boxes = all.map((incident) => this._boxOf(incident));
      const seen = all.filter((_, index) => this._isSeen(this._boxes[index])).length;
      this._seen = seen;
      const [some, number] = [seen, all.length].map((count) => count.toLocaleString("en"));
      const noun = number === "1" ? " incident" : " incidents";
      const words = seen === all.length ? number + noun + " on the map" : `${some} of ${number}${noun} in view`;
      // An answer that is cut to the view does not know how many lie beyond it.
      const parts = [this._answer.covers && seen < all.length ? `${some} incidents in view` : words];
      if (this._range && possible.length) {
        parts.push(possible.length.toLocaleString("en") + " only possibly in the range");
      }
      return parts;
    },

    _seenCells() {
      const areas = this._answer.rangeAreas || this._answer.areas;
      const counted = [
        ...this._answer.cells.map((cell) => [this._boxOf(cell), this._cellCount(cell).count]),
        ...areas.map((area) => [this._boxOf({ ...area, areal: true }), area.count]),
      ].filter(([, count]) => count);
      this._boxes = counted.map(([box]) => box);
      this._seen = counted.reduce((sum, [box, count]) => sum + (this._isSeen(box) ? count : 0), 0);
      return [this._seen.toLocaleString("en") + " incidents in view", "zoom in for single ones"];
    },

    /** Where none of them can be seen: the words of a button, and what leads there. */
    _wayToThem() {
      if (this._seen) return [];
      const boxes = this._boxes.filter(Boolean);
      if (this._answer.covers) return ["Whole country", () => this.home()];
      if (!boxes.length) return [];
      const bounds = L.latLngBounds([]);
      for (const [west, south, east, north] of boxes) {
        bounds.extend([south - AROUND, west - AROUND]).extend([north + AROUND, east + AROUND]);
      }
      return ["Show them", () => this.fly({ bounds })];
    },

    /** [west, south, east, north] of a place: an area's outline as soon as that is at hand; null for none. */
    _boxOf({ areal, area_id, id, level, geo_precision, lat, lng }) {
      const outline = areal && this._outline({ level: level || geo_precision, id: area_id || id });
      if (outline) return outline.outline.bounds;
      return Number.isFinite(lat) && Number.isFinite(lng) ? [lng, lat, lng, lat] : null;
    },

    _isSeen(box) {
      const view = this._map.getBounds();
      return !box || M.boxesOverlap(box, [view.getWest(), view.getSouth(), view.getEast(), view.getNorth()]);
    },

    /** Time bins of the cells are fetched when a range is first set: zooming needs none. */
    async _loadBins() {
      const answer = this._answer;
      if (!this._range || answer?.mode !== "cells" || answer.binsAsked) return;
      answer.binsAsked = true;
      try {
        const bins = await fetchPacked(this._address("bins", answer) + "&step=month");
        const starts = bins.starts.map((iso) => M.dayNumber(iso));
        const spans = starts.map((start) => [start, M.binNext(start, bins.step) - 1]);
        answer.bins = { cells: Columns.triplesByCell(bins), spans };
        this._canvas.redraw();
        this._describe();
      } catch (error) {
        answer.binsAsked = false;
        this._status.fault("Dates could not be loaded: " + error.message, "Try again", () =>
          this._loadBins(),
        );
      }
    },

    /** Counted areas under a range are asked for when it rests: they have no bins to go by. */
    async _loadAreas() {
      const answer = this._answer;
      if (!answer?.areas?.length) return;
      if (!this._range) {
        answer.rangeAreas = null;
        return;
      }
      this._areasAbort?.abort();
      const abort = (this._areasAbort = new AbortController());
      const { from, to, certain } = this._range;
      const days = Object.entries({ from, to })
        .filter(([, day]) => day !== null)
        .map(([name, day]) => `&${name}=${M.isoDay(day)}`);
      try {
        const address = this._address("areas") + days.join("") + (certain ? "&certain=1" : "");
        answer.rangeAreas = (await fetchJson(address, abort.signal)).areas;
        this._canvas.redraw();
        this._describe();
      } catch (error) {
        if (abort.signal.aborted) return;
        this._status.fault("Counts of areas could not be loaded: " + error.message, "Try again", () =>
          this._loadAreas(),
        );
      }
    },
  };

  function clampDegrees(degrees, isLat) {
    const most = isLat ? 85 : 180;
    return Math.max(-most, Math.min(most, degrees));
  }

  async function fetchJson(address, signal) {
    return (await ask(address, signal, "application/json")).json();
  }

  /** An answer whose columns of numbers come as typed arrays; mapapp/web/columns.py packs them. */
  async function fetchPacked(address, signal) {
    const response = await ask(address, signal, Columns.PACKED);
    return Columns.unpack(await response.arrayBuffer());
  }

  async function ask(address, signal, accept) {
    const response = await fetch(address, { signal, headers: { Accept: accept } });
    if (response.ok) return response;
    const body = await response.json().catch(() => null);
    throw new Error(body?.error || `the server answered ${response.status}`);
  }
})();
