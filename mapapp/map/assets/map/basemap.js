/* The offline basemap: land, provinces, districts and their names, painted from our own GeoJSON.
 * Serves the step "map layer → pixel". A plain script: it sets globalThis.Basemap. */
"use strict";
globalThis.Basemap = (function () {
  const M = globalThis.TileMath;
  const DISTRICTS_FROM_ZOOM = 8;
  const DISTRICT_NAMES_FROM_ZOOM = 9;

  /** Areas of a FeatureCollection by id, with their path at any zoom (built once a zoom). */
  class Areas {
    constructor(collection) {
      this.list = collection.features.map((feature) => ({
        id: feature.properties.id,
        name: feature.properties.name,
        pcode: feature.properties.adm2_pcode || feature.properties.adm1_pcode,
        lng: feature.properties.label_lng,
        lat: feature.properties.label_lat,
        geometry: feature.geometry,
        bounds: boundsOf(feature.geometry),
      }));
      this.byId = new Map(this.list.map((area) => [area.id, area]));
      this._paths = new Map();
      this._zoom = null;
    }

    /** The area's outline in world pixels at `zoom`, and its origin: draw it translated by that. */
    path(area, zoom) {
      if (this._zoom !== zoom) {
        this._zoom = zoom;
        this._paths.clear();
      }
      let found = this._paths.get(area.id);
      if (!found) {
        found = trace(area, zoom);
        this._paths.set(area.id, found);
      }
      return found;
    }

    /** The area that holds a place, null if none. */
    at(lng, lat) {
      const holds = ({ bounds: b }) => lng >= b[0] && lat >= b[1] && lng <= b[2] && lat <= b[3];
      return this.list.find((a) => holds(a) && M.inGeometry(lng, lat, a.geometry)) || null;
    }
  }

  function polygonsOf(geometry) {
    return geometry.type === "MultiPolygon" ? geometry.coordinates : [geometry.coordinates];
  }

  function boundsOf(geometry) {
    const box = [180, 90, -180, -90];
    for (const [outer] of polygonsOf(geometry)) {
      for (const [lng, lat] of outer) {
        box[0] = Math.min(box[0], lng);
        box[1] = Math.min(box[1], lat);
        box[2] = Math.max(box[2], lng);
        box[3] = Math.max(box[3], lat);
      }
    }
    return box;
  }

  function trace(area, zoom) {
    const origin = M.project(area.bounds[0], area.bounds[3], zoom);
    const corner = M.project(area.bounds[2], area.bounds[1], zoom);
    const path = new Path2D();
    for (const rings of polygonsOf(area.geometry)) {
      for (const ring of rings) {
        let last = null;
        for (const [lng, lat] of ring) {
          const at = M.project(lng, lat, zoom);
          const [x, y] = [at.x - origin.x, at.y - origin.y];
          if (last === null) path.moveTo(x, y);
          else if (Math.abs(x - last[0]) + Math.abs(y - last[1]) < 0.7) continue;
          else path.lineTo(x, y);
          last = [x, y];
        }
        path.closePath();
      }
    }
    return { path, x: origin.x, y: origin.y, width: corner.x - origin.x, height: corner.y - origin.y };
  }

  /** Runs `draw(path)` with the area's outline in place, if it can be seen. */
  function withArea(ctx, view, areas, area, draw) {
    const shape = areas.path(area, view.zoom);
    const [x, y] = [shape.x - view.x, shape.y - view.y];
    if (x > view.width || y > view.height || x + shape.width < 0 || y + shape.height < 0) return;
    ctx.save();
    ctx.translate(x, y);
    draw(shape.path);
    ctx.restore();
  }

  function paint(ctx, view, { provinces, districts, theme, overTiles }) {
    if (!provinces) return;
    if (!overTiles) {
      ctx.fillStyle = theme.land;
      for (const area of provinces.list) withArea(ctx, view, provinces, area, (p) => ctx.fill(p));
    }
    ctx.lineJoin = "round";
    if (districts && view.zoom >= DISTRICTS_FROM_ZOOM) {
      ctx.strokeStyle = theme.district;
      ctx.lineWidth = 1;
      for (const area of districts.list) withArea(ctx, view, districts, area, (p) => ctx.stroke(p));
    }
    ctx.strokeStyle = theme.border;
    ctx.lineWidth = view.zoom >= 7 ? 1.4 : 1;
    for (const area of provinces.list) withArea(ctx, view, provinces, area, (p) => ctx.stroke(p));
    if (!overTiles) paintNames(ctx, view, { provinces, districts, theme });
  }

  /** Names, larger areas first; one that would touch another is left out at this zoom. */
  function paintNames(ctx, view, { provinces, districts, theme }) {
    const taken = [];
    ctx.textAlign = "center";
    ctx.textBaseline = "middle";
    ctx.lineJoin = "round";
    const size = (area) =>
      (area.bounds[2] - area.bounds[0]) * (area.bounds[3] - area.bounds[1]);
    const write = (area, font, colour, spacing) => {
      const at = M.project(area.lng, area.lat, view.zoom);
      const [x, y] = [at.x - view.x, at.y - view.y];
      ctx.font = font;
      const w = ctx.measureText(area.name).width + spacing;
      const box = { x: x - w / 2, y: y - 9, w, h: 18 };
      if (box.x > view.width || box.y > view.height || box.x + w < 0 || box.y + 18 < 0) return;
      if (taken.some((other) => M.boxesMeet(box, other))) return;
      taken.push(box);
      ctx.strokeStyle = theme.halo;
      ctx.lineWidth = 3;
      ctx.strokeText(area.name, x, y);
      ctx.fillStyle = colour;
      ctx.fillText(area.name, x, y);
    };
    const family = 'system-ui, "Segoe UI", "Noto Sans", "DejaVu Sans", sans-serif';
    const px = view.zoom >= 6 ? 12 : 11;
    const bySize = (areas) => [...areas.list].sort((a, b) => size(b) - size(a));
    for (const area of bySize(provinces)) {
      write(area, (view.zoom >= DISTRICT_NAMES_FROM_ZOOM ? "600 " : "") + px + "px " + family,
        theme.label, 8); // prettier-ignore
    }
    if (districts && view.zoom >= DISTRICT_NAMES_FROM_ZOOM) {
      for (const area of bySize(districts)) write(area, "11px " + family, theme.label, 10);
    }
  }

  return { Areas, paint, withArea, DISTRICTS_FROM_ZOOM };
})();
