/* The timeline playing: a window of whole days, weeks or months that goes on by one of them at a time. The
 * script hears nothing of it; Stop goes back to the range that was, Keep makes the window the range.
 * Serves "page ↔ map layer". Adds methods of the timeline as globalThis.TimelinePlayback. */
"use strict";
globalThis.TimelinePlayback = (function () {
  const M = globalThis.TileMath;
  const SPEEDS = [1, 2, 4];
  const STEP_MS = 800; // at ×1

  return {
    toggle() {
      if (this.playing) this.pause();
      else this.play();
    },

    play() {
      if (!this.span) return;
      if (!this.held) this.held = { range: this.range };
      const [shown] = this.windows();
      this.playing = true;
      this._markPlaying();
      this._move(shown);
      this._next();
    },

    /** What it would show from here to the end, one window [from, to] a step; the same that play goes through. */
    windows() {
      if (!this.span) return [];
      const [, last] = this.span;
      let shown = this.range ? this._wholeSteps(this._bounded()) : this._firstWindow();
      if (shown[1] >= last) shown = this._fromTheStart(shown);
      const found = [];
      for (; shown; shown = this._after(shown)) found.push(shown);
      return found;
    },

    /** The window one step after another, null after the last. */
    _after([from, to]) {
      if (to >= this.span[1]) return null;
      return [M.binNext(from, this.step), M.binNext(M.binStart(to, this.step), this.step, 2) - 1];
    },

    /** Stands at a window as if paused there; what it shows is told at once. Says the window in words. */
    standAt(shown) {
      this.pause();
      if (!this.held) this.held = { range: this.range };
      this.range = shown;
      this._markPlaying();
      this._place();
      this._show();
      return this.words.textContent;
    },

    /** The window that is shown in place of the page's range, in words; "" where there is none. */
    heldWords() {
      return this.held ? this.words.textContent : "";
    },

    /** How long a step is shown, ms. */
    pace() {
      return STEP_MS / this.speed;
    },

    /** A range made whole steps: those that it begins and ends in. */
    _wholeSteps([from, to]) {
      return [M.binStart(from, this.step), M.binNext(M.binStart(to, this.step), this.step) - 1];
    },

    /** As many steps, from the first on; one where all of them would leave nothing to play. */
    _fromTheStart([from, to]) {
      const [first, last] = this.span;
      const start = M.binStart(first, this.step);
      const steps = M.binsBetween(from, to, this.step).length;
      const end = M.binNext(start, this.step, steps) - 1;
      return end < last ? [start, end] : this._firstWindow();
    },

    _next() {
      this._ticking = setTimeout(() => {
        if (!this.playing) return;
        const next = this._after(this.range);
        if (!next) {
          this.pause();
          return;
        }
        this._move(next);
        this._next();
      }, this.pace());
    },

    /** Stands still where it is; the range of the page is the one that was. */
    pause() {
      if (!this.playing) return;
      this.playing = false;
      clearTimeout(this._ticking);
      this._markPlaying();
      this._show();
    },

    /** Ends the playback: back to the range that was. */
    stop() {
      if (!this.held) return;
      this.pause();
      this.range = this.held.range;
      this._release();
      this._place();
      this._show();
    },

    /** Ends the playback: what is shown is the range from now on. */
    keep() {
      this.pause();
      this._settle(this.range);
    },

    _release() {
      this.held = null;
      this._markPlaying();
    },

    _markPlaying() {
      this.playButton.setAttribute("aria-pressed", String(this.playing));
      this.playButton.setAttribute("aria-label", this.playing ? "Pause" : "Play");
      this.frame.classList.toggle("is-playing", this.playing);
      for (const button of [this.stopButton, this.keepButton]) button.hidden = !this.held;
      if (this.held) this.allButton.hidden = true;
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
