/* The shapes that the selection is filtered by, drawn on the map: circle, corridor, polygon.
 * Serves the step "map layer → pixel". Sets globalThis.IncidentShapes. */
"use strict";
globalThis.IncidentShapes = (function () {
  const M = globalThis.TileMath;
  const EARTH_KM = 6371.0088;
  const STEP = 5; // degrees of a turn between two points of a round side

  /** The shapes of a selection in URL form: [{kind, points: [[lat, lng]], km}]. */
  function shapesOf(query) {
    const params = new URLSearchParams(query || "");
    const shapes = [];
    for (const [name, kind] of [["near", "circle"], ["along", "corridor"], ["inside", "polygon"]]) {
      const text = params.get(name);
      if (!text) continue;
      const numbers = text.split(";").map((point) => point.split(",").map(Number));
      const km = kind === "polygon" ? 0 : numbers.at(-1).pop();
      const points = numbers.map(([lat, lng]) => [lat, lng]);
      if ([km, ...points.flat()].every(Number.isFinite)) shapes.push({ kind, points, km });
    }
    return shapes;
  }

  /** [lat, lng] reached from a point by a bearing (radians from north) and a great circle's km. */
  function reached([lat, lng], bearing, km) {
    const [angle, from] = [km / EARTH_KM, (lat * Math.PI) / 180];
    const to = Math.asin(Math.sin(from) * Math.cos(angle) + Math.cos(from) * Math.sin(angle) * Math.cos(bearing));
    const turn = Math.atan2(
      Math.sin(bearing) * Math.sin(angle) * Math.cos(from), Math.cos(angle) - Math.sin(from) * Math.sin(to),
    ); // prettier-ignore
    return [(to * 180) / Math.PI, lng + (turn * 180) / Math.PI];
  }

  function arc(point, from, to, km) {
    const steps = Math.max(1, Math.ceil(Math.abs(to - from) / ((STEP * Math.PI) / 180)));
    return Array.from({ length: steps + 1 }, (_, index) => reached(point, from + ((to - from) * index) / steps, km));
  }

  /** Closed rings of [lat, lng]; those of a corridor lie over each other, and are filled as one. */
  function rings({ kind, points, km }) {
    if (kind === "polygon") return [points];
    const found = points.map((point) => arc(point, 0, 2 * Math.PI, km));
    for (let index = 1; index < points.length; index += 1) {
      const [from, to] = [points[index - 1], points[index]];
      const squeeze = Math.cos((((from[0] + to[0]) / 2) * Math.PI) / 180);
      const bearing = Math.atan2((to[1] - from[1]) * squeeze, to[0] - from[0]);
      const [left, right] = [bearing - Math.PI / 2, bearing + Math.PI / 2];
      found.push([reached(from, left, km), reached(to, left, km), reached(to, right, km), reached(from, right, km)]);
    }
    return found;
  }

  /** [west, south, east, north] of a shape. */
  function boxOf(shape) {
    const all = rings(shape).flat();
    const [lats, lngs] = [0, 1].map((at) => all.map((point) => point[at]));
    return [Math.min(...lngs), Math.min(...lats), Math.max(...lngs), Math.max(...lats)];
  }

  /** Paints shapes: what lies outside is veiled, their common border is a line. */
  function paint(ctx, view, shapes, theme) {
    for (const shape of shapes) {
      const path = new Path2D();
      for (const ring of rings(shape)) path.addPath(pathOf(ring, view));
      ctx.save();
      // The line of the whole: each ring is drawn twice as wide as it shall be, and then its inside is
      // taken out, so that no line of one ring is seen inside another.
      const whole = new OffscreenCanvas(ctx.canvas.width, ctx.canvas.height);
      const own = whole.getContext("2d");
      own.setTransform(ctx.getTransform());
      own.strokeStyle = theme.focus;
      own.lineWidth = 4;
      own.setLineDash([7, 5]);
      own.stroke(path);
      own.setLineDash([]);
      own.globalCompositeOperation = "destination-out";
      own.fill(path, "nonzero");
      ctx.globalAlpha = 0.08;
      ctx.fillStyle = theme.focus;
      ctx.fill(path, "nonzero");
      ctx.globalAlpha = 1;
      ctx.setTransform(1, 0, 0, 1, 0, 0);
      ctx.drawImage(whole, 0, 0);
      ctx.restore();
    }
  }

  function pathOf(ring, view) {
    const path = new Path2D();
    const places = ring.map(([lat, lng]) => M.project(lng, lat, view.zoom));
    // One turning for all rings: two that turn against each other would leave a hole.
    if (turning(places) < 0) places.reverse();
    places.forEach(({ x, y }, index) => path[index ? "lineTo" : "moveTo"](x - view.x, y - view.y));
    path.closePath();
    return path;
  }

  function turning(places) {
    return places.reduce((sum, at, index) => {
      const next = places[(index + 1) % places.length];
      return sum + at.x * next.y - next.x * at.y;
    }, 0);
  }

  return { shapesOf, rings, boxOf, paint };
})();
