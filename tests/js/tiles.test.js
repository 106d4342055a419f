// The map's mathematics: projection and back, honest time, sizes, clusters, hits.
"use strict";
const test = require("node:test");
const assert = require("node:assert/strict");
require("../../mapapp/map/assets/maths/tiles.js");
const M = globalThis.TileMath;

/** A seeded generator of numbers in 0..1 (mulberry32), so that a failure can be repeated. */
function random(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
const CASES = 500;

test("a place projected and back is the same place", () => {
  const next = random(1);
  for (let i = 0; i < CASES; i++) {
    const [lng, lat, zoom] = [next() * 360 - 180, next() * 170 - 85, next() * 18];
    const at = M.project(lng, lat, zoom);
    const back = M.unproject(at.x, at.y, zoom);
    assert.ok(Math.abs(back.lng - lng) < 1e-8 && Math.abs(back.lat - lat) < 1e-8);
  }
});

test("tile → bounds → tile is the same tile", () => {
  const next = random(2);
  for (let i = 0; i < CASES; i++) {
    const zoom = Math.floor(next() * 19);
    const x = Math.floor(next() * 2 ** zoom);
    const y = Math.floor(next() * 2 ** zoom);
    const [west, south, east, north] = M.tileBounds(x, y, zoom);
    assert.ok(west < east && south < north);
    const middle = M.tileOf((west + east) / 2, (south + north) / 2, zoom);
    assert.deepEqual(middle, { x, y, z: zoom });
  }
});

test("neighbouring tiles share an edge", () => {
  const [, south, east] = M.tileBounds(5, 6, 4);
  assert.equal(M.tileBounds(6, 6, 4)[0], east);
  assert.ok(Math.abs(M.tileBounds(5, 7, 4)[3] - south) < 1e-12);
});

test("a kilometre takes twice the pixels one zoom closer, and more of them further north", () => {
  assert.ok(Math.abs(M.metresToPx(1000, 34, 9) / M.metresToPx(1000, 34, 8) - 2) < 1e-12);
  assert.ok(M.metresToPx(1000, 60, 8) > M.metresToPx(1000, 34, 8));
});

test("overlap: the truth table of certain, possible and out", () => {
  const table = [
    // earliest, latest, from, to, expected
    [5, 5, 1, 9, "certain"],
    [5, 5, 5, 5, "certain"],
    [1, 9, 1, 9, "certain"],
    [0, 9, 1, 9, "possible"],
    [1, 10, 1, 9, "possible"],
    [0, 10, 4, 5, "possible"],
    [0, 0, 1, 9, "out"],
    [10, 12, 1, 9, "out"],
    [null, 5, 1, 9, "possible"], // open sides
    [null, 0, 1, 9, "out"],
    [5, null, 1, 9, "possible"],
    [10, null, 1, 9, "out"],
    [null, null, 1, 9, "possible"],
    [null, null, null, null, "certain"],
    [5, 5, null, 9, "certain"],
    [5, 5, 6, null, "out"],
    [null, 5, null, 9, "certain"],
    [5, null, 1, null, "certain"],
  ];
  for (const [earliest, latest, from, to, expected] of table) {
    assert.equal(M.overlap(earliest, latest, from, to), expected, `${[earliest, latest, from, to]}`);
  }
});

test("certain is possible too, and a wider range never loses an incident", () => {
  const next = random(3);
  const day = () => Math.floor(next() * 40);
  for (let i = 0; i < CASES; i++) {
    const [a, b, c, d] = [day(), day(), day(), day()];
    const [earliest, latest] = [Math.min(a, b), Math.max(a, b)];
    const [from, to] = [Math.min(c, d), Math.max(c, d)];
    const found = M.overlap(earliest, latest, from, to);
    const days = Array.from({ length: latest - earliest + 1 }, (_, index) => earliest + index);
    const inside = days.filter((one) => one >= from && one <= to).length;
    const expected = inside === 0 ? "out" : inside === days.length ? "certain" : "possible";
    assert.equal(found, expected);
    if (found === "certain") {
      assert.equal(M.overlap(earliest, latest, from - 1, to + 1), "certain");
    }
  }
});

test("days: ISO and number are each other's inverse, and what is no day is null", () => {
  for (const iso of ["1970-01-01", "2022-09-30", "2024-02-29", "1969-12-31"]) {
    assert.equal(M.isoDay(M.dayNumber(iso)), iso);
  }
  for (const wrong of ["2023-02-29", "2022-13-01", "", "soon", null, undefined, 5]) {
    assert.equal(M.dayNumber(wrong), null);
  }
});

test("steps: weeks begin on Monday, months on the first, and steps do not overlap", () => {
  assert.equal(M.isoDay(M.binStart(M.dayNumber("2022-10-02"), "week")), "2022-09-26");
  assert.equal(M.isoDay(M.binStart(M.dayNumber("2022-09-26"), "week")), "2022-09-26");
  assert.equal(M.isoDay(M.binStart(M.dayNumber("2024-02-29"), "month")), "2024-02-01");
  assert.equal(M.isoDay(M.binNext(M.dayNumber("2023-12-01"), "month")), "2024-01-01");
  assert.equal(M.isoDay(M.binNext(M.dayNumber("2024-01-01"), "month", -1)), "2023-12-01");
  const next = random(4);
  for (const step of ["day", "week", "month"]) {
    for (let i = 0; i < CASES; i++) {
      const day = Math.floor(next() * 40000) - 10000;
      const start = M.binStart(day, step);
      assert.ok(start <= day && day < M.binNext(start, step));
      assert.equal(M.binStart(start, step), start);
      assert.equal(M.binStart(M.binNext(start, step), step), M.binNext(start, step));
    }
    const starts = M.binsBetween(100, 500, step);
    starts.slice(1).forEach((start, i) => assert.equal(start, M.binNext(starts[i], step)));
  }
});

test("few very high bars of a histogram are cut, so that the others can be read", () => {
  assert.equal(M.barTop([]), 1);
  assert.equal(M.barTop([0, 0]), 1);
  assert.equal(M.barTop([3000]), 3000);
  assert.equal(M.barTop([4, 9, 0, 40]), 40); // within ten times the others: all can be read
  assert.equal(M.barTop([2, 4, 0, 1722, 3]), 8);
  const days = Array.from({ length: 60 }, (_, i) => 1 + (i % 5));
  assert.equal(M.barTop([...days, 2500, 1800]), 10); // two of sixty-two
  const next = random(7);
  for (let i = 0; i < CASES; i++) {
    const counts = Array.from({ length: 40 }, () => Math.floor(next() ** 6 * 5000));
    const top = M.barTop(counts);
    const there = counts.filter((count) => count > 0);
    assert.ok(top >= 1 && there.filter((count) => count > top).length <= Math.ceil(there.length / 20));
  }
});

test("sizes: area follows the number; unknown is not zero's place in the order", () => {
  assert.equal(M.markRadius(null), M.markRadius(undefined));
  const grown = (count) => M.markRadius(count) - M.markRadius(0);
  assert.ok(Math.abs(grown(16) / grown(4) - 2) < 1e-12);
  assert.ok(M.markRadius(1e6) <= 22);
  assert.ok(M.cellRadius(1000) > M.cellRadius(10));
});

test("ring segments: in order, without gaps, each seen, together a full turn", () => {
  const order = ["a", "b", "c", "d"];
  const segments = M.ringSegments({ a: 1, c: 998, d: 1 }, order);
  assert.deepEqual(segments.map((s) => s.key), ["a", "c", "d"]);
  segments.slice(1).forEach((s, i) => assert.equal(s.start, segments[i].end));
  const turn = segments.at(-1).end - segments[0].start;
  assert.ok(Math.abs(turn - 2 * Math.PI) < 1e-9);
  for (const { start, end } of segments) assert.ok(end - start > 0.27);
  assert.deepEqual(M.ringSegments({}, order), []);
});

test("the leading key is the most frequent, of equals the earlier in the order", () => {
  assert.equal(M.leading({ a: 1, b: 3 }, ["a", "b"]), "b");
  assert.equal(M.leading({ a: 2, b: 2 }, ["b", "a"]), "b");
  assert.equal(M.leading({}, ["a"]), null);
});

test("clusters hold every point once, near their first, whatever way the view looks", () => {
  const next = random(5);
  const points = Array.from({ length: 300 }, () => ({ x: next() * 400, y: next() * 400 }));
  const groups = M.cluster(points, 24);
  const members = groups.flatMap((group) => group.members).sort((a, b) => a - b);
  assert.deepEqual(members, points.map((_, index) => index));
  for (const group of groups) {
    const first = points[group.members[0]];
    for (const index of group.members) {
      assert.ok(Math.hypot(points[index].x - first.x, points[index].y - first.y) <= 24);
    }
  }
  const moved = points.map(({ x, y }) => ({ x: x + 24 * 1000, y: y - 24 * 1000 }));
  const again = M.cluster(moved, 24);
  assert.deepEqual(again.map((g) => g.members), groups.map((g) => g.members));
});

test("what shares one coordinate shares a cluster", () => {
  const groups = M.cluster([{ x: 5, y: 5 }, { x: 5, y: 5 }, { x: 90, y: 5 }], 0);
  assert.deepEqual(groups.map((group) => group.members), [[0, 1], [2]]);
});

test("a hit is the nearest mark within reach", () => {
  const marks = [{ x: 0, y: 0, r: 10 }, { x: 14, y: 0, r: 6 }];
  assert.equal(M.hit(9, 0, marks), marks[1]);
  assert.equal(M.hit(3, 0, marks), marks[0]);
  assert.equal(M.hit(40, 0, marks), null);
});

test("a place is in a polygon, not in its hole, and in any part of many", () => {
  const square = (from, to) => [[from, from], [to, from], [to, to], [from, to], [from, from]];
  const ring = { type: "Polygon", coordinates: [square(0, 10), square(4, 6)] };
  assert.ok(M.inGeometry(2, 2, ring));
  assert.ok(!M.inGeometry(5, 5, ring));
  assert.ok(!M.inGeometry(11, 2, ring));
  const many = { type: "MultiPolygon", coordinates: [[square(0, 1)], [square(20, 21)]] };
  assert.ok(M.inGeometry(20.5, 20.5, many));
});

test("the hatch meets itself at the edges of its tile", () => {
  const onEdge = (side) =>
    M.hatchTile(8).flatMap(([x1, y1, x2, y2]) => {
      // where the line crosses x = side, if within the tile
      const y = y1 + ((side - x1) / (x2 - x1)) * (y2 - y1);
      return y >= 0 && y <= 8 ? [y % 8] : [];
    });
  assert.deepEqual([...new Set(onEdge(0))].sort(), [...new Set(onEdge(8))].sort());
});
