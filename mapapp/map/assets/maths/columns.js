/* Reads answers whose columns of numbers come packed (mapapp/web/columns.py writes them).
 * Serves the step "JSON → map layer". No DOM; sets globalThis.Columns. */
"use strict";
globalThis.Columns = (function () {
  const ARRAYS = { Uint32: Uint32Array, Int32: Int32Array, Float64: Float64Array };
  const PACKED = "application/vnd.incident-map.columns";

  /** The answer in a buffer: its head's fields, and each column as a typed array. */
  function unpack(buffer) {
    const headLength = new DataView(buffer).getUint32(0, true);
    const { columns, ...answer } = JSON.parse(
      new TextDecoder().decode(new Uint8Array(buffer, 4, headLength)),
    );
    for (const [name, type, length, offset] of columns) {
      answer[name] = new ARRAYS[type](buffer, 4 + headLength + offset, length);
    }
    return answer;
  }

  /** Time bins by cell: {key: [[first bin, last bin, count], …]}. */
  function triplesByCell({ keys, cell, first, last, count }) {
    const lists = keys.map(() => []);
    for (let row = 0; row < cell.length; row++) {
      lists[cell[row]].push([first[row], last[row], count[row]]);
    }
    return Object.fromEntries(keys.map((key, at) => [key, lists[at]]));
  }

  return { PACKED, unpack, triplesByCell };
})();
