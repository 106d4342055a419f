/* A picture of exactly what the map shows now, with its words: sentence, counts, legend, scale, sources.
 * Serves the step "map layer → pixel". Adds methods of the layer as globalThis.IncidentPicture. */
"use strict";
globalThis.IncidentPicture = (function () {
  const M = globalThis.TileMath;
  const S = globalThis.IncidentStyle;
  const P = globalThis.IncidentPaint;
  const Panel = globalThis.IncidentPanel;
  const Link = globalThis.IncidentLink;
  const EDGE = 18; // around everything, px
  const SIGN = 20; // room of a sign of the legend, px
  const LONGEST_KEY = 44; // letters of a name in the legend
  const TILE_WAIT_MS = 15_000;

  /** A sheet as wide as the map that parts are laid on, one under the other. */
  class Sheet {
    constructor(width, theme) {
      Object.assign(this, { width, theme, height: EDGE, parts: [] });
      this.pen = document.createElement("canvas").getContext("2d");
    }

    /** A part of a height; `paint(ctx, y)` gets where it begins. */
    add(height, paint) {
      const y = this.height;
      this.parts.push((ctx) => paint(ctx, y));
      this.height += height;
    }

    /** Words over as many lines as they need. */
    words(text, { size = 12, weight = 400, colour = "label", after = 4 } = {}) {
      if (!text) return;
      const font = `${weight} ${size}px ${P.FAMILY}`;
      const lines = wrapped(this.pen, text, font, this.width);
      const step = Math.round(size * 1.4);
      this.add(lines.length * step + after, (ctx, y) => {
        write(ctx, font, this.theme[colour]);
        lines.forEach((line, at) => ctx.fillText(line, EDGE, y + (at + 0.5) * step));
      });
    }

    /** Signs with their words, as many in a row as there is room for: [[paint(ctx, x, y), text]]. */
    signs(entries) {
      const font = `400 12px ${P.FAMILY}`;
      this.pen.font = font;
      let [x, row] = [0, 0];
      const placed = entries.map(([paint, text]) => {
        const needs = SIGN + this.pen.measureText(text).width + 16;
        if (x && x + needs > this.width) [x, row] = [0, row + 1];
        x += needs;
        return { paint, text, x: EDGE + x - needs, row };
      });
      this.add((row + 1) * 21 + 3, (ctx, y) => {
        for (const { paint, text, x: left, row: at } of placed) {
          const middle = y + at * 21 + 10.5;
          paint(ctx, left + 8, middle);
          write(ctx, font, this.theme.text);
          ctx.fillText(text, left + SIGN, middle);
        }
      });
    }

    /** Paints everything on a context whose unit is a px of the screen. */
    paint(ctx) {
      ctx.fillStyle = this.theme.surface;
      ctx.fillRect(0, 0, this.width + 2 * EDGE, this.height + EDGE);
      for (const part of this.parts) part(ctx);
    }
  }

  function write(ctx, font, colour) {
    Object.assign(ctx, { font, fillStyle: colour, textAlign: "left", textBaseline: "middle" });
  }

  /** Lines that fit a width; what has no space to break at is broken anywhere. */
  function wrapped(pen, text, font, width) {
    pen.font = font;
    const fits = (line) => pen.measureText(line).width <= width;
    const lines = [""];
    const put = (word) => {
      const line = lines.at(-1);
      const longer = line ? `${line} ${word}` : word;
      if (fits(longer)) lines[lines.length - 1] = longer;
      else if (line) lines.push("") && put(word);
      else {
        const letters = [...word];
        let most = letters.length;
        while (most > 1 && !fits(letters.slice(0, most).join(""))) most -= 1;
        lines[lines.length - 1] = letters.slice(0, most).join("");
        if (most < letters.length) lines.push("") && put(letters.slice(most).join(""));
      }
    };
    text.split(/\s+/).filter(Boolean).forEach(put);
    return lines;
  }

  /** How the signs of the legend are painted, by their names in `IncidentPanel.SIGNS`. */
  function signPainter(name, theme) {
    const colour = theme.label;
    const circle = (ctx, x, y, r) => {
      ctx.beginPath();
      ctx.arc(x, y, r, 0, 2 * Math.PI);
    };
    const filled = (r) => (ctx, x, y) => {
      circle(ctx, x, y, r);
      ctx.fillStyle = colour;
      ctx.fill();
    };
    const ring = (dash) => (ctx, x, y) => {
      circle(ctx, x, y, 5.5);
      Object.assign(ctx, { strokeStyle: colour, lineWidth: 2.2 });
      ctx.setLineDash(dash);
      ctx.stroke();
      ctx.setLineDash([]);
    };
    return {
      dot: filled(4.5),
      disc: (ctx, x, y) => P.disc(ctx, x, y, 8, { colour, possible: false, lit: false, filled: true }),
      loose: (ctx, x, y) => {
        filled(3)(ctx, x, y);
        P.looseRing(ctx, x, y, 3, theme);
      },
      area: (ctx, x, y) => {
        const box = new Path2D();
        box.rect(x - 7, y - 7, 14, 14);
        P.area(ctx, box, { colour, theme, possible: false, lit: false, hatched: true, fade: 1 });
      },
      hollow: ring([]),
      dashed: ring([3, 2.5]),
    }[name];
  }

  /** The swatch of a key, as the legend has it: colour and letter. */
  function swatchPainter(scheme, key, theme) {
    return (ctx, x, y) => {
      const silent = scheme.by === "kind" && key === "none";
      ctx.beginPath();
      ctx.arc(x, y, silent ? 6.5 : 8, 0, 2 * Math.PI);
      ctx.fillStyle = silent ? theme.surface : scheme.colour(key);
      ctx.fill();
      Object.assign(ctx, { strokeStyle: silent ? scheme.colour(key) : theme.outline, lineWidth: silent ? 2.5 : 0.8 });
      ctx.stroke();
      write(ctx, `700 10px ${P.FAMILY}`, S.inkOn(scheme.colour(key)));
      ctx.textAlign = "center";
      ctx.fillText(scheme.letter(key), x, y + 0.5);
    };
  }

  const copies = new WeakMap(); // of tiles, for the frames of a film

  /** A tile's picture once more, in the way that lets us put it into ours; null where its server does not. */
  async function copyOf(tile) {
    if (tile.tagName === "CANVAS") return tile;
    if (!copies.has(tile)) {
      const copy = await fetched(tile.src);
      if (!copy) return null;
      copies.set(tile, copy);
    }
    return copies.get(tile);
  }

  function fetched(src) {
    return new Promise((resolve) => {
      const image = new Image();
      const timer = setTimeout(() => resolve(null), TILE_WAIT_MS);
      const done = (found) => {
        clearTimeout(timer);
        resolve(found);
      };
      Object.assign(image, {
        crossOrigin: "anonymous", referrerPolicy: "origin", onload: () => done(image), onerror: () => done(null),
      }); // prettier-ignore
      image.src = src;
    });
  }

  return {
    /** Answers the page: a picture under `words` {title, sentence, figures, when, notes, link, end}, `ratio` px for
     *  each of the screen; with `end` the words alone, as the last of a film. */
    async _answerPicture({ id, words, ratio }) {
      try {
        const [sheet, notes] = words.end ? [this._endSheet(words), []] : await this._mapSheet(words);
        const canvas = document.createElement("canvas");
        canvas.width = Math.round((sheet.width + 2 * EDGE) * ratio);
        canvas.height = Math.round((sheet.height + EDGE) * ratio);
        const ctx = canvas.getContext("2d");
        ctx.scale(ratio, ratio);
        sheet.paint(ctx);
        Link.tell({ type: "pictured", id, notes, bitmap: await createImageBitmap(canvas) });
      } catch (error) {
        Link.tell({ type: "pictured", id, fault: error.message });
      }
    },

    /** The map and its words; notes say what the picture has not. */
    async _mapSheet(words) {
      if (this._status.faulty) throw new Error(this._status.text.textContent);
      const seen = await this._whenSeen();
      const tiles = this._overTiles ? await this._tilesInView() : [];
      const notes = tiles ? [] : [`The base map “${this._layers.chosen}” is not in the picture: its server does not let it be copied. The outline is.`];
      const sheet = new Sheet(this._map.getSize().x, this._theme);
      this._heading(sheet, words);
      this._addMap(sheet, tiles);
      this._addLegend(sheet, seen);
      for (const text of [...notes, ...words.notes]) sheet.words(text);
      if (words.link) sheet.words(this._linkWords(words));
      const around = tiles?.length ? this._map.attributionControl.getContainer().textContent : this.options.attribution;
      sheet.words(`Map: ${around}`);
      return [sheet, notes];
    },

    _endSheet(words) {
      const sheet = new Sheet(this._map.getSize().x, this._theme);
      this._heading(sheet, words);
      for (const text of [...words.notes, this._linkWords(words)]) sheet.words(text, { size: 13, colour: "text", after: 8 });
      return sheet;
    },

    _linkWords({ link }) {
      return `Link: ${Link.linkTo(link, this._map.getCenter(), this._map.getZoom())}`;
    },

    _heading(sheet, { title, sentence, figures, when }) {
      sheet.words(title, { size: 13 });
      sheet.words(sentence, { size: 21, weight: 700, colour: "text", after: 2 });
      sheet.words(figures, { size: 14, colour: "text", after: 2 });
      sheet.words(when, { size: 19, weight: 600, colour: "text", after: 2 });
      sheet.height += 6;
    },

    /** The map's own box: the same middle, zoom and size as on the screen. `tiles` null: without the base map. */
    _addMap(sheet, tiles) {
      const { x: width, y: height } = this._map.getSize();
      const { x, y } = this._map.getPixelBounds().min;
      const view = { x, y, width, height, zoom: this._map.getZoom() };
      sheet.add(height + 8, (ctx, top) => {
        ctx.save();
        ctx.beginPath();
        ctx.rect(EDGE, top, width, height);
        ctx.clip();
        ctx.translate(EDGE, top);
        ctx.fillStyle = getComputedStyle(this._map.getContainer()).backgroundColor;
        ctx.fillRect(0, 0, width, height);
        for (const { picture, left, above, side } of tiles || []) ctx.drawImage(picture, left - x, above - y, side, side);
        this._paintBase(ctx, view, Boolean(tiles?.length), null);
        this._paintMarks(ctx, view);
        if (this._pinned) this._paintPin(ctx, view);
        ctx.restore();
        Object.assign(ctx, { strokeStyle: this._theme.border, lineWidth: 1 });
        ctx.strokeRect(EDGE + 0.5, top + 0.5, width - 1, height - 1);
      });
    },

    _paintPin(ctx, view) {
      const { lat, lng, name } = this._pinned;
      const at = M.project(lng, lat, view.zoom);
      const [x, y] = [at.x - view.x, at.y - view.y];
      ctx.beginPath();
      ctx.arc(x, y - 19, 7, 0.8 * Math.PI, 0.2 * Math.PI);
      ctx.lineTo(x, y);
      ctx.closePath();
      Object.assign(ctx, { fillStyle: this._theme.surface, strokeStyle: this._theme.focus, lineWidth: 4 });
      ctx.stroke();
      ctx.fill();
      write(ctx, `600 13px ${P.FAMILY}`, this._theme.text);
      Object.assign(ctx, { strokeStyle: this._theme.halo, lineWidth: 4 });
      ctx.strokeText(name, x + 14, y - 20);
      ctx.fillText(name, x + 14, y - 20);
    },

    /** What lies in the view and how long a distance is, then what the marks mean. */
    _addLegend(sheet, seen) {
      const { theme } = sheet;
      const bar = this._map.getContainer().querySelector(".leaflet-control-scale-line");
      const where = this._map.getContainer().querySelector(".im-where").textContent;
      sheet.words(this._seenWords(seen).join(" · "), { size: 13, weight: 600, colour: "text", after: 2 });
      sheet.words(where, { after: 2 });
      sheet.add(20, (ctx, y) => {
        Object.assign(ctx, { strokeStyle: theme.text, lineWidth: 1.5 });
        ctx.beginPath();
        for (const [method, dx, dy] of [["moveTo", 0, 4], ["lineTo", 0, 11], ["lineTo", bar.offsetWidth, 11], ["lineTo", bar.offsetWidth, 4]]) {
          ctx[method](EDGE + dx, y + dy);
        } // prettier-ignore
        ctx.stroke();
        write(ctx, `400 12px ${P.FAMILY}`, theme.text);
        ctx.fillText(bar.textContent, EDGE + bar.offsetWidth + 8, y + 8);
      });
      const scheme = this._scheme;
      const keys = (this._legend.listed || []).map((key) => {
        const label = [...scheme.label(key)];
        const short = label.length > LONGEST_KEY ? `${label.slice(0, LONGEST_KEY - 1).join("")}…` : label.join("");
        // Isolated: a name that runs from right to left must not turn its number around.
        return [swatchPainter(scheme, key, theme), `\u2068${short}\u2069 ${(seen.mix[key] || 0).toLocaleString("en")}`];
      });
      if (keys.length) sheet.signs(keys);
      sheet.signs(Object.entries(Panel.SIGNS).map(([name, text]) => [signPainter(name, theme), text]));
      if (scheme.by === "kind") sheet.words(Panel.WHICH, { after: 2 });
      sheet.words(Panel.SIZE, { after: 6 });
    },

    /** The tiles of the base map in view: what to draw, and where in world pixels; null where a server keeps
     *  its own from being copied. */
    async _tilesInView() {
      const layer = this._layers.shown;
      if (layer.isLoading()) await new Promise((resolve) => layer.once("load", resolve));
      const zoom = this._map.getZoom();
      const view = this._map.getPixelBounds();
      const tiles = await Promise.all(
        Object.values(layer._tiles)
          .filter(({ coords, current, loaded }) => current && loaded && coords.z === layer._tileZoom)
          .map(async ({ el, coords }) => {
            const side = layer.getTileSize().x * 2 ** (zoom - coords.z);
            return { picture: await copyOf(el), left: coords.x * side, above: coords.y * side, side };
          }),
      );
      if (tiles.some(({ picture }) => !picture)) return null;
      return tiles.filter(({ left, above, side }) =>
        view.intersects(L.bounds([left, above], [left + side, above + side])));
    },
  };
})();
