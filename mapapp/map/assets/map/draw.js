/* Drawing a filter on the map: a circle, a rectangle or a polygon, by mouse, pen, finger and keyboard.
 * Serves the step "map layer → page". Adds methods of the layer as globalThis.IncidentDraw. */
"use strict";
globalThis.IncidentDraw = (function () {
  const Panel = globalThis.IncidentPanel;
  const Link = globalThis.IncidentLink;
  const EARTH_KM = 6371.0088;
  const DRAG_PX = 6; // less is a click
  const MOST_CORNERS = 40;
  const HINTS = {
    circle: "Click the middle, then the rim. Escape leaves off.",
    rectangle: "Click two corners that lie across. Escape leaves off.",
    polygon: "Click each corner, the first one again to close. Escape leaves off.",
  };

  return {
    /** The buttons for drawing, and for moving the map to the selection. */
    _makeDraw(map) {
      const entry = (text, act) =>
        Panel.make("button", { type: "button", text, on: { click: () => (this._openTools(false), act()) } });
      const tools = ["circle", "rectangle", "polygon"].map((kind) =>
        entry(kind[0].toUpperCase() + kind.slice(1), () => this._draw(kind)),
      );
      this._tools = Panel.make("div", { className: "im-tools", role: "group", "aria-label": "Filter by an area", hidden: "" }, [
        ...tools,
        entry("Only what is in the map", () => this._keepView()),
      ]); // prettier-ignore
      const button = (text, label, act, more = {}) =>
        Panel.make("a", {
          href: "#", role: "button", className: "im-button", title: label, "aria-label": label, text, ...more,
          on: { click: (event) => (event.preventDefault(), act()) },
        }); // prettier-ignore
      this._toolsButton = button("✎", "Filter by an area drawn on the map", () => this._openTools(this._tools.hidden), {
        "aria-expanded": "false",
      }); // prettier-ignore
      this._backButton = button("↶", "Back to where the map was", () => this._goBack(), { hidden: "" });
      const control = L.control({ position: "topright" });
      control.onAdd = () => {
        const fit = button("⤢", "Zoom to the selection", () => this._fitSelection());
        const bar = Panel.make("div", { className: "leaflet-bar im-draw-bar" }, [
          fit, this._backButton, ...(this.options.draws ? [this._toolsButton, this._tools] : []),
        ]); // prettier-ignore
        L.DomEvent.disableClickPropagation(bar);
        return bar;
      };
      control.addTo(map);
    },

    _openTools(open) {
      this._tools.hidden = !open;
      this._toolsButton.setAttribute("aria-expanded", String(open));
      if (open) this._tools.querySelector("button").focus();
    },

    /** Makes what the map shows now the area that everything is filtered by. */
    _keepView() {
      const [west, south, east, north] = this._box().map((degrees) => Number(degrees.toFixed(4)));
      this._tellShape({ kind: "polygon", points: [[south, west], [south, east], [north, east], [north, west]] });
    },

    /** Draws until the shape is whole or left off: what a pointer does in between is no move of the map. */
    _draw(kind) {
      this._endDrawing?.();
      const map = this._map;
      const surface = Panel.make("div", { className: "im-draw", tabindex: "-1", "aria-label": HINTS[kind], role: "application" });
      const hint = Panel.make("div", { className: "im-draw-hint", role: "status", text: HINTS[kind] });
      map.getContainer().append(surface, hint);
      L.DomEvent.disableClickPropagation(surface);
      L.DomEvent.disableScrollPropagation(surface);
      surface.focus({ preventScroll: true });
      const corners = []; // pixels of the container
      let pressed = null;
      const end = (this._endDrawing = () => {
        surface.remove();
        hint.remove();
        this._draft = null;
        this._endDrawing = null;
        this._canvas.redraw();
      });
      const at = (event) => {
        const box = surface.getBoundingClientRect();
        return L.point(event.clientX - box.left, event.clientY - box.top);
      };
      const show = (points) => {
        this._draft = points.length > 1 ? this._shapeOf(kind, points) : null;
        this._canvas.redraw();
      };
      const finish = (points) => {
        const shape = this._shapeOf(kind, points);
        end();
        if (shape) this._tellShape(shape);
        this._toolsButton.focus({ preventScroll: true });
      };
      const add = (point) => {
        const closes = kind === "polygon" && corners.length > 2 && point.distanceTo(corners[0]) < 14;
        if (closes) return finish(corners);
        corners.push(point);
        if (kind !== "polygon" ? corners.length === 2 : corners.length === MOST_CORNERS) return finish(corners);
        return show(corners);
      };
      surface.addEventListener("pointerdown", (event) => {
        event.preventDefault();
        surface.setPointerCapture(event.pointerId);
        pressed = at(event);
        add(pressed);
      });
      surface.addEventListener("pointermove", (event) => corners.length && show([...corners, at(event)]));
      surface.addEventListener("pointerup", (event) => {
        // A drag from the first point is the second point, too.
        if (kind !== "polygon" && corners.length === 1 && at(event).distanceTo(pressed) > DRAG_PX) add(at(event));
      });
      surface.addEventListener("keydown", (event) => {
        event.stopPropagation();
        if (event.key === "Escape") end();
        else if (event.key === "Enter" && corners.length > 2) finish(corners);
      });
    },

    /** A shape in degrees of pixels of the map; null for one that encloses nothing. */
    _shapeOf(kind, pixels) {
      const places = pixels.map((point) => this._map.containerPointToLatLng(point));
      const round = ({ lat, lng }) => [lat, lng].map((degrees) => Number(degrees.toFixed(4)));
      if (kind === "circle") {
        const km = (places[0].distanceTo(places[1]) / L.CRS.Earth.R) * EARTH_KM;
        return km ? { kind, points: [round(places[0])], km: Number(km.toPrecision(3)) } : null;
      }
      if (kind === "rectangle") {
        const [[south, west], [north, east]] = [places[0], places[1]].map(round);
        if (south === north || west === east) return null;
        return { kind: "polygon", points: [[south, west], [south, east], [north, east], [north, west]], km: 0 };
      }
      return { kind, points: places.map(round), km: 0 };
    },

    _tellShape({ kind, points, km }) {
      const corners = points.map((point) => point.join(",")).join(";");
      Link.tell({ type: "draw", param: kind === "circle" ? "near" : "inside", value: kind === "circle" ? `${corners},${km}` : corners });
    },

    /** Shows the selection as large as it can, until a reader moves the map; no part of a link. */
    async _fitOnce() {
      if (!(this.options.fits || this._isAbroad()) || this._moved || this._fitted === this._query) return;
      this._fitted = this._query;
      const counts = this._holdsAll(this._answer) ? null : (this._counts ?? (await this._askCounts(this._answer)));
      const boxes = counts ? [counts.extent].filter(Boolean) : this._seenHere().boxes;
      if (!boxes.length) return;
      const bounds = L.latLngBounds(boxes.flatMap(([west, south, east, north]) => [[south, west], [north, east]]));
      this._map.fitBounds(bounds.pad(0.08), { animate: false, maxZoom: 11, paddingTopLeft: [8, 34] });
    },

    /** Moves the map to all that is selected. */
    async _fitSelection() {
      if (!this._answer) return;
      const counts = this._holdsAll(this._answer) ? null : (this._counts ?? (await this._askCounts(this._answer)));
      const boxes = counts ? [counts.extent].filter(Boolean) : this._seenHere().boxes;
      if (boxes.length) this._showBoxes(boxes);
    },

    /** Whether the selection goes beyond Afghanistan: the map then begins with what there is of it. */
    _isAbroad() {
      return Boolean(countriesOf(this._query));
    },

    /** Moves the map to provinces and districts that were chosen since; back where the choice is taken back. */
    _followChosen(before, now) {
      const chosen = (query) => {
        const params = new URLSearchParams(query || "");
        return ["district", "province"].flatMap((name) => (params.get(name) || "").split(",").filter(Boolean));
      };
      if (before !== null && countriesOf(before) !== countriesOf(now)) {
        this.home();
        return;
      }
      const [old, codes] = [chosen(before), chosen(now)];
      if (before === null || old.join() === codes.join()) return;
      if (!codes.length) {
        if (this._before?.to === this._standing()) this._goBack();
        return;
      }
      const lists = [this._geo.districts, this._geo.provinces].filter(Boolean);
      const areas = lists.flatMap(({ list }) => list.filter((area) => codes.includes(area.pcode)));
      if (!areas.length) return;
      const was = this._before?.to === this._standing() ? this._before.from : this._view();
      this._moved = true;
      const bounds = L.latLngBounds(areas.map(({ bounds: [west, south, east, north] }) => L.latLngBounds([south, west], [north, east])).flatMap((box) => [box.getSouthWest(), box.getNorthEast()]));
      this._map.fitBounds(bounds, { animate: false, padding: [24, 24] });
      this._before = { from: was, to: this._standing() };
      this._backButton.hidden = false;
    },

    _view() {
      const { lat, lng } = this._map.getCenter();
      return { lat, lng, zoom: this._map.getZoom(), moved: this._moved };
    },

    _standing() {
      const { lat, lng, zoom } = this._view();
      return [lat.toFixed(4), lng.toFixed(4), zoom].join();
    },

    /** The view before the map followed a choice. */
    _goBack() {
      const { from } = this._before;
      this._before = null;
      this._backButton.hidden = true;
      if (from.moved) this._map.setView([from.lat, from.lng], from.zoom, { animate: false });
      else this.home();
    },
  };

  /** Which countries a query asks for, "" for Afghanistan alone. */
  function countriesOf(query) {
    const params = new URLSearchParams(query || "");
    return params.get("country") || (params.get("abroad") ? "*" : "");
  }
})();
