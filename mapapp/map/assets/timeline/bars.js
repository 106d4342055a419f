/* The bars of the timeline with their dates, and the brush over them. Serves "page ↔ map layer".
 * Adds methods of the timeline as globalThis.TimelineBars. */
"use strict";
globalThis.TimelineBars = (function () {
  const M = globalThis.TileMath;
  const BAR_PX = 52; // height of the tallest bar
  const SVG = "http://www.w3.org/2000/svg";
  const MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");

  function draw(tag, attributes = {}) {
    const element = document.createElementNS(SVG, tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    return element;
  }

  /** "30 Sep 2022". */
  function dayWords(day) {
    const at = new Date(day * 86400000);
    return `${at.getUTCDate()} ${MONTHS[at.getUTCMonth()]} ${at.getUTCFullYear()}`;
  }

  return {
    _buildBars() {
      this.svg = draw("svg", { class: "bars", "aria-hidden": "true" });
      const id = "t" + Math.random().toString(36).slice(2);
      const hatch = (className) => {
        const pattern = draw("pattern", {
          id: id + className, width: 4, height: 4, patternUnits: "userSpaceOnUse",
          patternTransform: "rotate(45)",
        }); // prettier-ignore
        pattern.append(draw("rect", { class: "hatch-" + className, width: 1.6, height: 4 }));
        return pattern;
      };
      const inside = draw("clipPath", { id: id + "c" });
      this.clip = draw("rect", { y: 0, height: 80 });
      inside.append(this.clip);
      const defs = draw("defs");
      defs.append(hatch("outer"), hatch("inner"), inside);
      const pair = (className) => {
        const group = draw("g", { class: className });
        const certain = draw("path", { class: "certain" });
        const possible = draw("path", { class: "possible", fill: `url(#${id}${className})` });
        group.append(certain, possible);
        return { group, certain, possible };
      };
      this.outer = pair("outer");
      this.inner = pair("inner");
      this.inner.group.setAttribute("clip-path", `url(#${id}c)`);
      this.axis = draw("g", { class: "axis" });
      this.base = draw("line", { class: "base", x1: 0, y1: BAR_PX + 0.5, y2: BAR_PX + 0.5 });
      this.cuts = draw("path", { class: "cuts" });
      this.svg.append(defs, this.outer.group, this.inner.group, this.cuts, this.base, this.axis);
    },

    _layout() {
      this.width = this.plot.clientWidth;
      if (!this.width || !this.span) {
        this._place();
        return;
      }
      this.svg.setAttribute("viewBox", `0 0 ${this.width} ${BAR_PX + 18}`);
      this.base.setAttribute("x2", this.width);
      const top = M.barTop(this.bins.possible);
      let [certain, possible, cut] = ["", "", ""];
      this.bins.start.forEach((start, index) => {
        const left = this._x(start);
        const right = this._x(M.binNext(start, this.step));
        const gap = right - left > 3 ? 1 : 0;
        const tall = (count) => (count ? Math.max(2, (Math.min(count, top) / top) * (BAR_PX - 4)) : 0);
        const low = tall(this.bins.certain[index]);
        const high = Math.max(low, tall(this.bins.possible[index]));
        const bar = (from, to) =>
          `M${left.toFixed(1)} ${(BAR_PX - from).toFixed(1)}V${(BAR_PX - to).toFixed(1)}` +
          `H${Math.max(left + 0.8, right - gap).toFixed(1)}V${(BAR_PX - from).toFixed(1)}Z`;
        if (low) certain += bar(0, low);
        if (high > low) possible += bar(low, high);
        if (this.bins.possible[index] > top) cut += this._cutAcross(left, Math.max(left + 0.8, right - gap));
      });
      this.cuts.setAttribute("d", cut);
      this._sayCut(top);
      for (const pair of [this.outer, this.inner]) {
        pair.certain.setAttribute("d", certain);
        pair.possible.setAttribute("d", possible);
      }
      this._drawAxis();
      this._place();
    },

    /** A slanted gap near the top of a bar that is cut off. */
    _cutAcross(left, right) {
      return `M${left.toFixed(1)} 13V10L${right.toFixed(1)} 6.5V9.5Z`;
    },

    /** Says how high the bars are that are cut off at `top`. */
    _sayCut(top) {
      const cut = this.bins.possible.filter((count) => count > top);
      this.cutWords.hidden = !cut.length;
      if (!cut.length) return;
      const most = Math.max(...cut);
      const say = (count) => count.toLocaleString("en");
      const which = this.bins.start[this.bins.possible.indexOf(most)];
      this.cutWords.textContent =
        `${cut.length === 1 ? "1 bar is" : `${say(cut.length)} bars are`} cut at ${say(top)}; ` +
        `${this._binWords(which)} has ${say(most)}`;
    },

    /** "Jan 2026", "5 Jan 2026", "the week of 5 Jan 2026". */
    _binWords(start) {
      const words = dayWords(start);
      if (this.step === "month") return words.slice(words.indexOf(" ") + 1);
      return this.step === "week" ? `the week of ${words}` : words;
    },

    /** Dates under the bars, as many as fit. */
    _drawAxis() {
      const [first, last] = this.span;
      const days = last - first + 1;
      const every = [1, 3, 6, 12, 24, 60, 120].find((n) => (n * 30.4 * this.width) / days >= 62);
      this.axis.replaceChildren();
      const month = (day) => new Date(day * 86400000).getUTCMonth();
      const year = (day) => new Date(day * 86400000).getUTCFullYear();
      for (const start of M.binsBetween(first, last, "month")) {
        if (start < first || (year(start) * 12 + month(start)) % (every || 240)) continue;
        const x = this._x(start);
        if (x > this.width - 22) continue;
        const tick = draw("line", { x1: x, x2: x, y1: BAR_PX, y2: BAR_PX + 4 });
        const text = draw("text", { x: Math.max(x, 1), y: BAR_PX + 15 });
        text.textContent =
          every && every >= 12 ? String(year(start)) : `${MONTHS[month(start)]} ${year(start)}`;
        this.axis.append(tick, text);
      }
    },

    _x(day) {
      const [first, last] = this.span;
      return ((day - first) / (last - first + 1)) * this.width;
    },

    _day(x) {
      const [first, last] = this.span;
      const day = first + Math.floor((x / this.width) * (last - first + 1));
      return Math.max(first, Math.min(last, day));
    },

    /** The range cut to what the bars span. */
    _bounded() {
      const [first, last] = this.span;
      if (!this.range) return [first, last];
      return [Math.max(first, Math.min(last, this.range[0])),
              Math.max(first, Math.min(last, this.range[1]))]; // prettier-ignore
    },

    /** Puts brush, words and slider values where the range is. */
    _place() {
      const dated = Boolean(this.span && this.width);
      for (const element of [this.body, ...this.handles]) element.hidden = !dated;
      this.empty.hidden = Boolean(this.span);
      this.allButton.hidden = !this.range || Boolean(this.held);
      this.words.textContent = this._rangeWords();
      if (!dated) return;
      const [from, to] = this._bounded();
      const [left, right] = [this._x(from), this._x(to + 1)];
      this.clip.setAttribute("x", left);
      this.clip.setAttribute("width", Math.max(0, right - left));
      this.body.style.transform = `translateX(${left}px)`;
      this.body.style.width = right - left + "px";
      this.handles[0].style.transform = `translateX(${left}px)`;
      this.handles[1].style.transform = `translateX(${right}px)`;
      const [first, last] = this.span;
      this._announce(this.handles[0], first, to, from, dayWords(from));
      this._announce(this.handles[1], from, last, to, dayWords(to));
      this._announce(this.body, first, last, from, `${dayWords(from)} to ${dayWords(to)}`);
    },

    _announce(slider, low, high, now, words) {
      slider.setAttribute("aria-valuemin", low);
      slider.setAttribute("aria-valuemax", high);
      slider.setAttribute("aria-valuenow", now);
      slider.setAttribute("aria-valuetext", words);
    },

    _rangeWords() {
      if (!this.span) return "";
      const [from, to] = this._bounded();
      if (from === to) return dayWords(from);
      return `${dayWords(from)} – ${dayWords(to)}`;
    },
  };
})();
