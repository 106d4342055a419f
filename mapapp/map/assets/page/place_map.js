/* A small map of the places that words can mean: provinces in outline, each candidate with its
 * radius. Serves the step "draft → person". Adds `placeMap` to globalThis.IncidentPage. */
"use strict";
globalThis.IncidentPage.placeMap = (function () {
  const M = globalThis.TileMath;
  const WIDTH = 320;
  const HEIGHT = 180;
  const SVG = "http://www.w3.org/2000/svg";
  let outlines = null; // asked for once, by whoever needs it first

  function node(tag, attributes) {
    const made = document.createElementNS(SVG, tag);
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    return made;
  }

  const METRES_PER_DEGREE = 111_320;
  /** So much of the surroundings is always seen: where a town lies is told by its province. */
  const AROUND_M = 120_000;

  /** The zoom and corner at which all candidates are seen with their surroundings. */
  function fit(places) {
    const box = { west: 180, south: 90, east: -180, north: -90 };
    for (const { lat, lng, radius_m: radius } of places) {
      const up = Math.max((radius || 0) * 1.2, AROUND_M) / METRES_PER_DEGREE;
      const across = up / Math.cos((lat * Math.PI) / 180);
      box.west = Math.min(box.west, lng - across);
      box.east = Math.max(box.east, lng + across);
      box.south = Math.min(box.south, lat - up);
      box.north = Math.max(box.north, lat + up);
    }
    const a = M.project(box.west, box.north, 0);
    const b = M.project(box.east, box.south, 0);
    const scale = Math.min(WIDTH / (b.x - a.x), HEIGHT / (b.y - a.y)) * 0.8;
    const middle = { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 };
    return (lng, lat) => {
      const at = M.project(lng, lat, 0);
      return [(at.x - middle.x) * scale + WIDTH / 2, (at.y - middle.y) * scale + HEIGHT / 2];
    };
  }

  function provinces(svg, features, to) {
    const names = node("g", { "aria-hidden": "true" });
    for (const { geometry, properties } of features) {
      const [x, y] = to(properties.label_lng, properties.label_lat);
      if (x > 0 && x < WIDTH && y > 12 && y < HEIGHT) {
        const name = node("text", { x, y, class: "name" });
        name.textContent = properties.name;
        names.append(name);
      }
      const polygons = geometry.type === "Polygon" ? [geometry.coordinates] : geometry.coordinates;
      const path = polygons
        .flat()
        .map((ring) => "M" + ring.map(([x, y]) => to(x, y).map((n) => n.toFixed(1)).join(" ")).join("L") + "Z")
        .join("");
      svg.append(node("path", { d: path, class: "land" }));
    }
    svg.append(names);
  }

  /** Draws `places` ([{id, lat, lng, radius_m, name, chosen}]); `choose(id)` when one is pressed. */
  return (root, places, address, choose) => {
    const placed = places.filter((own) => own.lat !== null);
    root.replaceChildren();
    if (!placed.length) return;
    const svg = node("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img" });
    svg.setAttribute("aria-label", `Where it is: ${placed.map((own) => own.name).join("; ")}`);
    const to = fit(placed);
    const land = node("g", {});
    svg.append(land);
    for (const place of placed) {
      const [x, y] = to(place.lng, place.lat);
      const up = to(place.lng, place.lat + (place.radius_m || 0) / METRES_PER_DEGREE);
      const mark = node("g", { class: place.chosen ? "mark chosen" : "mark" });
      mark.append(node("circle", { cx: x, cy: y, r: Math.max(4, y - up[1]), class: "disc" }));
      mark.append(node("circle", { cx: x, cy: y, r: 3.5, class: "dot" }));
      const title = node("title", {});
      title.textContent = place.name;
      mark.append(title);
      mark.addEventListener("click", () => choose(place.id));
      svg.append(mark);
    }
    root.append(svg);
    outlines ??= globalThis.IncidentPage.askJson(address).catch((error) => {
      outlines = null;
      throw error;
    });
    outlines.then(
      (found) => provinces(land, found.features, to),
      (error) => svg.setAttribute("aria-label", `The outlines did not come: ${error.message}`),
    );
  };
})();
