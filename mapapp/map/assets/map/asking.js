/* What the incident layer asks the server, and what its answers say: view, time bins, areas.
 * Serves the step "JSON to map layer". Adds methods of the layer as globalThis.IncidentAsking. */
"use strict";
globalThis.IncidentAsking = (function () {
  const M = globalThis.TileMath;
  const S = globalThis.IncidentStyle;
  const Marks = globalThis.IncidentMarks;
  const Columns = globalThis.Columns;
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
        this._describe();
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
      const address = this._address("view");
      if (address === this._underway) return;
      this._abort?.abort(); // a newer question makes the older one's answer useless
      const abort = (this._abort = new AbortController());
      const query = this._query;
      this._underway = address;
      this._status.working(true);
      try {
        const answer = this.options.inline
          ? this.options.inline.view
          : await fetchJson(address, abort.signal);
        if (abort.signal.aborted) return;
        answer.query = query;
        // What stands is not taken for what lies in the range: the old picture stays until that is counted.
        const counts = this._range && !this._holdsAll(answer) ? await this._askCounts(answer, abort.signal) : null;
        if (abort.signal.aborted) return;
        this._take(answer, counts);
      } catch (error) {
        if (abort.signal.aborted) return;
        this._status.fault(
          "Incidents could not be loaded: " + error.message, "Try again", () => this._load(true),
        ); // prettier-ignore
      } finally {
        if (this._abort === abort) {
          this._underway = null;
          this._status.working(false);
        }
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
      const query = answer?.query ?? this._query;
      return `${this.options.dataUrl}/${what}?${query ? query + "&" : ""}${own}`;
    },

    _take(answer, counts) {
      this._counts = counts;
      this._answer = {
        ...answer,
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
      this._rescheme();
      this._cursor.refresh();
      this._fitOnce();
    },

    _rescheme() {
      const incidents = this._answer?.incidents || [];
      this._scheme = S.scheme(this._by, incidents, this.options.labels, this._dark);
      this._theme = S.THEMES[this._dark ? "dark" : "light"];
      this._canvas?.redraw();
      this._describe();
    },

    /** The keys are those of the selection, the counts those of the view: the legend stands still. */
    _updateLegend(counts) {
      const all = this._mixOfAll();
      this._legend.update(this._scheme, this._scheme.order.filter((key) => all[key]), counts);
    },

    /** {key: number of incidents} of what the answer holds. */
    _mixOfAll() {
      const { incidents, cells, areas } = this._answer;
      const total = Marks.mixOf(incidents, this._scheme);
      for (const { mix } of [...cells, ...(areas || [])]) {
        for (const [key, count] of Object.entries(mix)) total[key] = (total[key] || 0) + count;
      }
      return total;
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

    /** The server's answer about a view, or about what an answer at hand covers, under the range. */
    _ask(what, answer, view, signal) {
      const { from, to, certain } = this._range || {};
      const days = Object.entries({ from, to })
        .filter(([, day]) => Number.isFinite(day))
        .map(([name, day]) => `&${name}=${M.isoDay(day)}`);
      const seen = `&view=${view.map((degrees, index) => clampDegrees(degrees, index % 2).toFixed(6)).join(",")}`;
      return fetchJson(this._address(what, answer) + seen + days.join("") + (certain ? "&certain=1" : ""), signal);
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
