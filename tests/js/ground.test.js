// The ground: a topology read back to shapes, and borders that are not drawn twice.
"use strict";
const test = require("node:test");
const assert = require("node:assert/strict");
const { readFileSync } = require("node:fs");
require("../../mapapp/map/assets/map/ground.js");
const { Ground } = globalThis;

// Two squares side by side that share the arc 0, the first of them the country itself.
const squares = {
  transform: { scale: [0.5, 0.5], translate: [60, 30] },
  arcs: [
    [[2, 0], [0, 2]],
    [[2, 2], [-2, 0], [0, -2], [2, 0]],
    [[2, 2], [2, 0], [0, -2], [-2, 0]],
  ],
  objects: {
    countries: {
      geometries: [
        { id: "AFG", arcs: [[[0, 1]]], properties: { en: "Afghanistan", at: [60, 30] } },
        { id: "PAK", arcs: [[[~0, ~2]]], properties: { en: "Pakistan", at: [61, 30] } },
        { id: "", arcs: [[[0, 1]]], properties: {} },
      ],
    },
    lakes: { arcs: [] },
    rivers: { arcs: [[0, 1]] },
  },
}; // prettier-ignore

test("arcs are steps on a grid, and follow each other in either direction", () => {
  const { land, rivers } = Ground.read(squares);
  assert.deepEqual(land[0].geometry.coordinates, [[[61, 30], [61, 31], [60, 31], [60, 30], [61, 30]]]); // prettier-ignore
  assert.deepEqual(land[1].geometry.coordinates[0][0], [61, 31]);
  assert.deepEqual(land[1].geometry.coordinates[0].at(-1), [61, 31]);
  assert.equal(rivers[0].geometry.type, "LineString");
  assert.equal(rivers[0].geometry.coordinates.length, 5);
});

test("a line over 180 degrees goes on beyond it, and is not led around the world", () => {
  const strip = structuredClone(squares);
  strip.transform = { scale: [1, 1], translate: [0, 0] };
  strip.arcs[0] = [[178, 0], [1, 1], [-358, 1], [1, 0]]; // 178, 179, -179, -178
  const { rivers } = Ground.read({ ...strip, objects: { ...strip.objects, rivers: { arcs: [[0]] } } });
  assert.deepEqual(rivers[0].geometry.coordinates, [[178, 0], [179, 1], [181, 2], [182, 2]]); // prettier-ignore
});

test("the country's own border and name are left to its own outline", () => {
  assert.deepEqual(Ground.read(squares).borders, []);
  assert.equal(Ground.read(squares, "XXX").borders.length, 2);
  assert.deepEqual(Ground.read(squares).names.map(({ en }) => en), ["Pakistan"]);
});

test("the file that is served: neighbours with their names, closed land, lines within the world", () => {
  const world = Ground.read(JSON.parse(readFileSync(`${__dirname}/../../mapapp/map/data/world.json`, "utf8")));
  const named = new Map(world.names.map((country) => [country.en, country]));
  for (const neighbour of ["Iran", "Pakistan", "Turkmenistan", "Uzbekistan", "Tajikistan", "China"]) {
    const { fa, ps, near } = named.get(neighbour);
    assert.match(fa + ps, /^[\p{Script=Arabic}\s]+$/u);
    assert.ok(near[0] > 56 && near[0] < 78 && near[1] > 27 && near[1] < 39.4, neighbour);
  }
  for (const { geometry } of world.land) {
    for (const ring of geometry.coordinates) assert.deepEqual(ring[0], ring.at(-1));
  }
  const lines = [...world.rivers, ...world.borders, ...world.lakes].flatMap(({ geometry }) => geometry.coordinates.flat(2));
  assert.ok(lines.length > 2000 && lines.every((degrees) => Math.abs(degrees) <= 180));
});
