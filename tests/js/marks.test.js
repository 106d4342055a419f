// From incidents to marks: honest time, groups that stay where they are, counts that add up.
"use strict";
const test = require("node:test");
const assert = require("node:assert/strict");
require("../../mapapp/map/assets/maths/tiles.js");
require("../../mapapp/map/assets/map/style.js");
require("../../mapapp/map/assets/map/marks.js");
const { IncidentMarks: Marks, IncidentStyle: Style, TileMath: M } = globalThis;

const LABELS = { kinds: {}, actors: { iskp: "ISKP", aff: "AFF", nrf: "NRF" }, event_types: {} };

function incident(id, more = {}) {
  return Marks.prepare({
    id, title: id, lat: 34.5, lng: 69.2, areal: false, area_id: null, geo_precision: "site",
    kind: "claimed", actors: ["iskp"], event_type: "bombing", killed_low: null, killed_high: null,
    earliest: "2022-09-30", latest: "2022-09-30", date_precision: "day", ...more,
  }); // prettier-ignore
}

const scheme = Style.scheme("kind", [], LABELS, false);
const range = (from, to, more) => ({ from: M.dayNumber(from), to: M.dayNumber(to), ...more });

test("a month-precise incident is only possibly in a day's range, and out for the certain", () => {
  const vague = incident("a", { earliest: "2022-10-01", latest: "2022-10-31" });
  const day = range("2022-10-10", "2022-10-10");
  assert.equal(Marks.standing(vague, day), "possible");
  assert.equal(Marks.standing(vague, { ...day, certain: true }), "out");
  assert.equal(Marks.standing(vague, range("2022-10-01", "2022-10-31")), "certain");
  const [mark] = Marks.fromGroups(Marks.group([vague], 8), day, scheme);
  assert.equal(mark.possible, true);
});

test("a trail keeps what came before the range, and nothing that comes after", () => {
  const early = incident("a", { earliest: "2021-01-01", latest: "2021-01-01" });
  const late = incident("b", { earliest: "2024-01-01", latest: "2024-01-01" });
  const trailing = range("2022-01-01", "2022-02-01", { trail: true });
  assert.equal(Marks.standing(early, trailing), "past");
  assert.equal(Marks.standing(late, trailing), "out");
});

test("no range shows everything, also what has no date", () => {
  const undated = incident("a", { earliest: null, latest: null });
  assert.equal(Marks.standing(undated, null), "certain");
  assert.equal(Marks.standing(undated, range("2022-01-01", "2022-02-01")), "possible");
});

test("incidents at one place are one mark with their number, each still in it", () => {
  const all = ["a", "b", "c"].map((id) => incident(id));
  for (const zoom of [4, 9, 18]) {
    const [mark, ...rest] = Marks.fromGroups(Marks.group(all, zoom), null, scheme);
    assert.equal(rest.length, 0);
    assert.deepEqual(mark.members.map((m) => m.id).sort(), ["a", "b", "c"]);
    assert.equal(mark.count, 3);
    assert.deepEqual(mark.mix, { claimed: 3 });
  }
});

test("areas are never points, and points never areas", () => {
  const area = incident("a", { areal: true, area_id: "prov:kabul", geo_precision: "province" });
  const point = incident("b");
  assert.deepEqual(Marks.group([area, point], 6).flatMap((g) => g.members.map((m) => m.id)), ["b"]);
  const [shaded, ...rest] = Marks.areas([area, point]);
  assert.equal(shaded.id, "prov:kabul");
  assert.equal(rest.length, 0);
});

test("counts over all marks add up to the incidents in the range, at every zoom", () => {
  const many = Array.from({ length: 200 }, (_, index) =>
    incident("i" + index, {
      lat: 30 + (index % 17) * 0.4,
      lng: 61 + (index % 23) * 0.5,
      earliest: M.isoDay(18900 + index),
      latest: M.isoDay(18900 + index + (index % 5)),
    }),
  );
  const span = { from: 18950, to: 19020 };
  const { certain, possible } = Marks.split(many, span);
  for (let zoom = 4; zoom < 12; zoom++) {
    const marks = Marks.fromGroups(Marks.group(many, zoom), span, scheme);
    const total = marks.reduce((sum, mark) => sum + (mark.count || 1), 0);
    assert.equal(total, certain.length + possible.length);
  }
});

test("cells count by their bins: triples of first and last bin", () => {
  const spans = [[0, 30], [31, 58], [59, 89]];
  const triples = [[0, 0, 5], [1, 2, 2], [2, 2, 1]];
  assert.equal(Marks.countInRange(triples, spans, { from: 0, to: 30 }), 5);
  assert.equal(Marks.countInRange(triples, spans, { from: 40, to: 50 }), 2);
  assert.equal(Marks.countInRange(triples, spans, { from: 60, to: 89 }), 3);
  assert.equal(Marks.countInRange(triples, spans, { from: null, to: null }), 8);
});

test("groups of cells keep every incident, at every zoom and under a range", () => {
  const cells = Array.from({ length: 120 }, (_, i) => ({
    key: String(i), lat: 31 + (i % 11) * 0.5, lng: 62 + (i % 13) * 0.6, count: 1 + (i % 7),
    mix: { claimed: 1 + (i % 7) },
  })); // prettier-ignore
  const total = cells.reduce((sum, cell) => sum + cell.count, 0);
  for (const zoom of [4, 6, 9]) {
    const groups = Marks.groupCells(cells, zoom);
    const marks = Marks.fromCells(groups, (cell) => cell);
    assert.equal(marks.reduce((sum, mark) => sum + mark.count, 0), total);
    assert.equal(marks.reduce((sum, mark) => sum + mark.mix.claimed, 0), total);
    const half = Marks.fromCells(groups, (c) => ({ count: c.key % 2 ? c.count : 0, mix: c.mix }));
    const odd = cells.filter((cell) => cell.key % 2).reduce((sum, cell) => sum + cell.count, 0);
    assert.equal(half.reduce((sum, mark) => sum + mark.count, 0), odd);
  }
});

test("size: unknown has none; the highest reported counts", () => {
  assert.equal(incident("a").size, null);
  assert.equal(incident("b", { killed_low: 0, killed_high: 0 }).size, 0);
  assert.equal(incident("c", { killed_low: 2, killed_high: 20 }).size, 20);
});

test("colours by group: letters differ, and no group has its own entry", () => {
  const all = [
    incident("a"), incident("b"), incident("c", { actors: ["aff"] }), incident("d", { actors: [] }),
    incident("e", { actors: ["nrf"] }),
  ]; // prettier-ignore
  const byGroup = Style.scheme("group", all, LABELS, false);
  assert.equal(byGroup.order[0], "iskp");
  assert.equal(byGroup.order.at(-1), "");
  const letters = byGroup.order.slice(0, -1).map((key) => byGroup.letter(key));
  assert.equal(new Set(letters).size, letters.length);
  assert.equal(byGroup.label(byGroup.keyOf(all[3])), "no group named");
});

test("kinds differ by letter as well as by colour, and ink reads on each colour", () => {
  const kinds = Style.KIND_ORDER;
  assert.equal(new Set(kinds.map((k) => Style.KINDS[k].letter)).size, kinds.length);
  for (const kind of kinds) {
    for (const theme of ["light", "dark"]) {
      const colour = Style.KINDS[kind][theme];
      assert.ok(contrast(colour, Style.inkOn(colour)) >= 4.5, `${kind} ${theme}`);
    }
  }
});

function contrast(a, b) {
  const luminance = (hex) => {
    const [r, g, b2] = [1, 3, 5].map((at) => {
      const value = parseInt(hex.slice(at, at + 2), 16) / 255;
      return value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b2;
  };
  const [high, low] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (high + 0.05) / (low + 0.05);
}

test("a place's disc is drawn once, and one smaller than its mark not at all", () => {
  const town = { geo_precision: "settlement", radius_m: 5000 };
  const all = [incident("a", town), incident("b", town), incident("c", { lat: 36, ...town })];
  const marks = (zoom) => Marks.fromGroups(Marks.group(all, zoom), null, scheme);
  assert.deepEqual(Marks.discs(marks(11), 11).map((disc) => disc.incident.lat).sort(), [34.5, 36]);
  assert.deepEqual(Marks.discs(marks(5), 5), []);
  assert.deepEqual(Marks.discs(marks(11).map((mark) => ({ ...mark, past: true })), 11), []);
});

test("a point that is known to a district or province only is loose, a mark if all in it are", () => {
  const loose = incident("a", { geo_precision: "province", radius_m: 100000 });
  const [one] = Marks.fromGroups(Marks.group([loose], 8), null, scheme);
  assert.equal(one.loose, true);
  const [both] = Marks.fromGroups(Marks.group([loose, incident("b")], 8), null, scheme);
  assert.equal(both.loose, false);
});
