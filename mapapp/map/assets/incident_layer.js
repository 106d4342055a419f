/* The incident layer: asks the server what a selection shows in the view, draws it, and lets every
 * incident be picked by mouse, touch and keyboard. Serves the step "map layer → pixel".
 * A plain script on Leaflet alone: it sets globalThis.IncidentLayer and runs in any page. */
"use strict";
globalThis.IncidentLayer = (function () {
  const M = globalThis.TileMath;
  const S = globalThis.IncidentStyle;
  const P = globalThis.IncidentPaint;
  const Panel = globalThis.IncidentPanel;
  const Marks = globalThis.IncidentMarks;
  const Link = globalThis.IncidentLink;
  const Columns = globalThis.Columns;
  const LIST_UP_TO = 24; // a larger cluster is zoomed into first
  const MANY_AREAS = 12;
  // Where an area's count may go, in half widths and heights from its label point.
  const ASIDE = [[0, 0], [0, 1], [0, -1], [1, 0], [-1, 0], [1, 1], [-1, 1], [1, -1], [-1, -1], [0, 2], [0, -2], [2, 0], [-2, 0]]; // prettier-ignore

  return L.Layer.extend({
    /* options: dataUrl, geoUrl; labels {kinds, actors, event_types}; bounds [[s, w], [n, e]];
     * overTiles (an online basemap lies below); inline {view, provinces, districts}: data in the
     * page itself, nothing is fetched. */
    initialize(options) {
      L.setOptions(this, options);
      this._query = null;
      this._answer = null;
      this._range = null;
      this._selected = null;
      this._active = null;
      this._by = "kind";
      this._marks = [];
      this._badges = [];
      this._geo = { provinces: null, districts: null };
      this._dark = matchMedia("(prefers-color-scheme: dark)").matches;
    },

    onAdd(map) {
      const container = map.getContainer();
      container.classList.add("incident-map");
      container.setAttribute("role", "region");
      container.setAttribute("aria-label", "Map of incidents");
      map.incidentLayer = this;

      this._base = new CanvasLayer((ctx, view) => this._paintBase(ctx, view)).addTo(map);
      this._canvas = new CanvasLayer((ctx, view) => this._paintMarks(ctx, view)).addTo(map);
      map.attributionControl?.setPrefix(false).addAttribution(this.options.attribution);
      homeControl(() => this.home()).addTo(map);
      this._legend = new Panel.Legend(container);
      this._status = new Panel.Status(container);
      this._spot = new Panel.SpotList(container, {
        onPick: (id) => this._pick([id]),
        onClose: () => this._onListClosed(),
      });
      this._tooltip = new Panel.Tooltip(container);
      this._cursor = makeCursor(container, this);
      Panel.touchHint(container);
      this._guardTouch(container);
      this._noteMoves(container);

      map.on("click", this._onClick, this);
      map.on("mousemove", this._onHover, this);
      map.on("mouseout", this._onLeave, this);
      map.on("movestart", this._onLeave, this);
      map.on("moveend", this._onMoveEnd, this);
      map.on("resize", this._onResize, this);
      this._stopListening = Link.listen({
        time: (m) => this.setTime(m),
        select: (m) => this.setSelected(m.id ?? null),
        theme: (m) => this.setDark(Boolean(m.dark)),
        fly: (m) => this.fly(m),
        colour: (m) => this.setColour(m.by),
        filter: (m) => this.setFilter(m),
        view: (m) => this._follow(m),
        hello: () => Link.tell({ type: "ready" }),
      });
      this.setDark(this._dark);
      this._firstView();
      this._loadGeo("provinces");
      if (this.options.inline) this.setFilter({ query: "" });
      Link.tell({ type: "ready" });
    },

    onRemove(map) {
      this._stopListening();
      this._abort?.abort();
      map.off(null, null, this);
      for (const layer of [this._base, this._canvas]) layer.remove();
    },

    // ---- what the page sets -----------------------------------------------------------------------

    /** What is shown: `query` (URL form of the selection without dates), and optionally `from`,
     *  `to` (ISO days), `certain` (only what lies there for certain), `selected`, `colour`, `dark`.
     *  The same again changes nothing. */
    setFilter({ query, from, to, certain, selected, colour, dark }) {
      if (dark !== undefined && dark !== null) this.setDark(dark);
      if (colour) this.setColour(colour);
      if (selected !== undefined) this.setSelected(selected);
      if (certain !== undefined) this._certain = Boolean(certain);
      if (from !== undefined || to !== undefined) this.setTime({ from, to });
      if (query === this._query) return;
      this._query = query;
      this._load(true);
    },

    /** The range of time shown, ISO days or null; `trail` keeps earlier incidents as faint dots. */
    setTime({ from, to, playing, trail }) {
      const [low, high] = [M.dayNumber(from), M.dayNumber(to)];
      this._range = low === null && high === null ? null : { from: low, to: high, trail };
      if (this._range) this._range.certain = this._certain;
      this._loadBins();
      this._canvas.redraw();
      if (playing) return;
      this._describe();
      this._loadAreas();
    },

    setSelected(id) {
      this._selected = id;
      this._spot.mark(id);
      this._canvas?.redraw();
    },

    setColour(by) {
      if (by === this._by || !["kind", "group", "event_type"].includes(by)) return;
      this._by = by;
      this._rescheme();
    },

    setDark(dark) {
      this._dark = dark;
      this._map.getContainer().classList.toggle("im-dark", dark);
      this._rescheme();
      this._base.redraw();
    },

    /** Moves to {lat, lng, zoom} or {bounds: [[s, w], [n, e]]}. */
    fly({ lat, lng, zoom, bounds }) {
      this._moved = true;
      const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
      const options = { animate: !calm };
      if (bounds) this._map.flyToBounds(bounds, { ...options, maxZoom: 13 });
      else this._map.flyTo([lat, lng], zoom ?? Math.max(this._map.getZoom(), 10), options);
    },

    // ---- the view -------------------------------------------------------------------------------------

    _firstView() {
      const view = Link.readView();
      if (view) {
        this._moved = true;
        this._map.setView([view.lat, view.lng], view.zoom, { animate: false });
      } else {
        this._fit();
      }
    },

    /** The whole country again, at any size. */
    home() {
      this._moved = false;
      this._fit();
      Link.clearView();
      Link.share({ type: "view" });
    },

    /** Shows what another map of the page was moved to; without a place, the whole country. */
    _follow({ lat, lng, zoom }) {
      this._following = true;
      this._moved = zoom !== undefined;
      if (this._moved) this._map.setView([lat, lng], zoom, { animate: false });
      else this._fit();
      this._following = false;
    },

    _fit() {
      // Measured now: the frame may have grown since the legend was last laid out.
      this._legend.fit();
      // The legend's row fills when the first answer comes; the fit leaves room for it.
      const below = this._legend.beside ? 12 : Math.max(46, this._legend.element.offsetHeight) + 24;
      this._map.fitBounds(this.options.bounds, {
        animate: false,
        paddingTopLeft: [8, this._legend.beside ? 12 : 34],
        paddingBottomRight: [8, below],
      });
      this._touched = false;
    },

    _onResize() {
      this._legend.fit();
      if (!this._moved) this._fit();
    },

    _onMoveEnd() {
      const map = this._map;
      // A view that nobody chose (the first fit, a resize) is not part of the link.
      if (this._touched || this._moved) {
        this._moved = true;
        const centre = map.getCenter();
        Link.writeView(centre.lat, centre.lng, map.getZoom());
        const view = { lat: centre.lat, lng: centre.lng, zoom: map.getZoom() };
        if (!this._following) Link.share({ type: "view", ...view });
      }
      if (map.getZoom() >= Basemap.DISTRICTS_FROM_ZOOM) this._loadGeo("districts");
      this._load(false);
    },

    // What a reader does to move the map; a click on a mark that opens a panel beside it, and so
    // gives the map another size, is no such thing.
    _noteMoves(container) {
      const touched = () => (this._touched = true);
      this._map.on("dragstart boxzoomstart", touched);
      const on = (kind, is) => {
        const listener = (event) => is(event) && touched();
        container.addEventListener(kind, listener, { capture: true, passive: true });
      };
      on("wheel", () => true);
      on("dblclick", () => true);
      on("click", (event) => event.target.closest(".leaflet-control-zoom"));
      on("keydown", (event) => event.target === container);
      on("touchstart", (event) => event.touches.length > 1);
    },

    // One finger scrolls the page (CSS touch-action), two move and zoom the map; a mouse drags.
    _guardTouch(container) {
      container.addEventListener(
        "pointerdown",
        (event) => {
          if (event.pointerType === "touch") this._map.dragging.disable();
          else this._map.dragging.enable();
        },
        { capture: true, passive: true },
      );
    },

    // ---- data --------------------------------------------------------------------------------------------

    async _loadGeo(level) {
      if (this._geo[level] || this._geo[level + "Asked"]) return;
      this._geo[level + "Asked"] = true;
      try {
        const inline = this.options.inline?.[level];
        const collection = inline || (await fetchJson(`${this.options.geoUrl}/${level}.json`));
        this._geo[level] = new Basemap.Areas(collection);
        this._base?.redraw();
        this._canvas?.redraw();
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

    /** Says in words what the map shows, for the status line and screen readers. */
    _describe() {
      if (!this._answer) return;
      const { counts } = this._answer;
      const parts = [];
      if (this._answer.mode === "incidents") {
        const { certain, possible } = Marks.split(this._answer.incidents, this._range);
        const number = certain.length + possible.length;
        parts.push(number + (number === 1 ? " incident" : " incidents") + " on the map");
        if (this._range && possible.length) {
          parts.push(possible.length + " only possibly in the range");
        }
      } else {
        parts.push(this._cellTotal().toLocaleString("en") + " incidents in view");
        parts.push("zoom in for single ones");
      }
      if (counts.not_mappable) parts.push(counts.not_mappable + " not mappable");
      this._status.say(parts.join(" · "));
      this._updateLegend();
    },

    // ---- painting --------------------------------------------------------------------------------------

    _paintBase(ctx, view) {
      const overTiles = Boolean(this.options.overTiles);
      Basemap.paint(ctx, view, { ...this._geo, theme: this._theme, overTiles });
    },

    _paintMarks(ctx, view) {
      if (!this._answer || !this._scheme) return;
      this._paintAreas(ctx, view);
      this._marks = this._currentMarks(view.zoom);
      this._paintDiscs(ctx, view);
      const [scheme, theme] = [this._scheme, this._theme];
      for (const mark of this._marks) {
        const [x, y] = [mark.x - view.x, mark.y - view.y];
        if (x < -40 || y < -40 || x > view.width + 40 || y > view.height + 40) continue;
        if (mark.past) P.past(ctx, x, y, theme);
        else if (mark.incident) P.dot(ctx, x, y, mark, scheme, theme);
        else P.cluster(ctx, x, y, mark, scheme, theme);
      }
      this._paintBadges(ctx, view);
      this._paintHalos(ctx, view);
    },

    _currentMarks(zoom) {
      const cells = this._answer.mode === "cells";
      if (!this._groups || this._groups.zoom !== zoom) {
        const list = cells
          ? Marks.groupCells(this._answer.cells, zoom)
          : Marks.group(this._answer.incidents, zoom);
        this._groups = { zoom, list };
      }
      if (cells) return Marks.fromCells(this._groups.list, (cell) => this._cellCount(cell));
      return Marks.fromGroups(this._groups.list, this._range, this._scheme);
    },

    /** A cell's {count, mix} under the range; until its time bins have come, without it. */
    _cellCount(cell) {
      const bins = this._answer.bins;
      if (!this._range || !bins) return cell;
      const count = Marks.countInRange(bins.cells[cell.key] || [], bins.spans, this._range);
      return { count, mix: cell.mix, approximate: true };
    },

    /** How many incidents the cells and areas of the answer hold, under the range. */
    _cellTotal() {
      const areas = this._answer.rangeAreas || this._answer.areas;
      const sum = (numbers) => numbers.reduce((total, number) => total + number, 0);
      return (
        sum(this._answer.cells.map((cell) => this._cellCount(cell).count)) +
        sum(areas.map((area) => area.count))
      );
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

    /** Areas with something in the range: {id, members, count, key, possible}. */
    _shownAreas() {
      const counted = this._answer.rangeAreas || this._answer.areas || [];
      const shown = counted.map((area) => this._countedArea(area));
      for (const area of this._areas) {
        const { certain, possible } = Marks.split(area.members, this._range);
        const members = [...certain, ...possible];
        if (!members.length) continue;
        const key = M.leading(Marks.mixOf(members, this._scheme), this._scheme.order);
        shown.push({ ...area, members, count: members.length, key, possible: !certain.length });
      }
      return shown.filter((area) => Number.isFinite(area.lat));
    },

    /** An area of which the server gave counts only. */
    _countedArea(area) {
      const at = this._outline(area)?.outline;
      const byKind = S.scheme("kind", [], this.options.labels, this._dark);
      const key = this._by === "kind" ? M.leading(area.mix, byKind.order) : "";
      return { ...area, lat: at?.lat, lng: at?.lng, members: [], key, possible: false };
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

    _outline(area) {
      const areas = area.level === "district" ? this._geo.districts : this._geo.provinces;
      const outline = areas?.byId.get(area.id);
      return outline ? { areas, outline } : null;
    },

    _paintAreas(ctx, view) {
      this._visibleAreas = this._shownAreas();
      for (const area of this._visibleAreas) {
        const found = this._outline(area);
        if (!found) continue;
        const style = {
          colour: this._scheme.colour(area.key),
          theme: this._theme,
          possible: area.possible,
          lit: this._isLit(area.members),
          fade:
            fadeOf(found.areas.path(found.outline, view.zoom), view) *
            (this._visibleAreas.length > MANY_AREAS ? 0.4 : 1),
        };
        Basemap.withArea(ctx, view, found.areas, found.outline, (p) => P.area(ctx, p, style));
      }
    },

    _isLit(members) {
      const lit = [this._selected, this._active];
      return members.some((incident) => lit.includes(incident.id));
    },

    _paintDiscs(ctx, view) {
      const drawn = new Set();
      for (const mark of this._marks) {
        for (const incident of mark.past ? [] : mark.members) {
          if (!incident.radius_m || incident.geo_precision === "site") continue;
          const place = [incident.lat, incident.lng, incident.radius_m].join();
          const r = M.metresToPx(incident.radius_m, incident.lat, view.zoom);
          if (drawn.has(place) || r < mark.r + 3) continue;
          drawn.add(place);
          const at = M.project(incident.lng, incident.lat, view.zoom);
          P.disc(ctx, at.x - view.x, at.y - view.y, r, {
            colour: this._scheme.colour(this._scheme.keyOf(incident)),
            possible: mark.possible,
            lit: this._isLit([incident]),
          });
        }
      }
    },

    /** Counts of areas, moved aside where a mark or another count lies in the way. */
    _paintBadges(ctx, view) {
      this._badges = [];
      const taken = this._marks
        .filter((mark) => !mark.past)
        .map((m) => ({ x: m.x - m.r - 2, y: m.y - m.r - 2, w: 2 * m.r + 4, h: 2 * m.r + 4 }));
      for (const area of this._visibleAreas) {
        const at = M.project(area.lng, area.lat, view.zoom);
        const { w, h } = P.badgeSize(ctx, area.count);
        const boxes = ASIDE.map(([dx, dy]) => ({
          x: at.x + dx * (w / 2 + 16) - w / 2,
          y: at.y + 12 + dy * (h / 2 + 16) - h / 2,
          w,
          h,
        }));
        const free = boxes.find((b) => !taken.some((t) => M.boxesMeet(b, t)));
        // Few areas always have their count; of many, those that fit; the rest on hover.
        if (!free && this._visibleAreas.length > MANY_AREAS) continue;
        const box = free || boxes[0];
        taken.push(box);
        const badge = { ...box, area, count: area.count };
        this._badges.push(badge);
        P.badge(
          ctx,
          {
            ...badge, x: box.x - view.x, y: box.y - view.y,
            colour: this._scheme.colour(area.key), lit: this._isLit(area.members),
          }, // prettier-ignore
          this._theme,
        );
      }
    },

    _paintHalos(ctx, view) {
      for (const [id, colour] of [
        [this._selected, this._theme.select],
        [this._active, this._theme.focus],
      ]) {
        if (id === null) continue;
        const mark = this._marks.find((m) => m.members.some((incident) => incident.id === id));
        if (mark) P.halo(ctx, mark.x - view.x, mark.y - view.y, mark.r, this._theme, colour);
      }
    },

    // ---- picking -----------------------------------------------------------------------------------------

    /** What lies under a point of the map: {mark}, {area, members} or null. */
    _at(latlng, slop) {
      const zoom = this._map.getZoom();
      const { x, y } = M.project(latlng.lng, latlng.lat, zoom);
      const mark = M.hit(x, y, this._marks, slop);
      if (mark) return { mark, members: mark.members, x: mark.x, y: mark.y, r: mark.r };
      const inBox = (b) => x >= b.x - 4 && y >= b.y - 4 && x <= b.x + b.w + 4 && y <= b.y + b.h + 4;
      const badge = this._badges.find(inBox);
      if (badge) {
        const [bx, by] = [badge.x + badge.w / 2, badge.y + badge.h / 2];
        return { area: badge.area, members: badge.area.members, x: bx, y: by, r: badge.h / 2 };
      }
      for (const area of this._visibleAreas || []) {
        const geometry = this._outline(area)?.outline.geometry;
        if (geometry && M.inGeometry(latlng.lng, latlng.lat, geometry)) {
          return { area, members: area.members, x, y, r: 4 };
        }
      }
      return null;
    },

    _onClick(event) {
      const coarse = event.originalEvent?.pointerType === "touch";
      const found = this._at(event.latlng, coarse ? 16 : 4);
      if (!found) {
        this._spot.close();
        return;
      }
      this._open(found);
    },

    /** Opens what was found: one incident is picked, several are listed, many are zoomed into. */
    _open(found) {
      this._tooltip.hide();
      const { members, mark } = found;
      if (mark?.cells) {
        this._openCells(mark.cells);
        return;
      }
      if (!members.length) {
        this._showTooltip(found); // an area of which only counts are known
        return;
      }
      if (members.length === 1) {
        this._spot.close();
        this._pick([members[0].id]);
        return;
      }
      if (mark && members.length > LIST_UP_TO && this._zoomInto(members)) return;
      const where = found.area ? this._outline(found.area)?.outline.name : null;
      const title = where
        ? `${members.length} known only to ${where}`
        : `${members.length} incidents here`;
      this._spot.show(title, byDate(members), {
        labels: this.options.labels,
        scheme: this._scheme,
        selected: this._selected,
        onZoom: mark && this._canZoomInto(members) ? () => this._zoomInto(members) : null,
      });
      if (document.activeElement === this._cursor.element) this._spot.focus();
    },

    _openCells(cells) {
      const [cell] = cells;
      if (cells.length === 1 && cell.count === 1) {
        this._pick([cell.id]);
        return;
      }
      this._moved = true;
      this._map.setView([cell.lat, cell.lng], Math.min(18, this._map.getZoom() + 2));
    },

    /** Whether coming closer parts incidents that share a mark. */
    _canZoomInto(members) {
      return this._zoomFor(members) > this._map.getZoom() + 0.5;
    },

    _zoomFor(members) {
      const bounds = L.latLngBounds(members.map((incident) => [incident.lat, incident.lng]));
      const same = bounds.getSouthWest().equals(bounds.getNorthEast(), 1e-6);
      return same ? 0 : Math.min(16, this._map.getBoundsZoom(bounds, false, L.point(120, 120)));
    },

    _zoomInto(members) {
      if (!this._canZoomInto(members)) return false;
      const bounds = L.latLngBounds(members.map((incident) => [incident.lat, incident.lng]));
      this._moved = true;
      this._spot.close();
      this._map.setView(bounds.getCenter(), this._zoomFor(members));
      return true;
    },

    _pick(ids) {
      this.setSelected(ids[0]);
      Link.tell({ type: "pick", ids });
    },

    _onListClosed() {
      if (this._spot.element.contains(document.activeElement)) this._cursor.element.focus();
    },

    _onHover(event) {
      if (event.originalEvent?.pointerType === "touch" || this._cursor.focused) return;
      const found = this._at(event.latlng, 3);
      this._map.getContainer().classList.toggle("im-over", Boolean(found));
      const active = found?.members.length === 1 ? found.members[0].id : null;
      if (active !== this._active) {
        this._active = active;
        this._canvas.redraw();
      }
      if (found) this._showTooltip(found);
      else this._tooltip.hide();
    },

    _onLeave() {
      if (this._cursor.focused) return;
      this._tooltip.hide();
      if (this._active !== null) {
        this._active = null;
        this._canvas.redraw();
      }
    },

    _showTooltip({ mark, area, members, x, y, r }) {
      const labels = this.options.labels;
      let lines;
      if (members.length === 1) {
        lines = Panel.summary(members[0], labels);
      } else {
        const mix = mark?.mix || area?.mix || Marks.mixOf(members, this._scheme);
        const number = mark ? mark.count : area.count;
        const place = area ? this._outline(area)?.outline.name : null;
        const words = this._scheme.order
          .filter((key) => mix[key])
          .map((key) => mix[key] + " " + this._scheme.label(key));
        const title = number + " incidents" + (place ? ", known only to " + place : "");
        lines = [
          Panel.make("strong", { className: "im-title", text: title }),
          Panel.make("span", { className: "im-line", text: words.join(" · ") }),
        ];
      }
      const at = this._map.layerPointToContainerPoint(
        L.point(x, y).subtract(this._map.getPixelOrigin()),
      );
      this._tooltip.show(at.x, at.y, r, lines);
    },

    // ---- keyboard -----------------------------------------------------------------------------------------

    /** Incidents in the range, by date: what the arrow keys go through. */
    _sequence() {
      if (this._answer?.mode !== "incidents") return [];
      const { certain, possible } = Marks.split(this._answer.incidents, this._range);
      return byDate([...certain, ...possible].filter((incident) => incident.lat !== null));
    },

    /** Shows the incident that the keyboard has come to; moves the map if it is out of view. */
    _visit(incident) {
      this._active = incident.id;
      if (!this._map.getBounds().pad(-0.05).contains([incident.lat, incident.lng])) {
        this._moved = true;
        this._map.panTo([incident.lat, incident.lng], { animate: false });
      }
      this._canvas.redraw();
      const zoom = this._map.getZoom();
      const mark = this._marks.find((m) => m.members.includes(incident));
      const at = mark || { ...M.project(incident.lng, incident.lat, zoom), r: 10 };
      this._showTooltip({ members: [incident], x: at.x, y: at.y, r: at.r });
    },
  });

  /** How strongly an area's hatch shows: close in, where it fills the view, it steps back. */
  function fadeOf(shape, view) {
    const times = Math.max(shape.width / view.width, shape.height / view.height);
    return Math.max(0.25, Math.min(1, 1.35 - 0.45 * times));
  }

  function homeControl(act) {
    const control = L.control({ position: "topright" });
    control.onAdd = () => {
      const bar = Panel.make("div", { className: "leaflet-bar" });
      const link = Panel.make("a", {
        href: "#", role: "button", title: "Whole country", "aria-label": "Show the whole country",
        className: "im-home", text: "⌂",
        on: { click: (event) => (event.preventDefault(), act()) },
      }); // prettier-ignore
      bar.append(link);
      L.DomEvent.disableClickPropagation(bar);
      return bar;
    };
    return control;
  }

  function byDate(incidents) {
    const day = (incident) => incident.from ?? incident.to ?? -Infinity;
    return [...incidents].sort((a, b) => day(a) - day(b) || (a.id < b.id ? -1 : 1));
  }

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

  /** One stop of the Tab key for all incidents: arrows go through them, Enter opens. */
  function makeCursor(container, layer) {
    const option = Panel.make("div", { id: "im-option", role: "option", "aria-selected": "true" });
    const element = Panel.make(
      "div",
      {
        className: "im-cursor", role: "listbox", tabindex: "0", "aria-activedescendant": "im-option",
        "aria-label": "Incidents on the map. Arrow keys go through them by date, Enter opens one.",
      }, // prettier-ignore
      [Panel.make("span", { className: "im-cursor-hint", text: "← → next incident · Enter opens", "aria-hidden": "true" }), option],
    ); // prettier-ignore
    container.append(element);
    let at = -1;
    let sequence = [];
    const cursor = {
      element,
      get focused() {
        return document.activeElement === element;
      },
      refresh() {
        at = -1;
        option.textContent = "";
      },
    };
    const go = (index) => {
      sequence = layer._sequence();
      if (!sequence.length) {
        option.textContent = "No single incidents at this zoom; zoom in first.";
        return;
      }
      at = (index + sequence.length) % sequence.length;
      option.setAttribute("aria-posinset", String(at + 1));
      option.setAttribute("aria-setsize", String(sequence.length));
      option.textContent = Panel.sentence(sequence[at], layer.options.labels);
      layer._visit(sequence[at]);
    };
    const keys = {
      ArrowRight: () => go(at + 1),
      ArrowDown: () => go(at + 1),
      ArrowLeft: () => go(at <= 0 ? -1 : at - 1),
      ArrowUp: () => go(at <= 0 ? -1 : at - 1),
      Home: () => go(0),
      End: () => go(-1),
      Enter: () => at >= 0 && layer._pick([sequence[at].id]),
      " ": () => at >= 0 && layer._pick([sequence[at].id]),
    };
    element.addEventListener("keydown", (event) => {
      if (!Object.hasOwn(keys, event.key) || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      event.stopPropagation();
      keys[event.key]();
    });
    element.addEventListener("focus", () => element.matches(":focus-visible") && go(Math.max(at, 0)));
    element.addEventListener("blur", () => {
      layer._active = null;
      layer._tooltip.hide();
      layer._canvas.redraw();
    });
    return cursor;
  }
})();
