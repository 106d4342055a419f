/* The ground around the country: the world's land, lakes, rivers and borders, out of one TopoJSON.
 * Serves the step "map layer → pixel". A plain script: it sets globalThis.Ground. */
"use strict";
globalThis.Ground = (function () {
  /** The lines of a topology in degrees: its arcs are steps on a grid. */
  function arcsOf({ arcs, transform }) {
    const { scale, translate } = transform;
    return arcs.map((arc) => {
      let [x, y] = [0, 0];
      return arc.map(([dx, dy]) => {
        x += dx;
        y += dy;
        return [x * scale[0] + translate[0], y * scale[1] + translate[1]];
      });
    });
  }

  /** A line over 180° of longitude goes on beyond it: broken off there it would run around the whole world.
   *  Land around a pole, which never comes back, stays as it is. */
  function unbroken(points) {
    let turns = 0;
    const whole = points.map(([lng, lat], at) => {
      const step = at ? lng - points[at - 1][0] : 0;
      if (Math.abs(step) > 180) turns -= Math.sign(step);
      return [lng + 360 * turns, lat];
    });
    const closed = String(points[0]) === String(points.at(-1));
    return closed && turns ? points : whole;
  }

  /** Points of arcs that follow each other; a negative index is an arc backwards. */
  function join(arcs, indices) {
    const points = [];
    for (const index of indices) {
      const line = index >= 0 ? arcs[index] : [...arcs[~index]].reverse();
      for (const point of points.length ? line.slice(1) : line) points.push(point);
    }
    return unbroken(points);
  }

  const polygon = (arcs, rings) => ({
    type: "Polygon",
    coordinates: rings.map((ring) => join(arcs, ring)),
  });

  /** Arcs that two countries share, but for those of the country with the code `without`. */
  function borders(countries, without) {
    const users = new Map();
    for (const { id, arcs } of countries) {
      for (const index of arcs.flat(2)) {
        const key = index < 0 ? ~index : index;
        users.set(key, [...(users.get(key) || []), id]);
      }
    }
    return [...users]
      .filter(([, ids]) => ids.length > 1 && !ids.includes(without))
      .map(([index]) => index);
  }

  /**
   * {land, lakes, rivers, borders, names} of a topology. The first four are shapes {id, geometry},
   * those of land with the country's `names`;
   * `names` are {en, fa, ps, at, near} of the countries but `without`, whose own outline is drawn.
   */
  function read(topology, without = "AFG") {
    const arcs = arcsOf(topology);
    const { countries, lakes, rivers } = topology.objects;
    const shapes = (name, geometries) => geometries.map((geometry, at) => ({ id: name + at, geometry }));
    const line = (points) => ({ type: "LineString", coordinates: points });
    return {
      land: countries.geometries.flatMap(({ id, properties, arcs: parts }) =>
        parts.map((rings, at) => ({ id: id + at, names: properties, geometry: polygon(arcs, rings) })),
      ),
      lakes: shapes("lake", lakes.arcs.map((rings) => polygon(arcs, rings))),
      rivers: shapes("river", rivers.arcs.map((indices) => line(join(arcs, indices)))),
      borders: shapes(
        "border",
        borders(countries.geometries, without).map((index) => line(arcs[index])),
      ),
      names: countries.geometries
        .filter(({ id, properties }) => id !== without && properties.en)
        .map(({ properties }) => properties),
    }; // prettier-ignore
  }

  return { read };
})();
