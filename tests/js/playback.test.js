// The windows that a playback goes through, and that a film of it shows.
"use strict";
const test = require("node:test");
const assert = require("node:assert/strict");
require("../../mapapp/map/assets/maths/tiles.js");
require("../../mapapp/map/assets/timeline/hand.js");
require("../../mapapp/map/assets/timeline/bars.js");
require("../../mapapp/map/assets/timeline/playback.js");
const { TimelineBars, TimelineHand, TimelinePlayback, TileMath: M } = globalThis;

/** The windows of a timeline whose data span [first, last], as ISO days. */
function windows({ span, range = null, step = "month" }) {
  const days = (pair) => pair && pair.map((iso) => M.dayNumber(iso));
  const timeline = { ...TimelineBars, ...TimelineHand, ...TimelinePlayback, span: days(span), range: days(range), step };
  return timeline.windows().map((pair) => pair.map((day) => M.isoDay(day)));
}

test("without a range one step at a time, from the first to the last", () => {
  assert.deepEqual(windows({ span: ["2023-12-01", "2024-02-29"] }), [
    ["2023-12-01", "2023-12-31"], ["2024-01-01", "2024-01-31"], ["2024-02-01", "2024-02-29"],
  ]); // prettier-ignore
});

test("a range keeps its number of steps and goes on to the end", () => {
  assert.deepEqual(windows({ span: ["2022-01-01", "2022-05-31"], range: ["2022-02-10", "2022-03-10"] }), [
    ["2022-02-01", "2022-03-31"], ["2022-03-01", "2022-04-30"], ["2022-04-01", "2022-05-31"],
  ]); // prettier-ignore
});

test("a range at the end begins at the start again", () => {
  const found = windows({ span: ["2022-01-01", "2022-03-31"], range: ["2022-03-01", "2022-03-31"] });
  assert.deepEqual(found[0], ["2022-01-01", "2022-01-31"]);
  assert.equal(found.length, 3);
});

test("weeks begin on Monday", () => {
  const found = windows({ span: ["2022-09-26", "2022-10-16"], step: "week" });
  assert.deepEqual(found.map(([from]) => from), ["2022-09-26", "2022-10-03", "2022-10-10"]);
});

test("nothing dated has no windows", () => {
  assert.deepEqual(windows({ span: null }), []);
});
