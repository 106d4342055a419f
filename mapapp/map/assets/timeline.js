/* The histogram over time: a brush for the range of days, and playback. Serves "page ↔ map layer".
 * While it is dragged or plays it speaks to the map alone; the script hears of it on release.
 * A plain script: it adds `Timeline` and `timeline` to globalThis.IncidentPage. */
"use strict";
(function () {
  const M = globalThis.TileMath;
  const Page = globalThis.IncidentPage;
  const STEPS = ["day", "week", "month"];
  const SPEEDS = [1, 2, 4];
  const BAR_PX = 52; // height of the tallest bar
  // Days a second at ×1; reduced motion goes by whole steps, one a second.
  const PACE = { day: 6, week: 21, month: 55 };
  const SVG = "http://www.w3.org/2000/svg";
  const MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");

  function make(tag, attributes = {}, children = []) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (name === "text") element.textContent = value;
      else element.setAttribute(name, value);
    }
    element.append(...children);
    return element;
  }

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

  /**
   * In `root`; `say(name, value)` tells the page: `range` {from, to} (ISO days or null), `step`.
   * `show(message)` is called at display rate with {from, to, playing, trail}.
   */
  class Timeline {
    constructor(root, { say, show }) {
      this.root = root;
      this.say = say;
      this.show = show;
      this.bins = { start: [], certain: [], possible: [] };
      this.step = "month";
      this.range = null; // [from, to] day numbers, null: all
      this.speed = 1;
      this.trail = false;
      this.playing = false;
      this._build();
      this._observer = new ResizeObserver(() => this._layout());
      this._observer.observe(this.plot);
    }

    destroy() {
      this.pause(false);
      this._observer.disconnect();
      this.root.replaceChildren();
    }

    // ---- building --------------------------------------------------------------------------------

    _build() {
      const button = (className, label, text, act) => {
        const made = make("button", { type: "button", class: className, "aria-label": label, text });
        made.addEventListener("click", act);
        return made;
      };
      this.playButton = button("play", "Play", "", () => this.toggle());
      this.playButton.setAttribute("aria-pressed", "false");
      this.words = make("output", { class: "range-words" });
      this.allButton = button("all", "Show all dates", "All dates", () => this._settle(null));
      this.svg = draw("svg", { class: "bars", "aria-hidden": "true" });
      this._buildBars();
      this.body = this._slider("body", "Range of dates, move");
      this.handles = [this._slider("handle from", "From"), this._slider("handle to", "To")];
      this.empty = make("p", { class: "empty", text: "No dated incidents in this selection." });
      this.plot = make("div", { class: "plot" }, [
        this.svg, this.body, ...this.handles, this.empty,
      ]); // prettier-ignore
      this.stepGroup = make("div", { class: "steps", role: "radiogroup", "aria-label": "Step" });
      for (const step of STEPS) {
        const item = button("step", step, step, () => this._chooseStep(step));
        item.setAttribute("role", "radio");
        item.dataset.step = step;
        this.stepGroup.append(item);
      }
      this.speedButton = button("speed", "", "×1", () => this._nextSpeed());
      this.trailButton = button("trail", "Leave a trail while playing", "Trail", () => {
        this.trail = !this.trail;
        this.trailButton.setAttribute("aria-pressed", String(this.trail));
        this._show();
      });
      this.trailButton.setAttribute("aria-pressed", "false");
      const back = button("nudge", "One step back", "‹", () => this._nudge(-1));
      const on = button("nudge", "One step on", "›", () => this._nudge(1));
      this.frame = make("div", { class: "frame", role: "group", "aria-label": "Timeline" }, [
        make("div", { class: "transport" }, [back, this.playButton, on]),
        make("div", { class: "middle" }, [
          make("div", { class: "line" }, [this.words, this.allButton]),
          this.plot,
        ]),
        make("div", { class: "options" }, [
          this.stepGroup,
          make("div", { class: "pace" }, [this.speedButton, this.trailButton]),
        ]),
      ]);
      this.root.replaceChildren(this.frame);
      this._nameSpeed();
      this._listen();
    }

    _buildBars() {
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
      this.svg.append(defs, this.outer.group, this.inner.group, this.base, this.axis);
    }

    _slider(className, label) {
      return make("div", { class: className, role: "slider", tabindex: "0", "aria-label": label });
    }

    _listen() {
      this.frame.addEventListener("keydown", (event) => this._onKey(event));
      this.plot.addEventListener("pointerdown", (event) => this._onDown(event));
      this.plot.addEventListener("dblclick", () => this._settle(null));
    }

    // ---- data ----------------------------------------------------------------------------------------

    /** The bins of the selection: `start` ISO days, `certain` and `possible` counts. */
    setBins(bins, step) {
      this.bins = { ...bins, start: bins.start.map((iso) => M.dayNumber(iso)) };
      this.step = step;
      const starts = this.bins.start;
      this.span = starts.length
        ? [starts[0], M.binNext(starts[starts.length - 1], step) - 1]
        : null;
      this.frame.classList.toggle("is-empty", !this.span);
      for (const item of this.stepGroup.children) {
        const chosen = item.dataset.step === step;
        item.setAttribute("aria-checked", String(chosen));
        item.tabIndex = chosen ? 0 : -1;
      }
      this._layout();
    }

    /** The range the page has; ignored while a hand or the playback moves it. */
    setRange(from, to) {
      if (this._drag || this.playing) return;
      const [low, high] = [M.dayNumber(from), M.dayNumber(to)];
      this.range = low === null && high === null ? null : [low ?? -Infinity, high ?? Infinity];
      this._place();
    }

    // ---- drawing -------------------------------------------------------------------------------------

    _layout() {
      this.width = this.plot.clientWidth;
      if (!this.width || !this.span) {
        this._place();
        return;
      }
      this.svg.setAttribute("viewBox", `0 0 ${this.width} ${BAR_PX + 18}`);
      this.base.setAttribute("x2", this.width);
      const most = Math.max(1, ...this.bins.possible);
      let [certain, possible] = ["", ""];
      this.bins.start.forEach((start, index) => {
        const left = this._x(start);
        const right = this._x(M.binNext(start, this.step));
        const gap = right - left > 3 ? 1 : 0;
        const tall = (count) => (count ? Math.max(2, (count / most) * (BAR_PX - 4)) : 0);
        const low = tall(this.bins.certain[index]);
        const high = Math.max(low, tall(this.bins.possible[index]));
        const bar = (from, to) =>
          `M${left.toFixed(1)} ${(BAR_PX - from).toFixed(1)}V${(BAR_PX - to).toFixed(1)}` +
          `H${Math.max(left + 0.8, right - gap).toFixed(1)}V${(BAR_PX - from).toFixed(1)}Z`;
        if (low) certain += bar(0, low);
        if (high > low) possible += bar(low, high);
      });
      for (const pair of [this.outer, this.inner]) {
        pair.certain.setAttribute("d", certain);
        pair.possible.setAttribute("d", possible);
      }
      this._drawAxis();
      this._place();
    }

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
    }

    _x(day) {
      const [first, last] = this.span;
      return ((day - first) / (last - first + 1)) * this.width;
    }

    _day(x) {
      const [first, last] = this.span;
      const day = first + Math.floor((x / this.width) * (last - first + 1));
      return Math.max(first, Math.min(last, day));
    }

    /** The range cut to what the bars span. */
    _bounded() {
      const [first, last] = this.span;
      if (!this.range) return [first, last];
      return [Math.max(first, Math.min(last, this.range[0])),
              Math.max(first, Math.min(last, this.range[1]))]; // prettier-ignore
    }

    /** Puts brush, words and slider values where the range is. */
    _place() {
      const dated = Boolean(this.span && this.width);
      for (const element of [this.body, ...this.handles]) element.hidden = !dated;
      this.empty.hidden = Boolean(this.span);
      this.allButton.hidden = !this.range;
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
    }

    _announce(slider, low, high, now, words) {
      slider.setAttribute("aria-valuemin", low);
      slider.setAttribute("aria-valuemax", high);
      slider.setAttribute("aria-valuenow", now);
      slider.setAttribute("aria-valuetext", words);
    }

    _rangeWords() {
      if (!this.span) return "";
      const [from, to] = this._bounded();
      if (from === to) return dayWords(from);
      return `${dayWords(from)} – ${dayWords(to)}`;
    }

    // ---- moving ----------------------------------------------------------------------------------------

    /** Shows a range at once, without a word to the script. */
    _move(range) {
      this.range = range;
      if (this._frame) return;
      this._frame = requestAnimationFrame(() => {
        this._frame = 0;
        this._place();
        this._show();
      });
    }

    _show() {
      const [from, to] = this._ends();
      this.show({ from, to, playing: this.playing, trail: this.trail && this.playing });
    }

    /** ISO days of the range, null where it is open. */
    _ends() {
      const iso = (day) => (Number.isFinite(day) ? M.isoDay(day) : null);
      return this.range ? this.range.map(iso) : [null, null];
    }

    /** Ends a movement: the script hears of the range. The whole span is no restriction. */
    _settle(range) {
      const [first, last] = this.span || [0, 0];
      const whole = range && range[0] <= first && range[1] >= last;
      this.range = whole ? null : range;
      this._place();
      this._show();
      const [from, to] = this._ends();
      this.say("range", { from, to });
    }

    /** The brush moved by whole steps, stopped at the ends. */
    _shifted(range, by) {
      const [first, last] = this.span;
      const whole = range[0] === M.binStart(range[0], this.step);
      if (whole && range[1] === M.binNext(M.binStart(range[1], this.step), this.step) - 1) {
        // Whole steps stay whole: months are of different lengths.
        const start = M.binNext(range[0], this.step, by);
        const end = M.binNext(M.binStart(range[1], this.step), this.step, by + 1) - 1;
        return start < first || end > last ? range : [start, end];
      }
      const days = M.binNext(range[0], this.step, by) - range[0];
      const allowed = Math.max(first - range[0], Math.min(last - range[1], days));
      return [range[0] + allowed, range[1] + allowed];
    }

    _nudge(by) {
      if (!this.span) return;
      this.pause(false);
      this._settle(this.range ? this._shifted(this._bounded(), by) : this._firstWindow());
    }

    _firstWindow() {
      const [first] = this.span;
      return [first, M.binNext(M.binStart(first, this.step), this.step) - 1];
    }

    _onDown(event) {
      if (!this.span || event.button !== 0) return;
      this.pause(false);
      const box = this.plot.getBoundingClientRect();
      const at = (e) => this._day(e.clientX - box.left);
      const start = at(event);
      const before = this._bounded();
      const grip = event.target.closest(".handle, .body");
      const part = !grip ? "new" : grip === this.body ? "body" : grip === this.handles[0] ? 0 : 1;
      // A brush over everything cannot be moved: a drag on it draws a new one.
      const mode = part === "body" && !this.range ? "new" : part;
      this._drag = { moved: false };
      this.plot.setPointerCapture(event.pointerId);
      event.preventDefault();
      (grip || this.body).focus({ preventScroll: true });
      const step = this.step;
      const endOf = (day) => M.binNext(M.binStart(day, step), step) - 1;
      const onMove = (e) => {
        if (Math.abs(e.clientX - event.clientX) > 3) this._drag.moved = true;
        if (!this._drag.moved) return;
        const day = at(e);
        let [from, to] = before;
        if (mode === "new") {
          from = M.binStart(Math.min(start, day), step);
          to = endOf(Math.max(start, day));
        } else if (mode === "body") {
          const steps = this._stepsBetween(start, day);
          [from, to] = this._shifted(before, steps);
        } else if (mode === 0) {
          from = Math.min(M.binStart(day, step), to);
        } else {
          to = Math.max(endOf(day), from);
        }
        const [first, last] = this.span;
        this._move([Math.max(first, from), Math.min(last, to)]);
      };
      const onUp = () => {
        this.plot.removeEventListener("pointermove", onMove);
        const { moved } = this._drag;
        this._drag = null;
        if (moved) this._settle(this.range);
        else if (part === "new" || part === "body") {
          this._settle([M.binStart(start, step), endOf(start)]);
        }
      };
      this.plot.addEventListener("pointermove", onMove);
      this.plot.addEventListener("lostpointercapture", onUp, { once: true });
    }

    /** Whole steps from one day to another. */
    _stepsBetween(from, to) {
      if (this.step === "month") {
        const months = (day) => {
          const at = new Date(day * 86400000);
          return at.getUTCFullYear() * 12 + at.getUTCMonth();
        };
        return months(to) - months(from);
      }
      return Math.round((to - from) / (this.step === "week" ? 7 : 1));
    }

    _onKey(event) {
      if (event.ctrlKey || event.metaKey || event.altKey || !this.span) return;
      const { target } = event;
      if (event.key === " " && target.tagName !== "BUTTON") {
        this.toggle();
      } else if (target.getAttribute("role") === "radio") {
        if (!this._onRadioKey(event)) return;
      } else if (target === this.handles[0] || target === this.handles[1]) {
        if (!this._onHandleKey(event, target === this.handles[0] ? 0 : 1)) return;
      } else if (target === this.body || target === this.playButton) {
        const by = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -6, PageUp: 6 }; // prettier-ignore
        if (event.key === "Escape") this._settle(null);
        else if (event.key in by) this._nudge(by[event.key]);
        else return;
      } else {
        return;
      }
      event.preventDefault();
      event.stopPropagation();
    }

    _onHandleKey(event, side) {
      const by = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -6, PageUp: 6 }; // prettier-ignore
      const [first, last] = this.span;
      const [from, to] = this._bounded();
      const edge = (day, steps) =>
        side === 0
          ? M.binNext(M.binStart(day, this.step), this.step, steps)
          : M.binNext(M.binStart(day, this.step), this.step, steps + 1) - 1;
      let day;
      if (event.key in by) day = edge(side === 0 ? from : to, by[event.key]);
      else if (event.key === "Home") day = side === 0 ? first : edge(from, 0);
      else if (event.key === "End") day = side === 0 ? edge(to, 0) : last;
      else return false;
      this.pause(false);
      this._settle(
        side === 0
          ? [Math.max(first, Math.min(to, day)), to]
          : [from, Math.min(last, Math.max(from, day))],
      );
      return true;
    }

    _onRadioKey(event) {
      const at = STEPS.indexOf(this.step);
      const by = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 }[event.key];
      if (!by) return false;
      const next = STEPS[(at + by + STEPS.length) % STEPS.length];
      this._chooseStep(next);
      this.stepGroup.querySelector(`[data-step=${next}]`).focus();
      return true;
    }

    _chooseStep(step) {
      if (step === this.step) return;
      this.pause(false);
      this.say("step", step);
    }

    // ---- playing ---------------------------------------------------------------------------------------

    toggle() {
      if (this.playing) this.pause(true);
      else this.play();
    }

    play() {
      if (!this.span) return;
      const [first, last] = this.span;
      let window = this.range ? this._bounded() : this._firstWindow();
      if (window[1] >= last) {
        // At the end it begins again, with a window of the same length if that can move at all.
        const length = window[1] - window[0];
        window = length < last - first ? [first, first + length] : this._firstWindow();
      }
      this.playing = true;
      this._markPlaying();
      const length = window[1] - window[0];
      const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
      let at = window[0];
      let before = performance.now();
      let shown = at;
      this._move(window);
      const tick = (now) => {
        if (!this.playing) return;
        if (calm) {
          if (now - before >= 1000 / this.speed) {
            at = M.binNext(shown, this.step);
            before = now;
          }
        } else {
          at += (Math.min(100, now - before) / 1000) * PACE[this.step] * this.speed;
          before = now;
        }
        const from = Math.min(Math.floor(at), last - length);
        if (from !== shown) {
          shown = from;
          this.range = [from, from + length];
          this._place();
          this._show();
        }
        if (from + length >= last) this.pause(true);
        else this._ticking = requestAnimationFrame(tick);
      };
      this._ticking = requestAnimationFrame(tick);
    }

    /** Stops; `tell` lets the script hear where. */
    pause(tell) {
      if (!this.playing) return;
      this.playing = false;
      cancelAnimationFrame(this._ticking);
      this._markPlaying();
      if (tell) this._settle(this.range);
    }

    _markPlaying() {
      this.playButton.setAttribute("aria-pressed", String(this.playing));
      this.playButton.setAttribute("aria-label", this.playing ? "Pause" : "Play");
      this.frame.classList.toggle("is-playing", this.playing);
    }

    _nextSpeed() {
      this.speed = SPEEDS[(SPEEDS.indexOf(this.speed) + 1) % SPEEDS.length];
      this._nameSpeed();
    }

    _nameSpeed() {
      this.speedButton.textContent = "×" + this.speed;
      this.speedButton.setAttribute("aria-label", `Speed ×${this.speed}`);
    }
  }

  Page.Timeline = Timeline;

  /** The Streamlit component: data {query, step, from, to, data_url}; says `range` and `step`. */
  Page.timeline = Page.mounted((first) => {
    let component = first;
    let asked = null;
    let abort = null;
    let sent = null; // a range the script has not answered yet
    const root = first.parentElement.querySelector(".timeline");
    const timeline = new Timeline(root, {
      say(name, value) {
        if (name === "range") sent = JSON.stringify([value.from, value.to]);
        component.setTriggerValue(name, value);
      },
      show: (message) => Page.tell({ ...message, type: "time" }),
    });
    const load = async ({ query, step, data_url: dataUrl }) => {
      const address = `${dataUrl}/series?${query ? query + "&" : ""}step=${step}`;
      if (address === asked) return;
      asked = address;
      abort?.abort();
      abort = new AbortController();
      try {
        timeline.setBins(await Page.askJson(address, abort.signal), step);
        timeline.frame.classList.remove("is-fault");
      } catch (error) {
        if (error.name === "AbortError") return;
        asked = null;
        timeline.empty.hidden = false;
        timeline.empty.textContent = "The timeline could not be loaded: " + error.message;
        timeline.frame.classList.add("is-fault");
      }
    };
    return {
      update(next) {
        component = next;
        const { from, to } = component.data;
        load(component.data);
        // A run that began before the last movement knows an older range: the hand is right.
        if (sent !== null && sent !== JSON.stringify([from, to])) {
          const waiting = sent;
          setTimeout(() => {
            if (sent === waiting) sent = null;
          }, 4000);
          return;
        }
        sent = null;
        timeline.setRange(from, to);
      },
      destroy() {
        abort?.abort();
        timeline.destroy();
      },
    };
  });
})();
