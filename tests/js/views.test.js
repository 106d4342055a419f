// The standalone page's bins over time: an imprecise date counts as the dashboard and the pictures
// count it (tests/exporters/test_pictures.py has the same incidents).
"use strict";
const test = require("node:test");
const assert = require("node:assert/strict");
require("../../mapapp/map/assets/maths/tiles.js");
globalThis.Standalone = {};
require("../../mapapp/exporters/standalone/assets/views.js");
const M = globalThis.TileMath;

const incident = (from, to) => ({ from: from && M.dayNumber(from), to: to && M.dayNumber(to) });

test("an imprecise date is possible in each month that it touches, and certain in none", () => {
  const found = globalThis.Standalone.bins(
    [
      incident("2022-09-05", "2022-09-05"),
      incident("2022-09-01", "2022-09-30"),
      incident("2022-08-20", "2022-10-02"),
      incident(null, null),
    ],
    "month",
  );
  assert.deepEqual(found.start, ["2022-08-01", "2022-09-01", "2022-10-01"]);
  assert.deepEqual(found.certain, [0, 2, 0]);
  assert.deepEqual(found.possible, [1, 3, 1]); // with the certain ones
});

test("an incident with one day of the two lies on that day", () => {
  const found = globalThis.Standalone.bins([incident(null, "2022-09-05")], "month");
  assert.deepEqual([found.certain, found.possible], [[1], [1]]);
});

test("without any date there are no bins", () => {
  const nothing = { start: [], certain: [], possible: [] };
  assert.deepEqual(globalThis.Standalone.bins([incident(null, null)], "month"), nothing);
});
