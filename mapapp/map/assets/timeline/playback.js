/* The timeline playing: a window of dates that moves at display rate, or by whole steps where motion
 * is reduced. Serves "page ↔ map layer". Adds methods of the timeline as globalThis.TimelinePlayback. */
"use strict";
globalThis.TimelinePlayback = (function () {
  const M = globalThis.TileMath;
  const SPEEDS = [1, 2, 4];
  // Days a second at ×1; reduced motion goes by whole steps, one a second.
  const PACE = { day: 6, week: 21, month: 55 };

  return {
    toggle() {
      if (this.playing) this.pause(true);
      else this.play();
    },

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
    },

    /** Stops; `tell` lets the script hear where. */
    pause(tell) {
      if (!this.playing) return;
      this.playing = false;
      cancelAnimationFrame(this._ticking);
      this._markPlaying();
      if (tell) this._settle(this.range);
    },

    _markPlaying() {
      this.playButton.setAttribute("aria-pressed", String(this.playing));
      this.playButton.setAttribute("aria-label", this.playing ? "Pause" : "Play");
      this.frame.classList.toggle("is-playing", this.playing);
    },

    _nextSpeed() {
      this.speed = SPEEDS[(SPEEDS.indexOf(this.speed) + 1) % SPEEDS.length];
      this._nameSpeed();
    },

    _nameSpeed() {
      this.speedButton.textContent = "×" + this.speed;
      this.speedButton.setAttribute("aria-label", `Speed ×${this.speed}`);
    },
  };
})();
