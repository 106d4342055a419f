"use strict";
const test = require("node:test");
const assert = require("node:assert");
require("../../mapapp/map/assets/maths/columns.js");

const { unpack, triplesByCell } = globalThis.Columns;

/** An answer as mapapp/web/columns.py packs it. */
function packed(fields, columns) {
  const head = { ...fields, columns: [] };
  let offset = 0;
  for (const [name, values] of Object.entries(columns)) {
    head.columns.push([name, "Uint32", values.length, offset]);
    offset += Math.ceil((values.length * 4) / 8) * 8;
  }
  const text = new TextEncoder().encode(JSON.stringify(head));
  const headLength = Math.ceil((text.length + 4) / 8) * 8 - 4;
  const buffer = new ArrayBuffer(4 + headLength + offset);
  new DataView(buffer).setUint32(0, headLength, true);
  new Uint8Array(buffer, 4, headLength).fill(32).set(text);
  head.columns.forEach(([name, , length, at]) =>
    new Uint32Array(buffer, 4 + headLength + at, length).set(columns[name]),
  );
  return buffer;
}

test("columns come out as they were packed, whatever the length of the head", () => {
  for (const step of ["day", "week", "month", "a longer one"]) {
    const answer = unpack(packed({ step }, { cell: [0, 1, 1], count: [5, 7, 4294967295] }));
    assert.equal(answer.step, step);
    assert.deepEqual([...answer.cell], [0, 1, 1]);
    assert.deepEqual([...answer.count], [5, 7, 4294967295]);
  }
});

test("bins are listed by their cell, and a cell without any has an empty list", () => {
  const bins = { keys: ["1:2", "3:4", "5:6"], cell: [0, 2, 0], first: [0, 1, 2], last: [0, 3, 2], count: [9, 8, 7] }; // prettier-ignore
  assert.deepEqual(triplesByCell(bins), { "1:2": [[0, 0, 9], [2, 2, 7]], "3:4": [], "5:6": [[1, 3, 8]] }); // prettier-ignore
});
