/* The map as a picture file, and its playback as a film, made in the reader's own browser.
 * Serves the step "page ↔ map layer". Adds `picture` to globalThis.IncidentPage: {save, film}.
 *
 * Both get `words` {name (of the file, without its ending), title, sentence, undated (the same without its days),
 * figures, notes}. */
"use strict";
globalThis.IncidentPage.picture = (function () {
  const Page = globalThis.IncidentPage;
  const WAIT_MS = 60_000;
  const RATIO = 2; // px of a picture for each of the screen: sharp on paper
  const FILM_PX = 1280; // about as wide as a film gets
  const FILM_STEPS = 300;
  const END_MS = 4000; // how long the last frame stands
  const REFRESH_MS = 100; // a recorder sees only what is drawn anew
  // Kinds of film, the first that the browser can make; with each the ending of its file.
  const KINDS = [["video/webm;codecs=vp9", "webm"], ["video/webm", "webm"], ["video/mp4", "mp4"]]; // prettier-ignore
  const RATES = { videoBitsPerSecond: 5_000_000 };
  let asked = 0;
  let filming = null;

  /** The map's picture under words, {bitmap, notes}; rejects with what is wrong. */
  function ask(words, ratio) {
    const id = ++asked;
    return new Promise((resolve, reject) => {
      const finish = (act, value) => {
        stop();
        clearTimeout(timer);
        act(value);
      };
      const stop = Page.listen({
        pictured({ id: of, fault, bitmap, notes }) {
          if (of !== id) return;
          if (fault) finish(reject, new Error(fault));
          else finish(resolve, { bitmap, notes });
        },
      });
      const late = new Error("The map did not answer. Wait until it stands there whole, and try again.");
      const timer = setTimeout(() => finish(reject, late), WAIT_MS);
      Page.tell({ type: "picture", id, words, ratio });
    });
  }

  function paperOf({ width, height }) {
    const canvas = document.createElement("canvas");
    Object.assign(canvas, { width, height });
    return canvas;
  }

  /** The words of a window of the playback. */
  function playing(words, when) {
    return { ...words, sentence: words.undated, figures: "", when };
  }

  function download(blob, name) {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(blob);
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), WAIT_MS);
    return `Saved ${name} (${(blob.size / 1e6).toFixed(1)} MB).`;
  }

  /** The line at the foot of the window that says how far it is; `act` gives it a button. */
  function say(text, label = "", act = null) {
    let line = document.querySelector(".picture-said");
    if (!line) {
      line = document.createElement("div");
      line.className = "picture-said";
      line.setAttribute("role", "status");
      line.append(document.createElement("span"), document.createElement("button"));
      document.body.append(line);
    }
    const [words, button] = line.children;
    words.textContent = text;
    button.textContent = label || "Close";
    button.onclick = act || (() => line.remove());
  }

  /** Does what makes a file, and says how it went. */
  async function told(make) {
    try {
      say(await make());
    } catch (error) {
      say(`No file was made: ${error.message}`);
    }
  }

  /** Saves what the map shows now as PNG. */
  function save(words) {
    return told(async () => {
      say("Making the picture …");
      // While a playback stands, the map shows other days than the selection's.
      const when = Page.timeline.shown?.heldWords();
      const { bitmap, notes } = await ask({ ...(when ? playing(words, when) : words), link: Page.outer().href }, RATIO);
      const paper = paperOf(bitmap);
      paper.getContext("2d").drawImage(bitmap, 0, 0);
      const blob = await new Promise((resolve) => paper.toBlob(resolve, "image/png"));
      if (!blob) throw new Error("the browser cannot write a picture of this size. Make the window smaller.");
      return [download(blob, `${words.name}.png`), ...notes].join(" ");
    });
  }

  function kindOfFilm() {
    const can = globalThis.MediaRecorder && HTMLCanvasElement.prototype.captureStream;
    const found = can && KINDS.find(([type]) => MediaRecorder.isTypeSupported(type));
    if (!found) throw new Error("this browser cannot record a film. Firefox, Chrome and Edge can, and Safari from 14.1 on.");
    return found;
  }

  /** Saves the playback as a film, in the time that it takes to play it. */
  function film(words) {
    if (filming) return;
    return told(async () => {
      const [type, ending] = kindOfFilm();
      const timeline = Page.timeline.shown;
      const windows = timeline?.windows() || [];
      if (!windows.length) throw new Error("nothing in this selection has a date.");
      if (windows.length > FILM_STEPS) {
        throw new Error(`the playback has ${windows.length} steps, a film at most ${FILM_STEPS}. Choose longer steps under the timeline (week, month), or fewer days.`);
      }
      filming = { stopped: false };
      try {
        const blob = await new Reel(words, timeline, type).record(windows);
        return download(blob, `${words.name}-film.${ending}`);
      } finally {
        filming = null;
        timeline.stop();
      }
    });
  }

  /** A film on the way: frames are painted while it stands still, and shown to the recorder after. */
  class Reel {
    constructor(words, timeline, type) {
      Object.assign(this, { words, timeline, type, parts: [] });
    }

    async record(windows) {
      const { words, timeline } = this;
      for (const [at, shown] of windows.entries()) {
        const left = Math.ceil(((windows.length - at) * timeline.pace() + END_MS) / 1000);
        say(`Recording step ${at + 1} of ${windows.length}, about ${left} s left. Keep this page in view.`, "End here", () => (filming.stopped = true));
        const when = timeline.standAt(shown);
        await this._show({ ...playing(words, when), notes: [] }, timeline.pace());
        if (!timeline.held) throw new Error("the dates or filters were changed while it was recorded.");
        if (filming.stopped) break;
      }
      await this._show({ ...playing(words, ""), link: Page.outer().href, end: true }, END_MS);
      return this._finish();
    }

    /** Records a frame for so many ms. The first one sets the size; a larger one is made smaller. */
    async _show(words, ms) {
      const { bitmap, notes } = await ask(words, this.ratio ?? 1);
      if (notes.length) throw new Error(`${notes.join(" ")} For a film choose “Outline” on the map.`);
      if (!this.paper) {
        this.ratio = Math.max(1, Math.min(RATIO, FILM_PX / bitmap.width));
        if (this.ratio > 1) return this._begin(await ask(words, this.ratio), ms);
        return this._begin({ bitmap }, ms);
      }
      await this._hold(bitmap, ms);
    }

    async _begin({ bitmap }, ms) {
      // Encoders want even numbers.
      const even = (px) => px - (px % 2);
      this.paper = paperOf({ width: even(bitmap.width), height: even(bitmap.height) });
      this.pen = this.paper.getContext("2d");
      this._draw(bitmap);
      const stream = this.paper.captureStream();
      this.recorder = new MediaRecorder(stream, { mimeType: this.type, ...RATES });
      this.recorder.addEventListener("dataavailable", ({ data }) => this.parts.push(data));
      this.ended = new Promise((resolve, reject) => {
        this.recorder.addEventListener("stop", resolve);
        this.recorder.addEventListener("error", ({ error }) => reject(new Error(`the browser's recorder failed (${error?.message || "no reason given"}).`)));
      });
      this.recorder.start();
      await this._hold(bitmap, ms);
    }

    async _hold(bitmap, ms) {
      if (this.recorder.state === "paused") this.recorder.resume();
      const until = performance.now() + ms;
      while (performance.now() < until) {
        this._draw(bitmap);
        await new Promise((resolve) => setTimeout(resolve, REFRESH_MS));
      }
      // The time in which the next frame is painted is no part of the film.
      if (this.recorder.state === "recording") this.recorder.pause();
    }

    _draw(bitmap) {
      const { width, height } = this.paper;
      const scale = Math.min(1, width / bitmap.width, height / bitmap.height);
      const [x] = [(width - bitmap.width * scale) / 2];
      this.pen.drawImage(bitmap, 0, 0, 1, 1, 0, 0, width, height); // the ground, from its corner
      this.pen.drawImage(bitmap, x, 0, bitmap.width * scale, bitmap.height * scale);
    }

    async _finish() {
      this.recorder.stop();
      await this.ended;
      const blob = new Blob(this.parts, { type: this.type.split(";")[0] });
      if (!blob.size) throw new Error("the browser's recorder gave nothing back.");
      return blob;
    }
  }

  return { save, film };
})();
