/* The incident layer: what the page sets, and the view. What it asks, draws and lets be picked is in
 * asking.js, drawing.js and picking.js. Serves the step "map layer → pixel".
 * A plain script on Leaflet alone: it sets globalThis.IncidentLayer and runs in any page. */
"use strict";
globalThis.IncidentLayer = (function () {
  const M = globalThis.TileMath;
  const Panel = globalThis.IncidentPanel;
  const Link = globalThis.IncidentLink;
  const Controls = globalThis.MapControls;
  const Layers = globalThis.MapLayers;
  const FLY_UP_TO = 3; // zoom levels that the map passes by a flight

  return L.Layer.extend({
    includes: [globalThis.IncidentAsking, globalThis.IncidentSeen, globalThis.IncidentDrawing, globalThis.IncidentPicking, globalThis.IncidentDraw, globalThis.IncidentPicture],

    /* options: dataUrl, geoUrl; labels {kinds, actors, event_types}; bounds [[s, w], [n, e]];
     * tiles (online layers to choose from), vectorTiles {script, url} or null; inline {view, provinces, districts, world, names}:
     * data in the page itself, nothing is fetched. */
    initialize(options) {
      L.setOptions(this, options);
      this._query = null;
      this._answer = null;
      this._range = null;
      this._selected = null;
      this._active = null;
      this._by = "kind";
      this._marks = [];
      this._shapes = [];
      this._badges = [];
      this._geo = { world: null, provinces: null, districts: null, names: null };
      this._language = Controls.language();
      this._dark = matchMedia("(prefers-color-scheme: dark)").matches;
    },

    onAdd(map) {
      const container = map.getContainer();
      container.classList.add("incident-map");
      container.setAttribute("role", "region");
      container.setAttribute("aria-label", "Map of incidents");
      map.incidentLayer = this;

      // The marks are painted first and lie above: names on the ground make way for them.
      this._canvas = new CanvasLayer((ctx, view) => this._paintMarks(ctx, view)).addTo(map);
      this._base = new CanvasLayer((ctx, view) => this._paintBase(ctx, view)).addTo(map);
      this._base.putBelow(this._canvas);
      map.attributionControl?.setPrefix(false).addAttribution(this.options.attribution);
      this._addControls(container);
      this._legend = new Panel.Legend(container);
      this._status = new Panel.Status(container);
      this._spot = new Panel.SpotList(container, {
        onPick: (id) => this._pick([id]),
        onClose: () => this._onListClosed(),
      });
      this._tooltip = new Panel.Tooltip(container);
      this._cursor = this._makeCursor(container);
      Panel.touchHint(container);
      this._guardTouch(container);
      this._noteMoves(container);

      // The frame may get another size than its script knew, with no event of the window.
      this._sizes = new ResizeObserver(() => map.invalidateSize({ animate: false }));
      this._sizes.observe(container);
      this._size = map.getSize();

      map.on("click", this._onClick, this);
      map.on("mousemove", this._onHover, this);
      map.on("mouseout", this._onLeave, this);
      map.on("movestart", this._onLeave, this);
      map.on("moveend", this._onMoveEnd, this);
      map.on("resize", this._onResize, this);
      this._stopWatching = Link.watchPrint();
      this._stopListening = Link.listen({
        time: (m) => this.setTime(m),
        select: (m) => this.setSelected(m.id ?? null),
        theme: (m) => this.setDark(Boolean(m.dark)),
        fly: (m) => this.fly(m),
        colour: (m) => this.setColour(m.by),
        filter: (m) => this.setFilter(m),
        view: (m) => this._follow(m),
        picture: (m) => this._answerPicture(m),
        hello: () => Link.tell({ type: "ready" }),
      });
      this.setDark(this._dark);
      this._firstView();
      for (const level of ["provinces", "world", "names"]) this._loadGeo(level);
      if (this.options.inline) this.setFilter({ query: "" });
      Link.tell({ type: "ready" });
    },

    onRemove(map) {
      this._stopListening();
      this._stopWatching();
      this._sizes.disconnect();
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
      const before = this._query;
      this._query = query;
      this._shapes = globalThis.IncidentShapes.shapesOf(query);
      this._canvas.redraw();
      this._followChosen(before, query);
      this._load(true);
    },

    /** The range of time shown, ISO days or null; `trail` keeps earlier incidents as faint dots. */
    setTime({ from, to, playing, trail }) {
      const [low, high] = [M.dayNumber(from), M.dayNumber(to)];
      const ever = low === null && high === null;
      const range = ever ? null : { from: low, to: high, trail, certain: this._certain };
      // Each filter tells the range again; painting the same costs a frame that the answer waits for.
      const same = !this._playing && JSON.stringify(range) === JSON.stringify(this._range);
      this._playing = Boolean(playing);
      if (same) return;
      this._range = range;
      this._loadBins();
      this._status.quiet(this._playing);
      this._canvas.redraw();
      this._describe();
    },

    setSelected(id) {
      this._spot.mark(id);
      if (id === this._selected) return;
      this._selected = id;
      this._canvas?.redraw();
    },

    setColour(by) {
      if (by === this._by || !["kind", "group", "event_type"].includes(by)) return;
      this._by = by;
      this._rescheme();
    },

    setDark(dark) {
      if (dark === this._dark && this._scheme) return;
      this._dark = dark;
      this._map.getContainer().classList.toggle("im-dark", dark);
      this._layers?.setLook({ dark, language: this._language });
      this._rescheme();
      this._base.redraw();
    },

    /** Moves to {lat, lng, zoom} or {bounds: [[s, w], [n, e]]}; `pin` {lat, lng, name} is left there,
     *  null removes it. */
    fly({ lat, lng, zoom, bounds, pin }) {
      if (pin !== undefined) this.setPin(pin);
      if (!bounds && lat === undefined) return;
      this._moved = true;
      const target = bounds ? Math.min(13, this._map.getBoundsZoom(bounds)) : (zoom ?? Math.max(this._map.getZoom(), 10));
      const centre = bounds ? L.latLngBounds(bounds).getCenter() : [lat, lng];
      // The painted picture is stretched while the map flies: over a long way nothing is seen in it.
      const far = Math.abs(target - this._map.getZoom()) > FLY_UP_TO || !this._map.getBounds().contains(centre);
      const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
      this._map.flyTo(centre, target, { animate: !calm && !far });
    },

    /** Marks the place that was looked for, {lat, lng, name}; null removes it. */
    setPin(pin) {
      this._pin?.remove();
      this._pinned = pin;
      this._pin = pin && Controls.pin(this._map, pin, () => this.setPin(null));
    },

    _addControls(container) {
      const map = this._map;
      Controls.home(() => this.home()).addTo(map);
      this._makeDraw(map);
      if (!this.options.inline) Controls.fullScreen(container)?.addTo(map);
      Controls.names(this._language, (language) => {
        this._language = language;
        this._layers?.setLook({ dark: this._dark, language });
        this._base.redraw();
        this._sayWhere();
      }).addTo(map);
      this._addLayers();
      this._where = Controls.where().addTo(map);
      L.control.scale({ position: "bottomright", imperial: false, maxWidth: 110 }).addTo(map);
    },

    /** The switch of base maps, where the owner offers any; a file of the owner's own is shown at once. */
    _addLayers() {
      const { tiles = [], vectorTiles } = this.options;
      if (!tiles.length && !vectorTiles) return;
      this._layers = new Layers.Switch(this._map, { tiles, vectorTiles }, {
        onChange: (covered) => {
          this._overTiles = covered;
          this._base.redraw();
        },
        onFault: (words) => this._status.fault(words, "Close", () => this._describe()),
      }); // prettier-ignore
      this._layers.look = { dark: this._dark, language: this._language };
      Controls.control("topright", this._layers.control()).addTo(this._map);
      if (vectorTiles) this._layers.choose(Layers.FILE);
    },

    _sayWhere() {
      const centre = this._map.getCenter();
      this._where.say(Basemap.whereIs(centre, this._map.getZoom(), this._geo, this._language));
    },

    // ---- the view -------------------------------------------------------------------------------------

    _firstView() {
      const afresh = this.options.fits === "afresh";
      if (afresh) Link.clearView(); // what is copied is what is seen
      const view = afresh ? null : Link.readView();
      if (view) {
        this._moved = true;
        this._map.setView([view.lat, view.lng], view.zoom, { animate: false });
      } else {
        this._fit();
      }
    },

    /** The whole country again, at any size; of a selection that goes beyond it, all of that. */
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
      if (this._isAbroad() && this._answer?.query === this._query) {
        this._fitted = null;
        this._fitOnce();
        return;
      }
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
      if (!this._status.faulty) this._describe();
    },

    _onMoveEnd() {
      const map = this._map;
      // Another size of the frame keeps the centre: no view is written or told for it.
      const size = map.getSize();
      const resized = !size.equals(this._size);
      this._size = size;
      // A view that nobody chose (the first fit) is not part of the link.
      if (!resized && (this._touched || this._moved)) {
        this._moved = true;
        const centre = map.getCenter();
        Link.writeView(centre.lat, centre.lng, map.getZoom());
        const view = { lat: centre.lat, lng: centre.lng, zoom: map.getZoom() };
        if (!this._following) Link.share({ type: "view", ...view });
      }
      if (map.getZoom() >= Basemap.DISTRICTS_FROM_ZOOM) this._loadGeo("districts");
      this._sayWhere();
      if (!this._status.faulty) this._describe();
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
  });
})();
