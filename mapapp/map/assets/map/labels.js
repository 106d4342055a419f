/* Which names stand on the map and where: by zoom and language, out of the way of the marks and of
 * each other. Serves the step "map layer → pixel"; knows nothing of the canvas. Sets globalThis.Labels. */
"use strict";
globalThis.Labels = (function () {
  const M = globalThis.TileMath;
  const GRID_PX = 64;
  // Where a name may stand to its point, in half widths and heights and in gaps: right, left, above, …
  const ASIDE = [[1, 0], [-1, 0], [0, -1], [0, 1], [1, -1], [1, 1], [-1, -1], [-1, 1]]; // prettier-ignore
  const DISTRICT_NAMES_FROM_ZOOM = 9;
  const NEAR_FROM_ZOOM = 4.5;
  // A name of which a mark covers no more than this share can still be read.
  const READABLE = 0.2;

  /** Boxes {x, y, w, h} in px by the squares of a grid that they touch. */
  class Taken {
    constructor() {
      this._squares = new Map();
    }

    _of(box) {
      const found = [];
      for (let i = Math.floor(box.x / GRID_PX); i <= Math.floor((box.x + box.w) / GRID_PX); i++) {
        for (let j = Math.floor(box.y / GRID_PX); j <= Math.floor((box.y + box.h) / GRID_PX); j++) {
          found.push(i + ":" + j);
        }
      }
      return found;
    }

    add(box) {
      for (const key of this._of(box)) {
        if (!this._squares.has(key)) this._squares.set(key, []);
        this._squares.get(key).push(box);
      }
    }

    _near(box) {
      return new Set(this._of(box).flatMap((key) => this._squares.get(key) || []));
    }

    meets(box) {
      return [...this._near(box)].some((other) => M.boxesMeet(other, box));
    }

    /** How much of a box is covered, 0 to 1 and more where what covers it overlaps. */
    share(box) {
      let covered = 0;
      for (const { x, y, w, h } of this._near(box)) {
        const across = Math.min(x + w, box.x + box.w) - Math.max(x, box.x);
        const down = Math.min(y + h, box.y + box.h) - Math.max(y, box.y);
        if (across > 0 && down > 0) covered += across * down;
      }
      return covered / (box.w * box.h);
    }
  }

  /** The name in a language; where it has none in Pashto its Dari one, then the English. */
  function inLanguage({ en, fa, ps }, language) {
    if (language === "ps") return ps || fa || en;
    return language === "fa" ? fa || ps || en : en;
  }

  /**
   * What could be named at a zoom, most important first: {lng, lat, text, kind, dot, must}. A `must`
   * may be touched by a mark where nothing else is free; all others are left out then.
   */
  function wanted({ world, provinces, districts, names }, zoom, language) {
    const text = (known) => inLanguage(known, language);
    const found = [];
    const areas = (list, kind, must) => {
      for (const { id, name, lng, lat } of list) {
        const [, fa, ps] = names?.areas[id] || [];
        found.push({ lng, lat, text: text({ en: name, fa, ps }), kind, must });
      }
    };
    const towns = (names?.towns || []).filter((town) => zoom >= town.from);
    const town = ({ lng, lat, en, fa, ps, rank }) =>
      found.push({ lng, lat, text: text({ en, fa, ps }), kind: "town" + Math.min(rank, 2), dot: true, must: rank < 1 });
    towns.filter(({ rank }) => rank < 1).forEach(town);
    for (const country of world?.names || []) {
      const place = zoom >= NEAR_FROM_ZOOM && country.near ? country.near : country.at;
      found.push({ lng: place[0], lat: place[1], text: text(country), kind: "country", must: Boolean(country.near) });
    }
    if (provinces && zoom >= NEAR_FROM_ZOOM) areas(bySize(provinces.list), "province", zoom < DISTRICT_NAMES_FROM_ZOOM);
    towns.filter(({ rank }) => rank >= 1).sort((a, b) => a.rank - b.rank).forEach(town);
    if (districts && zoom >= DISTRICT_NAMES_FROM_ZOOM) areas(bySize(districts.list), "district", false);
    return found;
  }

  const bySize = (areas) => [...areas].sort((a, b) => sizeOf(b) - sizeOf(a));
  const sizeOf = ({ bounds }) => (bounds[2] - bounds[0]) * (bounds[3] - bounds[1]);

  /**
   * Those that have room, with the middle of their text: {…, x, y, w, h, px, py}. `entries` are
   * those of `wanted` with their point `px`, `py` and size `w`, `h`; `marks` are circles {x, y, r}
   * and `boxes` {x, y, w, h} in the way; all in px of a canvas of that width and height.
   */
  function arrange(entries, { marks, boxes: others }, { width, height }) {
    const covered = new Taken();
    for (const { x, y, r } of marks) covered.add({ x: x - r, y: y - r, w: 2 * r, h: 2 * r });
    for (const box of others) covered.add(box);
    const written = new Taken();
    const placed = [];
    for (const entry of entries) {
      const { px, py, w, h } = entry;
      if (px + w < 0 || py + h < 0 || px - w > width || py - h > height) continue;
      const gap = entry.dot ? clearOf(px, py, marks) : 0;
      const places = entry.dot
        ? ASIDE.map(([dx, dy]) => ({ x: px + dx * (w / 2 + gap), y: py + dy * (h / 2 + (dx ? 0 : gap)) }))
        : [{ x: px, y: py }, { x: px, y: py - h }, { x: px, y: py + h }];
      const boxes = places.map(({ x, y }) => ({ x: x - w / 2, y: y - h / 2, w, h }));
      const open = boxes.filter((box) => !written.meets(box));
      const box =
        open.find((b) => !covered.meets(b)) ||
        (entry.must && open.find((b) => covered.share(b) <= READABLE));
      if (!box) continue;
      written.add(box);
      placed.push({ ...entry, x: box.x + w / 2, y: box.y + h / 2 });
    }
    return placed;
  }

  /** How far from a point its name must stand to be clear of the mark that lies on it, px. */
  function clearOf(px, py, marks) {
    let gap = 5;
    for (const { x, y, r } of marks) {
      const off = Math.hypot(x - px, y - py);
      if (off < r) gap = Math.max(gap, r - off + 2);
    }
    return gap;
  }

  return { wanted, arrange, inLanguage, DISTRICT_NAMES_FROM_ZOOM };
})();
