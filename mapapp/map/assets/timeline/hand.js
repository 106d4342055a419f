/* The range of the timeline as a hand moves it: by pointer, by keys, by whole steps.
 * Serves "page ↔ map layer". Adds methods of the timeline as globalThis.TimelineHand. */
"use strict";
globalThis.TimelineHand = (function () {
  const M = globalThis.TileMath;
  // Key → steps that it moves the brush or a handle by.
  const STEPS_BY = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -6, PageUp: 6 }; // prettier-ignore

  return {
    _listen() {
      this.frame.addEventListener("keydown", (event) => this._onKey(event));
      this.plot.addEventListener("pointerdown", (event) => this._onDown(event));
      this.plot.addEventListener("dblclick", () => this._settle(null));
    },

    _nudge(by) {
      if (!this.span) return;
      this.pause();
      this._settle(this.range ? this._shifted(this._bounded(), by) : this._firstWindow());
    },

    _firstWindow() {
      const [first] = this.span;
      return [first, M.binNext(M.binStart(first, this.step), this.step) - 1];
    },

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
    },

    _onDown(event) {
      if (!this.span || event.button !== 0) return;
      this.pause();
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
    },

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
    },

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
        if (event.key === "Escape" && this.held) this.stop();
        else if (event.key === "Escape") this._settle(null);
        else if (event.key in STEPS_BY) this._nudge(STEPS_BY[event.key]);
        else return;
      } else {
        return;
      }
      event.preventDefault();
      event.stopPropagation();
    },

    _onHandleKey(event, side) {
      const [first, last] = this.span;
      const [from, to] = this._bounded();
      const edge = (day, steps) =>
        side === 0
          ? M.binNext(M.binStart(day, this.step), this.step, steps)
          : M.binNext(M.binStart(day, this.step), this.step, steps + 1) - 1;
      let day;
      if (event.key in STEPS_BY) day = edge(side === 0 ? from : to, STEPS_BY[event.key]);
      else if (event.key === "Home") day = side === 0 ? first : edge(from, 0);
      else if (event.key === "End") day = side === 0 ? edge(to, 0) : last;
      else return false;
      this.pause();
      this._settle(
        side === 0
          ? [Math.max(first, Math.min(to, day)), to]
          : [from, Math.min(last, Math.max(from, day))],
      );
      return true;
    },

    _onRadioKey(event) {
      const steps = [...this.stepGroup.children].map((item) => item.dataset.step);
      const at = steps.indexOf(this.step);
      const by = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 }[event.key];
      if (!by) return false;
      const next = steps[(at + by + steps.length) % steps.length];
      this._chooseStep(next);
      this.stepGroup.querySelector(`[data-step=${next}]`).focus();
      return true;
    },
  };
})();
