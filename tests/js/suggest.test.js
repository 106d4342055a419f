// What the place search suggests while a name is typed.
"use strict";
const test = require("node:test");
const assert = require("node:assert/strict");
globalThis.IncidentPage = {};
require("../../mapapp/map/assets/page/suggest.js");
const { entries, matching } = globalThis.IncidentPage.suggest;

const list = entries({
  towns: [
    { id: "town:herat/herat", en: "Herat", fa: "هرات" },
    { id: "town:herat/islam-qala", en: "Islam Qala" },
    { id: "town:balkh/mazar-e-sharif", en: "Mazar-e Sharif", fa: "مزار شریف" },
  ],
  areas: {
    "prov:herat": ["Herat", "هرات", null],
    "prov:balkh": ["Balkh", "بلخ", null],
    "dist:herat/injil": ["Injil", "انجیل", null],
  },
});

test("names that begin as typed come first, with their province, each once", () => {
  assert.deepEqual(matching(list, "her"), ["Herat"]);
  assert.deepEqual(matching(list, "isl"), ["Islam Qala, Herat"]);
  assert.deepEqual(matching(list, "in"), ["Injil, Herat"]);
  assert.deepEqual(matching(list, "qal"), ["Islam Qala, Herat"]);
});

test("hyphens, accents and case do not matter, and Dari is understood", () => {
  assert.deepEqual(matching(list, "MAZAR E SH"), ["Mazar-e Sharif, Balkh"]);
  assert.deepEqual(matching(list, "mazár-e"), ["Mazar-e Sharif, Balkh"]);
  assert.deepEqual(matching(list, "انج"), ["Injil, Herat"]);
});

test("one letter suggests nothing", () => {
  assert.deepEqual(matching(list, "h"), []);
});
