/* The histogram over time: a brush for the range of days, and playback. Serves "page ↔ map layer".
 * While it is dragged or plays it speaks to the map alone; the script hears of it on release.
 * How it is drawn, moved by hand and played is in bars.js, hand.js and playback.js.
 * A plain script: it adds `Timeline` to globalThis.IncidentPage. */
"use strict";
(function () {
  const M = globalThis.TileMath;
  const STEPS = ["day", "week", "month"];

  function make(tag, attributes = {}, children = []) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (name === "text") element.textContent = value;
      else element.setAttribute(name, value);
    }
    element.append(...children);
    return element;
  }

  /**
   * In `root`; `say(name, value)` tells the page: `range` {from, to} (ISO days or null), `step`.
   * `show(message)` is called at display rate with {from, to, playing, trail, held}: `held` while the page has
   * another range, which Stop goes back to.
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
      this.held = null; // {range}: the range that was before it played
      this._build();
      this._observer = new ResizeObserver(() => this._layout());
      this._observer.observe(this.plot);
    }

    destroy() {
      this.pause();
      this._observer.disconnect();
      this.root.replaceChildren();
    }

    _build() {
      const button = (className, label, text, act) => {
        const made = make("button", { type: "button", class: className, "aria-label": label, text });
        made.addEventListener("click", act);
        return made;
      };
      this.playButton = button("play", "Play", "", () => this.toggle());
      this.playButton.setAttribute("aria-pressed", "false");
      this.words = make("output", { class: "range-words" });
      this.cutWords = make("span", { class: "cut-words" });
      this.cutWords.hidden = true;
      this.allButton = button("all", "Show all dates", "All dates", () => this._settle(null));
      this.stopButton = button("all stop", "Stop, and go back to the dates before", "Stop", () => this.stop());
      this.keepButton = button("all keep", "Keep these dates", "Keep these dates", () => this.keep());
      this.stopButton.hidden = this.keepButton.hidden = true;
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
      this.trailButton = button("trail", "Keep earlier marks while playing", "Keep marks", () => {
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
          make("div", { class: "line" }, [this.words, this.cutWords, this.stopButton, this.keepButton, this.allButton]),
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

    _slider(className, label) {
      return make("div", { class: className, role: "slider", tabindex: "0", "aria-label": label });
    }

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
      if (this._drag || this.held) return;
      const [low, high] = [M.dayNumber(from), M.dayNumber(to)];
      this.range = low === null && high === null ? null : [low ?? -Infinity, high ?? Infinity];
      this._place();
    }

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
      this.show({ from, to, playing: this.playing, trail: this.trail && Boolean(this.held), held: Boolean(this.held) });
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
      if (this.held) this._release();
      this._place();
      this._show();
      const [from, to] = this._ends();
      this.say("range", { from, to });
    }

    _chooseStep(step) {
      if (step === this.step) return;
      this.stop();
      this.say("step", step);
    }
  }

  Object.assign(
    Timeline.prototype,
    globalThis.TimelineBars,
    globalThis.TimelineHand,
    globalThis.TimelinePlayback,
  );
  globalThis.IncidentPage.Timeline = Timeline;
})();
