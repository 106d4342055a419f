/* How an incident on the map is picked by mouse, touch and keyboard, and what a pointer reads there.
 * Serves the step "map layer → page". Adds methods of the layer as globalThis.IncidentPicking. */
"use strict";
globalThis.IncidentPicking = (function () {
  const M = globalThis.TileMath;
  const Panel = globalThis.IncidentPanel;
  const Marks = globalThis.IncidentMarks;
  const Link = globalThis.IncidentLink;
  const NOT_YET = "No incident is chosen yet"; // said of the marks before one of them is gone to
  const LIST_UP_TO = 24; // a larger cluster is zoomed into first

  return {
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

    /** Incidents in the range, by date: what the arrow keys go through. */
    _sequence() {
      if (this._answer?.mode !== "incidents") return [];
      const { certain, possible } = Marks.split(this._answer.incidents, this._range);
      return byDate([...certain, ...possible].filter((incident) => incident.lat !== null));
    },

    /** One stop of the Tab key for all incidents, in the map's container. */
    _makeCursor(container) {
      return makeCursor(container, this);
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
  };

  function byDate(incidents) {
    const day = (incident) => incident.from ?? incident.to ?? -Infinity;
    return [...incidents].sort((a, b) => day(a) - day(b) || (a.id < b.id ? -1 : 1));
  }

  /** One stop of the Tab key for all incidents: arrows go through them, Enter opens. */
  function makeCursor(container, layer) {
    const option = Panel.make("div", {
      id: "im-option", role: "option", "aria-selected": "false", text: NOT_YET,
    }); // prettier-ignore
    const element = Panel.make(
      "div",
      {
        className: "im-cursor", role: "listbox", tabindex: "0", "aria-activedescendant": "im-option",
        "aria-label": "Incidents on the map. Arrow keys go through them by date, Enter opens one.",
      }, // prettier-ignore
      [Panel.make("span", { className: "im-cursor-hint", text: "← → next incident · Enter opens", "aria-hidden": "true" }), option],
    ); // prettier-ignore
    // Before the buttons: the first stop after the map itself.
    container.insertBefore(element, container.querySelector(".leaflet-control-container"));
    let at = -1;
    let sequence = [];
    const cursor = {
      element,
      get focused() {
        return document.activeElement === element;
      },
      refresh() {
        at = -1;
        option.setAttribute("aria-selected", "false");
        option.textContent = NOT_YET;
      },
    };
    const go = (index) => {
      sequence = layer._sequence();
      if (!sequence.length) {
        option.textContent = "No single incidents at this zoom; zoom in first.";
        return;
      }
      at = (index + sequence.length) % sequence.length;
      option.setAttribute("aria-selected", "true");
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
