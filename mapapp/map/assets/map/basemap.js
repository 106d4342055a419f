/* The offline basemap: the ground, provinces, districts and names, painted from our own files.
 * Serves the step "map layer → pixel". A plain script: it sets globalThis.Basemap. */
"use strict";
globalThis.Basemap = (function () {
  const M = globalThis.TileMath;
  const Ground = globalThis.Ground;
  const Labels = globalThis.Labels;
  const DISTRICTS_FROM_ZOOM = 8;
  const WHERE_FROM_ZOOM = 6.5;
  const FAMILY = 'system-ui, "Segoe UI", "Noto Sans", "Noto Naskh Arabic", "DejaVu Sans", sans-serif';

  /** Shapes {id, geometry, …} with their path at any zoom (built once a zoom, when it is seen). */
  class Areas {
    constructor(shapes) {
      this.list = shapes.map((shape) => ({ ...shape, bounds: boundsOf(shape.geometry) }));
      this.byId = new Map(this.list.map((area) => [area.id, area]));
      this._paths = new Map();
      this._zoom = null;
    }

    /** Of a FeatureCollection, with name and label point. */
    static of({ features }) {
      return new Areas(
        features.map(({ properties, geometry }) => ({
          id: properties.id,
          name: properties.name,
          pcode: properties.adm2_pcode || properties.adm1_pcode,
          lng: properties.label_lng,
          lat: properties.label_lat,
          geometry,
        })),
      );
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

  /** Polygons as lists of rings; a line is one ring that stays open. */
  function polygonsOf({ type, coordinates }) {
    if (type === "LineString") return [[coordinates]];
    return type === "MultiPolygon" ? coordinates : [coordinates];
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

  /** {x, y, width, height} of [west, south, east, north] in world pixels. */
  function frameOf([west, south, east, north], zoom) {
    const { x, y } = M.project(west, north, zoom);
    const corner = M.project(east, south, zoom);
    return { x, y, width: corner.x - x, height: corner.y - y };
  }

  function trace({ geometry, bounds }, zoom) {
    const frame = frameOf(bounds, zoom);
    const path = new Path2D();
    for (const rings of polygonsOf(geometry)) {
      for (const ring of rings) {
        let last = null;
        for (const [lng, lat] of ring) {
          const at = M.project(lng, lat, zoom);
          const [x, y] = [at.x - frame.x, at.y - frame.y];
          if (last === null) path.moveTo(x, y);
          else if (Math.abs(x - last[0]) + Math.abs(y - last[1]) < 0.7) continue;
          else path.lineTo(x, y);
          last = [x, y];
        }
        if (geometry.type !== "LineString") path.closePath();
      }
    }
    return { path, ...frame };
  }

  /** Whether a path's box {x, y, width, height}, world pixels, meets the view. */
  function inView(shape, view) {
    const [x, y] = [shape.x - view.x, shape.y - view.y];
    return x <= view.width && y <= view.height && x + shape.width >= 0 && y + shape.height >= 0;
  }

  /** Runs `draw(path)` with the area's outline in place, if it can be seen. */
  function withArea(ctx, view, areas, area, draw) {
    if (!inView(frameOf(area.bounds, view.zoom), view)) return;
    const shape = areas.path(area, view.zoom);
    ctx.save();
    ctx.translate(shape.x - view.x, shape.y - view.y);
    draw(shape.path);
    ctx.restore();
  }

  function each(ctx, view, areas, draw) {
    for (const area of areas.list) withArea(ctx, view, areas, area, draw);
  }

  /** The ground of a topology as shapes that can be painted, and the names of countries. */
  function ground(topology) {
    const { land, lakes, rivers, borders, names } = Ground.read(topology);
    const [landAreas, lakeAreas, riverAreas, borderAreas] = [land, lakes, rivers, borders].map(
      (shapes) => new Areas(shapes),
    );
    return { land: landAreas, lakes: lakeAreas, rivers: riverAreas, borders: borderAreas, names };
  }

  /** Ground, areas and names; over an online basemap only the outlines of the areas. */
  function paint(ctx, view, { world, provinces, districts, names, theme, overTiles, language, inWay }) {
    ctx.lineJoin = ctx.lineCap = "round";
    const fill = (areas, colour) => {
      ctx.fillStyle = colour;
      each(ctx, view, areas, (path) => ctx.fill(path));
    };
    const stroke = (areas, colour, width) => {
      ctx.strokeStyle = colour;
      ctx.lineWidth = width;
      each(ctx, view, areas, (path) => ctx.stroke(path));
    };
    if (!overTiles) {
      if (world) {
        fill(world.land, theme.abroad);
        stroke(world.borders, theme.border, 1);
      }
      if (provinces) fill(provinces, theme.land);
      if (world) {
        fill(world.lakes, theme.water);
        stroke(world.rivers, theme.water, view.zoom >= 7 ? 1.8 : 1.1);
      }
    }
    if (districts && view.zoom >= DISTRICTS_FROM_ZOOM) stroke(districts, theme.district, 1);
    if (provinces) stroke(provinces, theme.border, view.zoom >= 7 ? 1.4 : 1);
    if (!overTiles) paintNames(ctx, view, { world, provinces, districts, names }, theme, language, inWay);
  }

  /** How each kind of name is written: font, colour of the theme, letter spacing. */
  function styleOf(kind, zoom) {
    const area = zoom >= Labels.DISTRICT_NAMES_FROM_ZOOM;
    return {
      country: { font: `600 12px ${FAMILY}`, colour: "faint", spacing: "1.5px" },
      province: { font: `${area ? "600 " : ""}${zoom >= 6 ? 12 : 11}px ${FAMILY}`, colour: "label", spacing: area ? "1px" : "0px" },
      district: { font: `italic 11px ${FAMILY}`, colour: "label", spacing: "0px" },
      town0: { font: `600 12px ${FAMILY}`, colour: "place", spacing: "0px" },
      town1: { font: `11.5px ${FAMILY}`, colour: "place", spacing: "0px" },
      town2: { font: `11px ${FAMILY}`, colour: "place", spacing: "0px" },
    }[kind]; // prettier-ignore
  }

  function paintNames(ctx, view, sources, theme, language, inWay) {
    ctx.textAlign = "center";
    ctx.textBaseline = "middle";
    const entries = Labels.wanted(sources, view.zoom, language).map((entry) => {
      const at = M.project(entry.lng, entry.lat, view.zoom);
      const style = styleOf(entry.kind, view.zoom);
      return { ...entry, ...style, px: at.x - view.x, py: at.y - view.y, w: widthOf(ctx, entry.text, style) + 6, h: 16 };
    });
    ctx.lineJoin = "round";
    for (const { text, x, y, px, py, dot, font, colour, spacing } of Labels.arrange(entries, inWay, view)) {
      if (dot) paintDot(ctx, px, py, theme);
      ctx.font = font;
      ctx.letterSpacing = spacing;
      ctx.strokeStyle = theme.halo;
      ctx.lineWidth = 3;
      ctx.strokeText(text, x, y);
      ctx.fillStyle = theme[colour];
      ctx.fillText(text, x, y);
    }
    ctx.letterSpacing = "0px";
  }

  const widths = new Map();

  /** The width of a text, measured once. */
  function widthOf(ctx, text, { font, spacing }) {
    const key = font + spacing + text;
    if (!widths.has(key)) {
      ctx.font = font;
      ctx.letterSpacing = spacing;
      widths.set(key, ctx.measureText(text).width);
    }
    return widths.get(key);
  }

  function paintDot(ctx, x, y, theme) {
    ctx.beginPath();
    ctx.rect(x - 2, y - 2, 4, 4);
    ctx.fillStyle = theme.halo;
    ctx.strokeStyle = theme.place;
    ctx.lineWidth = 1.2;
    ctx.fill();
    ctx.stroke();
  }

  /** Where a place lies, in words: district and province, or the country, and how far the next town is. */
  function whereIs({ lat, lng }, zoom, { world, provinces, districts, names }, language) {
    if (zoom < WHERE_FROM_ZOOM) return "";
    // Isolated: a name that runs from right to left must not turn the words around it.
    const inWords = (known) => `\u2068${Labels.inLanguage(known, language)}\u2069`;
    const said = (area) => {
      const [, fa, ps] = names?.areas[area.id] || [];
      return inWords({ en: area.name, fa, ps });
    };
    const province = provinces?.at(lng, lat);
    if (!province) {
      const country = world?.land.at(lng, lat)?.names;
      return country?.en ? inWords(country) : "";
    }
    const district = zoom >= DISTRICTS_FROM_ZOOM && districts?.at(lng, lat);
    const parts = [...new Set([district, province].filter(Boolean).map(said))];
    const town = zoom >= DISTRICTS_FROM_ZOOM && nearest(names?.towns || [], lat, lng);
    const far = town && (town.km < 1 ? "under 1 km from " : `${Math.round(town.km)} km from `) + inWords(town);
    return [parts.join(", "), far].filter(Boolean).join(" · ");
  }

  /** The nearest town of known size, with its distance in `km`. */
  function nearest(towns, lat, lng) {
    let best = null;
    for (const town of towns) {
      if (town.rank > 1) continue;
      const [north, east] = [(town.lat - lat) * 111.2, (town.lng - lng) * 111.2 * Math.cos((lat * Math.PI) / 180)];
      const km = Math.hypot(north, east);
      if (!best || km < best.km) best = { ...town, km };
    }
    return best;
  }

  return { Areas, ground, whereIs, paint, inView, withArea, DISTRICTS_FROM_ZOOM };
})();
