// Names on the map: which at a zoom, in which language, and none over another or over a mark.
"use strict";
const test = require("node:test");
const assert = require("node:assert/strict");
require("../../mapapp/map/assets/maths/tiles.js");
require("../../mapapp/map/assets/map/labels.js");
const { Labels, TileMath: M } = globalThis;

const VIEW = { width: 800, height: 500 };
const NOTHING = { marks: [], boxes: [] };
const entry = (px, py, more = {}) => ({ px, py, w: 60, h: 16, text: "x", ...more });
const boxOf = ({ x, y, w, h }) => ({ x: x - w / 2, y: y - h / 2, w, h });

const names = {
  towns: [
    { id: "a", lng: 69, lat: 34, rank: 0, from: 4, en: "Kabul", fa: "کابل" },
    { id: "b", lng: 62, lat: 34, rank: 1, from: 7, en: "Guzara" },
  ],
  areas: { "prov:kabul": ["Kabul", "کابل", "کابل"], "dist:x": ["X", "ایکس", null] },
};
const area = (id, name) => ({ id, name, lng: 69, lat: 34.5, bounds: [68, 34, 70, 35] });
const sources = {
  names,
  provinces: { list: [area("prov:kabul", "Kabul")] },
  districts: { list: [area("dist:x", "X")] },
  world: { names: [{ en: "Iran", fa: "ایران", at: [54, 32], near: [58, 33] }] },
};
const written = (zoom, language = "en") => Labels.wanted(sources, zoom, language).map(({ kind, text }) => kind + " " + text);

test("towns, provinces and districts come by zoom, a neighbour's name near the country", () => {
  assert.deepEqual(written(4.2), ["town0 Kabul", "country Iran"]);
  assert.deepEqual(written(6), ["town0 Kabul", "country Iran", "province Kabul"]);
  assert.deepEqual(written(7.5), ["town0 Kabul", "country Iran", "province Kabul", "town1 Guzara"]);
  assert.equal(written(9).at(-1), "district X");
  assert.equal(Labels.wanted(sources, 3, "en")[0]?.lng, 54);
  assert.equal(Labels.wanted(sources, 6, "en")[1].lng, 58);
});

test("a name that a language lacks is written in the next", () => {
  assert.ok(written(9, "fa").includes("town1 Guzara"));
  assert.ok(written(9, "fa").includes("district ایکس"));
  assert.ok(written(9, "ps").includes("district ایکس"), "Dari where there is no Pashto");
  assert.ok(written(9, "ps").includes("country ایران"));
});

test("no two names touch, and none lies on a mark, whatever is asked for", () => {
  let state = 7;
  const next = () => (state = (state * 16807) % 2147483647) / 2147483647;
  const entries = Array.from({ length: 300 }, () => entry(next() * 800, next() * 500, { dot: next() > 0.5 }));
  const marks = Array.from({ length: 60 }, () => ({ x: next() * 800, y: next() * 500, r: 8 + next() * 16 }));
  const boxes = [{ x: 0, y: 400, w: 200, h: 100 }];
  const placed = Labels.arrange(entries, { marks, boxes }, VIEW).map(boxOf);
  assert.ok(placed.length > 20);
  placed.forEach((one, at) => {
    for (const other of placed.slice(at + 1)) assert.ok(!M.boxesMeet(one, other));
    for (const { x, y, r } of marks) assert.ok(!M.boxesMeet(one, { x: x - r, y: y - r, w: 2 * r, h: 2 * r }));
    assert.ok(!M.boxesMeet(one, boxes[0]));
  });
});

test("the first in the list wins; a town's name stands aside of its point and of the mark on it", () => {
  const [first, ...rest] = Labels.arrange([entry(300, 200, { text: "a" }), entry(300, 200, { text: "b", h: 40 })], NOTHING, VIEW);
  assert.equal(first.text, "a");
  assert.equal(rest.length, 1, "the second steps aside");
  const [beside] = Labels.arrange([entry(300, 200, { dot: true })], { marks: [{ x: 300, y: 200, r: 20 }], boxes: [] }, VIEW);
  assert.ok(beside.x - beside.w / 2 >= 320);
});

test("what must be named may be touched by a mark but not covered; other names give way", () => {
  const wall = { marks: [], boxes: [{ x: 0, y: 0, w: 800, h: 500 }] };
  assert.equal(Labels.arrange([entry(300, 200, { must: true })], wall, VIEW).length, 0);
  const corner = { marks: [], boxes: [{ x: 0, y: 0, w: 278, h: 500 }] };
  const only = (must) => Labels.arrange([entry(300, 200, { must })], corner, VIEW).length;
  assert.equal(only(true), 1);
  assert.equal(only(false), 0);
});

test("what lies outside the canvas is not placed", () => {
  assert.equal(Labels.arrange([entry(-100, 200), entry(300, 600)], NOTHING, VIEW).length, 0);
});
