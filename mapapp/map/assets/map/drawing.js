/* How the incident layer draws what it has: base map, areas, marks, discs, counts and halos.
 * Serves the step "map layer → pixel". Adds methods of the layer as globalThis.IncidentDrawing. */
"use strict";
globalThis.IncidentDrawing = (function () {
  const M = globalThis.TileMath;
  const P = globalThis.IncidentPaint;
  const S = globalThis.IncidentStyle;
  const Marks = globalThis.IncidentMarks;
  const Shapes = globalThis.IncidentShapes;
  const MANY_AREAS = 12;
  const FEW_DISCS = 12;
  const OVER_THE_MAP = ".im-legend, .im-status, .leaflet-bar, .leaflet-control-attribution, .im-where";
  // Where an area's count may go, in half widths and heights from its label point.
  const ASIDE = [[0, 0], [0, 1], [0, -1], [1, 0], [-1, 0], [1, 1], [-1, 1], [1, -1], [-1, -1], [0, 2], [0, -2], [2, 0], [-2, 0]]; // prettier-ignore

  return {
    /** `covered`: a base map lies below; `over`: what lies over the map, which names keep clear of; null in a
     *  picture, where nothing does. */
    _paintBase(ctx, view, covered = Boolean(this._overTiles), over = OVER_THE_MAP) {
      Basemap.paint(ctx, view, {
        ...this._geo,
        theme: this._theme,
        overTiles: covered,
        language: this._language,
        inWay: this._inWay(view, over),
      });
    },

    _paintMarks(ctx, view) {
      if (!this._scheme) return;
      Shapes.paint(ctx, view, this._draft ? [...this._shapes, this._draft] : this._shapes, this._theme);
      if (!this._answer) return;
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
        if (mark.loose) P.looseRing(ctx, x, y, mark.r, theme);
      }
      this._paintBadges(ctx, view);
      this._paintHalos(ctx, view);
      if (this._badgesFor === this._groups) return;
      this._badgesFor = this._groups;
      this._base.redraw(); // names make way
    },

    /** What names keep clear of, px of the canvas: `marks` {x, y, r} and `boxes` {x, y, w, h}. Time
     *  does not enter, so that names stand still while it plays. */
    _inWay(view, over) {
      const origin = this._map.containerPointToLayerPoint([0, 0]).add(this._map.getPixelOrigin());
      const boxes = [...(over ? this._map.getContainer().querySelectorAll(over) : [])].map((element) => {
        const at = element.getBoundingClientRect();
        const map = this._map.getContainer().getBoundingClientRect();
        return {
          x: at.x - map.x + origin.x - view.x, y: at.y - map.y + origin.y - view.y,
          w: at.width, h: at.height,
        }; // prettier-ignore
      });
      if (!this._answer) return { marks: [], boxes };
      const marks = this._groupsAt(view.zoom).map(({ x, y, members, cells }) => {
        const count = cells ? cells.reduce((sum, cell) => sum + cell.count, 0) : members.length;
        const r = count === 1 && members ? M.markRadius(members[0].size) : M.cellRadius(count);
        return { x: x - view.x, y: y - view.y, r: r + 3 };
      });
      for (const badge of this._badgesFor === this._groups ? this._badges : []) {
        boxes.push({ x: badge.x - view.x, y: badge.y - view.y, w: badge.w, h: badge.h });
      }
      return { marks, boxes };
    },

    _groupsAt(zoom) {
      if (this._groups?.zoom !== zoom) {
        const list = this._answer.mode === "cells"
          ? Marks.groupCells(this._answer.cells, zoom)
          : Marks.group(this._answer.incidents, zoom); // prettier-ignore
        this._groups = { zoom, list };
      }
      return this._groups.list;
    },

    _currentMarks(zoom) {
      const cells = this._answer.mode === "cells";
      const groups = this._groupsAt(zoom);
      if (cells) return Marks.fromCells(groups, (cell) => this._cellCount(cell));
      return Marks.fromGroups(groups, this._range, this._scheme);
    },

    /** A cell's {count, mix} under the range: as counted for it, else by whole months while it moves. */
    _cellCount(cell) {
      const counts = this._rangeCounts();
      if (counts) {
        const [count, mix] = counts.cells[cell.key] || [0, {}];
        return { count, mix };
      }
      const bins = this._answer.bins;
      if (!this._range || !bins) return cell;
      const count = Marks.countInRange(bins.cells[cell.key] || [], bins.spans, this._range);
      return { count, mix: cell.mix };
    },

    /** Areas with something in the range: {id, members, count, key, possible}. */
    _shownAreas() {
      const counted = this._countedAreas();
      const finest = this._map.getZoom() >= Basemap.DISTRICTS_FROM_ZOOM;
      const shown = (finest ? counted : Marks.byProvince(counted)).map((area) => this._countedArea(area));
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
      return { ...area, lat: at?.lat ?? area.lat, lng: at?.lng ?? area.lng, members: [], key, possible: false };
    },

    _outline(area) {
      const areas = area.level === "district" ? this._geo.districts : this._geo.provinces;
      const outline = areas?.byId.get(area.id);
      return outline ? { areas, outline } : null;
    },

    /** A few areas are hatched; of many in view only the outline is drawn, and their counts. */
    _paintAreas(ctx, view) {
      this._visibleAreas = this._shownAreas();
      const drawn = this._visibleAreas
        .map((area) => ({ area, found: this._outline(area) }))
        .filter(({ found }) => found && Basemap.inView(found.areas.path(found.outline, view.zoom), view));
      const few = drawn.length <= MANY_AREAS;
      for (const { area, found } of drawn) {
        const lit = this._isLit(area.members);
        const style = {
          colour: this._scheme.colour(area.key),
          theme: this._theme,
          possible: area.possible,
          lit,
          hatched: few || lit,
          fade: fadeOf(found.areas.path(found.outline, view.zoom), view),
        };
        Basemap.withArea(ctx, view, found.areas, found.outline, (p) => P.area(ctx, p, style));
      }
    },

    _isLit(members) {
      const lit = [this._selected, this._active];
      return members.some((incident) => lit.includes(incident.id));
    },

    /** A few discs are filled; of many only the outline is drawn, and of those that are not placed
     *  nothing, unless their mark is chosen or pointed at: laid over each other they say nothing. */
    _paintDiscs(ctx, view) {
      const seen = Marks.discs(this._marks, view.zoom)
        .map((disc) => ({ ...disc, ...placeOn(disc.incident, view), lit: this._isLit([disc.incident]) }))
        .filter(({ x, y, r }) => x + r > 0 && y + r > 0 && x - r < view.width && y - r < view.height);
      const few = seen.length <= FEW_DISCS;
      for (const { incident, x, y, r, possible, lit } of seen) {
        if (!few && !lit && !Marks.isPlaced(incident)) continue;
        const colour = this._scheme.colour(this._scheme.keyOf(incident));
        P.disc(ctx, x, y, r, { colour, possible, lit, filled: few || lit });
      }
    },

    /** Counts of areas, moved aside where a mark or another count lies in the way. */
    _paintBadges(ctx, view) {
      this._badges = [];
      const many = this._visibleAreas.length > MANY_AREAS;
      const taken = this._marks
        .filter((mark) => !mark.past)
        .map((m) => ({ x: m.x - m.r - 2, y: m.y - m.r - 2, w: 2 * m.r + 4, h: 2 * m.r + 4 }));
      for (const area of this._visibleAreas) {
        const at = M.project(area.lng, area.lat, view.zoom);
        const { w, h } = P.badgeSize(ctx, area.count);
        // Of many none is moved far: it would stand in another area, or outside the country.
        const boxes = (many ? ASIDE.slice(0, 5) : ASIDE).map(([dx, dy]) => ({
          x: at.x + dx * (w / 2 + 16) - w / 2,
          y: at.y + 12 + dy * (h / 2 + 16) - h / 2,
          w,
          h,
        }));
        const free = boxes.find((b) => !taken.some((t) => M.boxesMeet(b, t)));
        // Few areas always have their count; of many, those that fit; the rest on hover.
        if (!free && many) continue;
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
  };

  /** Where an incident lies on the canvas, px. */
  function placeOn({ lng, lat }, view) {
    const place = M.project(lng, lat, view.zoom);
    return { x: place.x - view.x, y: place.y - view.y };
  }

  /** How strongly an area's hatch shows: close in, where it fills the view, it steps back. */
  function fadeOf(shape, view) {
    const times = Math.max(shape.width / view.width, shape.height / view.height);
    return Math.max(0.25, Math.min(1, 1.35 - 0.45 * times));
  }
})();
