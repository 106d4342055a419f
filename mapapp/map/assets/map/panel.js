/* The map's words: tooltip, list of incidents at a spot, legend, status line, touch hint.
 * Serves the step "map layer → pixel". All text goes through textContent; nothing is parsed as HTML.
 * A plain script: it sets globalThis.IncidentPanel. */
"use strict";
globalThis.IncidentPanel = (function () {
  const S = globalThis.IncidentStyle;

  /** An element with a class, text and attributes; children may be elements or strings. */
  function make(tag, { className, text, on, ...attributes } = {}, children = []) {
    const element = document.createElement(tag);
    if (className) element.className = className;
    if (text !== undefined) element.textContent = text;
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    for (const [name, listener] of Object.entries(on || {})) {
      element.addEventListener(name, listener);
    }
    element.append(...children);
    return element;
  }

  /** The round swatch of a key under a scheme: colour and letter. */
  function swatch(scheme, key) {
    const colour = scheme.colour(key);
    const silent = scheme.by === "kind" && key === "none";
    const element = make("span", {
      className: "im-swatch" + (silent ? " im-hollow" : ""),
      text: scheme.letter(key),
      "aria-hidden": "true",
    });
    element.style.setProperty("--im-colour", colour);
    element.style.color = S.inkOn(colour);
    return element;
  }

  /** "claimed: ISKP", by the domain's words. */
  function attributionWords(incident, labels) {
    const kind = labels.kinds[incident.kind] || incident.kind;
    const actors = incident.actors.map((actor) => labels.actors[actor] || actor);
    return actors.length ? kind + ": " + actors.join(", ") : kind;
  }

  /** One incident in three short lines. */
  function summary(incident, labels) {
    const precision = S.PRECISION_WORDS[incident.geo_precision] || "place not known";
    const place = incident.place ? incident.place + " (" + precision + ")" : precision;
    return [
      make("strong", { className: "im-title", text: incident.title, dir: "auto" }),
      make("span", { className: "im-line", text: S.dateWords(incident) + " · " + place }),
      make("span", {
        className: "im-line",
        text:
          "reported killed: " + S.figureWords(incident) +
          " · " + attributionWords(incident, labels), // prettier-ignore
      }),
    ];
  }

  /** The same in one sentence, for the live region. */
  function sentence(incident, labels) {
    return summary(incident, labels)
      .map((line) => line.textContent)
      .join("; ");
  }

  class Tooltip {
    constructor(container) {
      this.element = make("div", { className: "im-tooltip", role: "tooltip", hidden: "" });
      container.append(this.element);
      this.container = container;
    }

    show(x, y, r, children) {
      const box = this.element;
      box.replaceChildren(...children);
      box.hidden = false;
      const [width, height] = [this.container.clientWidth, this.container.clientHeight];
      const left = Math.max(6, Math.min(width - box.offsetWidth - 6, x - box.offsetWidth / 2));
      const above = y - r - box.offsetHeight - 8;
      const top = above >= 6 ? above : Math.min(height - box.offsetHeight - 6, y + r + 8);
      box.style.transform = `translate(${Math.round(left)}px, ${Math.round(top)}px)`;
    }

    hide() {
      this.element.hidden = true;
    }
  }

  /** The list of what lies at one spot or in one area, each line a button. */
  class SpotList {
    constructor(container, { onPick, onClose }) {
      this.onPick = onPick;
      this.onClose = onClose;
      this.heading = make("h2", { className: "im-heading", id: "im-spot-heading" });
      this.zoom = make("button", { className: "im-zoom", type: "button", text: "Zoom in" });
      this.list = make("ol", { className: "im-list" });
      this.element = make(
        "section",
        {
          className: "im-spot", role: "dialog", "aria-labelledby": "im-spot-heading", hidden: "",
          on: { keydown: (event) => this._onKey(event) },
        }, // prettier-ignore
        [
          this.heading,
          this.zoom,
          make("button", {
            className: "im-close", type: "button", text: "×", "aria-label": "Close the list",
            on: { click: () => this.close() },
          }), // prettier-ignore
          this.list,
        ],
      );
      L.DomEvent.disableClickPropagation(this.element);
      L.DomEvent.disableScrollPropagation(this.element);
      container.append(this.element);
    }

    get open() {
      return !this.element.hidden;
    }

    show(title, incidents, { labels, scheme, selected, onZoom }) {
      this.zoom.hidden = !onZoom;
      this.zoom.onclick = onZoom;
      this.heading.textContent = title;
      const lines = incidents.map((incident) =>
        make("li", {}, [
          make(
            "button",
            {
              className: "im-item",
              type: "button",
              "data-incident": incident.id,
              ...(incident.id === selected ? { "aria-current": "true" } : {}),
              on: { click: () => this.onPick(incident.id) },
            },
            [
              swatch(scheme, scheme.keyOf(incident)),
              make("span", { className: "im-lines" }, summary(incident, labels)),
            ],
          ),
        ]),
      );
      this.list.replaceChildren(...lines);
      this.element.hidden = false;
      this.element.scrollTop = 0;
    }

    focus() {
      this.list.querySelector("button")?.focus();
    }

    mark(selected) {
      for (const button of this.list.querySelectorAll("button")) {
        if (button.dataset.incident === selected) button.setAttribute("aria-current", "true");
        else button.removeAttribute("aria-current");
      }
    }

    close() {
      if (!this.open) return;
      this.element.hidden = true;
      this.onClose();
    }

    _onKey(event) {
      event.stopPropagation(); // Leaflet would pan
      const buttons = [...this.list.querySelectorAll("button")];
      const at = buttons.indexOf(document.activeElement);
      if (event.key === "Escape") this.close();
      else if (event.key === "ArrowDown") buttons[Math.min(at + 1, buttons.length - 1)]?.focus();
      else if (event.key === "ArrowUp") buttons[Math.max(at - 1, 0)]?.focus();
      else return;
      event.preventDefault();
    }
  }

  // What the legend says of marks, colours and sizes; a picture of the map says the same.
  const SIGNS = {
    dot: "site",
    disc: "within this radius (drawn for few, or when pointed at)",
    loose: "a point is given, but not placed finely",
    area: "district or province only",
    hollow: "killed not reported",
    dashed: "date only possibly in the range",
  };
  const WHICH =
    "Colour, where several statements are made: contested before claimed before attributed before suspected before denied.";
  const SIZE = "Size: highest reported killed, or the number of incidents where one is written.";

  /** What colours, sizes and outlines mean: one row of keys, the rest on demand. */
  class Legend {
    constructor(container) {
      this.container = container;
      const button = (className, text, act) =>
        make("button", { className, type: "button", text, "aria-expanded": "false", on: { click: act } });
      this.toggle = button("im-legend-toggle", "Legend", () => this._open(this.keys.hidden));
      this.keys = make("ul", { className: "im-keys" });
      this.more = button("im-legend-more", "More", () => this._openMore(this.signs.hidden));
      this.signs = make("div", { className: "im-signs", hidden: "" }, [
        make("ul", { className: "im-keys" }, Object.entries(SIGNS).map(([name, text]) => sign("im-sign-" + name, text))),
        (this.which = make("p", { className: "im-note", text: WHICH })),
        make("p", { className: "im-note", text: SIZE }),
      ]);
      this.element = make("section", { className: "im-legend", "aria-label": "Legend" }, [
        this.signs,
        make("div", { className: "im-legend-row" }, [this.toggle, this.keys, this.more]),
      ]);
      L.DomEvent.disableClickPropagation(this.element);
      this.element.hidden = true; // until it has keys
      container.append(this.element);
      this.fit();
    }

    /** Folds to one button where the map is small, unless the reader has opened it. */
    fit() {
      const { clientWidth: width, clientHeight: height } = this.container;
      const small = width < 620;
      // Beside the country, where a wide map leaves room, the keys stand in a column.
      this.beside = width - height * 1.35 > 2 * 242;
      this.element.classList.toggle("im-beside", this.beside);
      if (small === this._small) return;
      this._small = small;
      this.element.classList.toggle("im-small", small);
      this.toggle.hidden = !small;
      this._openMore(false);
      this._open(!small);
    }

    _open(open) {
      this.toggle.setAttribute("aria-expanded", String(open));
      this.keys.hidden = !open;
      this.more.hidden = !open || this._small;
      if (this._small) this.signs.hidden = !open;
    }

    _openMore(open) {
      this.more.setAttribute("aria-expanded", String(open));
      this.more.textContent = open ? "Less" : "More";
      this.signs.hidden = !open;
    }

    update(scheme, keys, counts) {
      this.listed = keys;
      const shown = keys.slice(0, 8);
      const entries = shown.map((key) =>
        make("li", {}, [
          swatch(scheme, key),
          make("span", { className: "im-key", text: scheme.label(key), dir: "auto" }),
          make("span", {
            className: "im-count",
            text: counts ? (counts[key] || 0).toLocaleString("en") : "",
          }),
        ]),
      );
      if (keys.length > shown.length) {
        entries.push(make("li", { text: keys.length - shown.length + " more" }));
      }
      this.keys.replaceChildren(make("li", { className: "im-keys-head", text: "In view" }), ...entries);
      this.element.hidden = !entries.length;
      this.which.hidden = scheme.by !== "kind";
    }
  }

  function sign(className, text) {
    return make("li", {}, [make("span", { className: "im-sign " + className }), text]);
  }

  /** A line that says what is shown, and the fault and what to try where something failed. */
  class Status {
    constructor(container) {
      this.text = make("span", { className: "im-status-text" });
      this.action = make("button", { className: "im-status-action", type: "button", hidden: "" });
      this.element = make("div", { className: "im-status", role: "status" }, [
        this.text,
        this.action,
      ]);
      this.busy = make("div", { className: "im-busy", hidden: "", "aria-hidden": "true" });
      L.DomEvent.disableClickPropagation(this.element);
      container.append(this.element, this.busy);
    }

    /** What is shown; `label` and `act` make a button beside it. */
    say(text, label = "", act = null) {
      this.element.classList.remove("im-fault");
      if (this.text.textContent !== text) this.text.textContent = text;
      this._offer(label, act);
    }

    fault(text, label, act) {
      this.element.classList.add("im-fault");
      this.text.textContent = text;
      this._offer(label, act);
    }

    /** Whether it is not read out, as while every step of a playback changes it. */
    quiet(on) {
      this.element.setAttribute("aria-live", on ? "off" : "polite");
    }

    /** Whether a fault is on show, which no other words may replace before it is mended. */
    get faulty() {
      return this.element.classList.contains("im-fault");
    }

    _offer(label, act) {
      this.action.textContent = label;
      this.action.hidden = !act;
      this.action.onclick = act;
    }

    /** Progress is shown only where an answer takes over 300 ms. */
    working(on) {
      clearTimeout(this._timer);
      if (on) this._timer = setTimeout(() => (this.busy.hidden = false), 300);
      else this.busy.hidden = true;
    }
  }

  /** Says once that two fingers move the map, when one finger tried to. */
  function touchHint(container) {
    const SEEN = "incident-map-touch-hint";
    const seen = () => {
      try {
        return Boolean(localStorage.getItem(SEEN));
      } catch {
        return Boolean(container.dataset.hinted); // storage is blocked: once a page
      }
    };
    const hint = make("div", {
      className: "im-hint", role: "status", hidden: "", text: "Move the map with two fingers",
    }); // prettier-ignore
    container.append(hint);
    container.addEventListener(
      "touchmove",
      (event) => {
        if (event.touches.length !== 1 || seen() || event.target.closest(".im-spot")) return;
        hint.hidden = false;
        container.dataset.hinted = "1";
        try {
          localStorage.setItem(SEEN, "1");
        } catch {
          // blocked storage only means that the hint may come again on the next page
        }
        setTimeout(() => (hint.hidden = true), 2500);
      },
      { passive: true },
    );
  }

  return { make, summary, sentence, Tooltip, SpotList, Legend, Status, touchHint, SIGNS, WHICH, SIZE };
})();
