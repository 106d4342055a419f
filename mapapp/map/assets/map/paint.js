/* Paints marks, discs and areas on a canvas. Serves the step "map layer → pixel".
 * Precision is geometry: dot = site, soft disc = radius, hatched area = district or province.
 * A plain script: it sets globalThis.IncidentPaint. */
"use strict";
globalThis.IncidentPaint = (function () {
  const M = globalThis.TileMath;
  const S = globalThis.IncidentStyle;
  const FAMILY = 'system-ui, "Segoe UI", "Noto Sans", "DejaVu Sans", sans-serif';
  const FULL = 2 * Math.PI;
  const patterns = new Map();

  /** A hatch of a colour as a canvas pattern, made once. */
  function hatch(ctx, colour, size, width) {
    const ratio = ctx.getTransform().a || 1; // of the screen, or of a picture
    const key = [colour, size, width, ratio].join();
    if (!patterns.has(key)) {
      const tile = document.createElement("canvas");
      tile.width = tile.height = Math.round(size * ratio);
      const pen = tile.getContext("2d");
      pen.scale(tile.width / size, tile.width / size);
      pen.strokeStyle = colour;
      pen.lineWidth = width;
      for (const [x1, y1, x2, y2] of M.hatchTile(size)) {
        pen.beginPath();
        pen.moveTo(x1, y1);
        pen.lineTo(x2, y2);
        pen.stroke();
      }
      patterns.set(key, tile);
    }
    const pattern = ctx.createPattern(patterns.get(key), "repeat");
    pattern.setTransform(new DOMMatrix([1 / ratio, 0, 0, 1 / ratio, 0, 0]));
    return pattern;
  }

  function withAlpha(ctx, alpha, draw) {
    const before = ctx.globalAlpha;
    ctx.globalAlpha = before * alpha;
    draw();
    ctx.globalAlpha = before;
  }

  /** An area; `possible` (no incident in it is in the range for certain) is dashed. */
  function area(ctx, path, { colour, theme, possible, lit, hatched, fade }) {
    if (hatched) {
      withAlpha(ctx, (lit ? 0.2 : 0.07) * fade, () => {
        ctx.fillStyle = colour;
        ctx.fill(path);
      });
      withAlpha(ctx, (possible ? 0.35 : 0.6) * fade, () => {
        ctx.fillStyle = hatch(ctx, colour, possible ? 14 : 9, 1.3);
        ctx.fill(path);
      });
    }
    ctx.setLineDash(possible ? [5, 4] : []);
    ctx.strokeStyle = lit ? theme.select : colour;
    ctx.lineWidth = lit ? 2 : 1.3;
    withAlpha(ctx, hatched ? 1 : 0.45, () => ctx.stroke(path));
    ctx.setLineDash([]);
  }

  /** The count of an area: a small box with a hatched swatch, so that it is never read as a pin. */
  function badge(ctx, { x, y, w, h, count, colour, lit }, theme) {
    ctx.beginPath();
    ctx.roundRect(x, y, w, h, 4);
    ctx.fillStyle = theme.surface;
    ctx.fill();
    ctx.strokeStyle = lit ? theme.select : colour;
    ctx.lineWidth = lit ? 2.5 : 1.5;
    ctx.stroke();
    const [sx, sy] = [x + 5, y + 5];
    ctx.fillStyle = hatch(ctx, colour, 5, 1.6);
    ctx.fillRect(sx, sy, h - 10, h - 10);
    ctx.lineWidth = 1;
    ctx.strokeStyle = colour;
    ctx.strokeRect(sx, sy, h - 10, h - 10);
    ctx.fillStyle = theme.text;
    ctx.font = "600 12px " + FAMILY;
    ctx.textAlign = "left";
    ctx.textBaseline = "middle";
    ctx.fillText(count.toLocaleString("en"), sx + h - 6, y + h / 2 + 0.5);
  }

  /** The size of an area's badge, px. */
  function badgeSize(ctx, count) {
    ctx.font = "600 12px " + FAMILY;
    return { w: 26 + ctx.measureText(count.toLocaleString("en")).width, h: 20 };
  }

  /** The ground within which a place known to a neighbourhood or settlement lies. */
  function disc(ctx, x, y, r, { colour, possible, lit, filled }) {
    ctx.beginPath();
    ctx.arc(x, y, r, 0, FULL);
    if (filled) {
      withAlpha(ctx, lit ? 0.2 : 0.1, () => {
        ctx.fillStyle = colour;
        ctx.fill();
      });
    }
    withAlpha(ctx, filled ? 0.85 : 0.45, () => {
      ctx.strokeStyle = colour;
      ctx.lineWidth = lit ? 2 : 1.2;
      ctx.setLineDash(possible ? [2, 5] : [4, 3]);
      ctx.stroke();
      ctx.setLineDash([]);
    });
  }

  /** One incident: filled where a killed figure is reported, a hollow ring where none is. */
  function dot(ctx, x, y, mark, scheme, theme) {
    const colour = scheme.colour(mark.key);
    const silent = scheme.by === "kind" && mark.key === "none";
    const hollow = mark.incident.size === null;
    const r = mark.r;
    const ring = (radius, style, width) => {
      ctx.beginPath();
      ctx.arc(x, y, radius, 0, FULL);
      ctx.strokeStyle = style;
      ctx.lineWidth = width;
      ctx.stroke();
    };
    ring(r + 1.25, theme.surface, 2.5);
    ctx.beginPath();
    ctx.arc(x, y, r, 0, FULL);
    ctx.fillStyle = hollow || silent ? theme.surface : colour;
    ctx.fill();
    if (mark.possible) {
      ctx.fillStyle = hollow || silent ? theme.surface : hatchFill(ctx, colour, theme);
      ctx.fill();
      ctx.setLineDash([3, 2.5]);
    }
    if (hollow || silent) {
      ring(r - 0.5, colour, 2.5);
      ctx.setLineDash([]);
      if (silent && !hollow) {
        ctx.beginPath();
        ctx.arc(x, y, Math.max(2, r - 4.5), 0, FULL);
        ctx.strokeStyle = colour;
        ctx.lineWidth = 1;
        ctx.stroke();
      }
      // A pale colour on a pale ground needs an edge of its own.
      if (!silent) ring(r + 0.9, theme.outline, 0.8);
    } else {
      ring(r, mark.possible ? colour : theme.edge, mark.possible ? 2 : 1);
      ctx.setLineDash([]);
    }
    const letter = scheme.letter(mark.key);
    if (letter && r >= 6) {
      const px = Math.min(13, Math.max(8, r * 1.15));
      ctx.font = "700 " + px + "px " + FAMILY;
      ctx.textAlign = "center";
      ctx.textBaseline = "middle";
      ctx.fillStyle = hollow || mark.possible ? theme.text : S.inkOn(colour);
      ctx.fillText(letter, x, y + 0.5);
    }
  }

  /** Around a mark of which the source gives a point, but no more than a district or province. */
  function looseRing(ctx, x, y, r, theme) {
    ctx.beginPath();
    ctx.arc(x, y, r + 4.5, 0, FULL);
    ctx.setLineDash([1.5, 3]);
    ctx.strokeStyle = theme.outline;
    ctx.lineWidth = 1.2;
    ctx.stroke();
    ctx.setLineDash([]);
  }

  function hatchFill(ctx, colour, theme) {
    ctx.fillStyle = theme.surface;
    ctx.fill();
    return hatch(ctx, colour, 5, 1.5);
  }

  /** Several incidents: their number in a ring whose segments are the mix. */
  function cluster(ctx, x, y, mark, scheme, theme) {
    const { r } = mark;
    const width = Math.max(4.5, r * 0.3);
    ctx.beginPath();
    ctx.arc(x, y, r + 1.2, 0, FULL);
    ctx.fillStyle = theme.surface;
    ctx.fill();
    const segments = M.ringSegments(mark.mix, scheme.order);
    const gap = segments.length > 1 ? 1.2 / r : 0;
    for (const { key, start, end } of segments) {
      ctx.beginPath();
      ctx.arc(x, y, r - width / 2, start + gap, end - gap);
      ctx.lineWidth = width;
      ctx.strokeStyle = scheme.colour(key);
      ctx.stroke();
    }
    ctx.lineWidth = 1;
    ctx.strokeStyle = theme.outline;
    if (mark.possibleCount === mark.count) ctx.setLineDash([3, 3]);
    ctx.beginPath();
    ctx.arc(x, y, r + 0.5, 0, FULL);
    ctx.stroke();
    ctx.setLineDash([]);
    ctx.fillStyle = theme.text;
    const text = shortCount(mark.count);
    ctx.font = "650 " + (text.length > 3 ? 10.5 : 12) + "px " + FAMILY;
    ctx.textAlign = "center";
    ctx.textBaseline = "middle";
    ctx.fillText(text, x, y + 0.5);
  }

  /** 950, 1.2k, 34k, 1.1M. */
  function shortCount(count) {
    const short = (value, unit) => (value < 10 ? value.toFixed(1).replace(/\.0$/, "") : Math.round(value)) + unit; // prettier-ignore
    if (count < 1000) return String(count);
    return count < 999500 ? short(count / 1000, "k") : short(count / 1e6, "M");
  }

  /** What a trail leaves of incidents before the range. */
  function past(ctx, x, y, theme) {
    withAlpha(ctx, 0.35, () => {
      ctx.beginPath();
      ctx.arc(x, y, 4, 0, FULL);
      ctx.fillStyle = theme.outline;
      ctx.fill();
    });
  }

  /** The mark that is open in the panel, or has the focus: a double ring around it. */
  function halo(ctx, x, y, r, theme, colour) {
    for (const [radius, style, width] of [
      [r + 4, theme.surface, 5],
      [r + 4, colour, 2.5],
    ]) {
      ctx.beginPath();
      ctx.arc(x, y, radius, 0, FULL);
      ctx.strokeStyle = style;
      ctx.lineWidth = width;
      ctx.stroke();
    }
  }

  return { area, badge, badgeSize, disc, dot, cluster, looseRing, past, halo, shortCount, FAMILY };
})();
