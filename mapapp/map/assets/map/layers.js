/* The base maps that a reader may choose: our own ground, the owner's file of vector tiles, online
 * layers. Serves the step "map layer → pixel". A plain script: it sets globalThis.MapLayers. */
"use strict";
globalThis.MapLayers = (function () {
  const { make } = globalThis.IncidentPanel;
  const OWN = "Outline";
  const FILE = "Streets";
  // A layer of which nothing has come by then is not there.
  const WAIT_MS = 10_000;
  const FAULTS = 4;
  // protomaps-leaflet's names for a quiet ground in light and dark.
  const FLAVOURS = { light: "white", dark: "dark" };

  /** A text as HTML: Leaflet takes attributions and labels so. */
  function escaped(text) {
    return make("span", { text }).innerHTML;
  }

  function online({ url, attribution, max_zoom: maxNativeZoom, subdomains }) {
    // The site's own policy sends no referrer elsewhere; tile servers refuse who does not say where from.
    return L.tileLayer(url, {
      attribution: escaped(attribution), maxNativeZoom, maxZoom: 18, subdomains, referrerPolicy: "origin",
    }); // prettier-ignore
  }

  let library = null;

  /** protomaps-leaflet, fetched once; rejects where it cannot be. */
  function protomaps(script) {
    library ??= new Promise((resolve, reject) => {
      const element = make("script", { src: script, on: { load: () => resolve(globalThis.protomapsL) } });
      element.addEventListener("error", () => reject(new Error("its script could not be loaded")));
      document.head.append(element);
    });
    return library;
  }

  async function ofFile({ script, url }, { dark, language }) {
    const { leafletLayer } = await protomaps(script);
    const address = new URL(url, document.baseURI).href;
    return leafletLayer({ url: address, flavor: FLAVOURS[dark ? "dark" : "light"], lang: language, maxZoom: 18 });
  }

  /**
   * The switch. `options` {tiles, vectorTiles}; `onChange(covered)` hears whether a map lies below now,
   * `onFault(words)` that a layer was not there and the outline is back. null where there is no choice.
   */
  class Switch {
    constructor(map, { tiles, vectorTiles }, { onChange, onFault }) {
      Object.assign(this, { map, vectorTiles, onChange, onFault, look: { dark: false, language: "en" } });
      this.online = new Map(tiles.map((layer) => [layer.label, layer]));
      this.shown = null;
      this.chosen = OWN;
    }

    get names() {
      return [OWN, ...(this.vectorTiles ? [FILE] : []), ...this.online.keys()];
    }

    /** The control, a list of radio buttons that opens from a button. */
    control() {
      const name = "im-layer";
      this.choices = this.names.map((label) =>
        make("label", { className: "im-layer" }, [
          make("input", { type: "radio", name, value: label, on: { change: () => this.choose(label) } }),
          make("bdi", { text: label }),
        ]),
      );
      const hosts = [...new Set([...this.online.values()].map(({ url }) => url.split("/")[2].replace("{s}.", "")))];
      const note = hosts.length
        ? [make("p", { className: "im-note", text: `Online layers come from ${hosts.join(", ")}. Who shows one tells that server their internet address and which part of the map they look at.` })]
        : [];
      const summary = make("summary", { "aria-label": "Base map", title: "Base map" });
      const element = make("details", { className: "leaflet-bar im-layers" }, [
        summary,
        make("fieldset", {}, [make("legend", { text: "Base map" }), ...this.choices, ...note]),
      ]);
      this._mark();
      return element;
    }

    /** Shows a base map by its name. */
    async choose(label) {
      this.chosen = label;
      this._mark();
      const layer = await this._make(label).catch((error) => this._lost(label, error.message));
      if (this.chosen !== label) return; // another was chosen meanwhile
      this._take(layer || null, label);
    }

    /** The looks that vector tiles follow: {dark, language}. */
    setLook(look) {
      const same = look.dark === this.look.dark && look.language === this.look.language;
      this.look = look;
      if (!same && this.chosen === FILE) this.choose(FILE);
    }

    async _make(label) {
      if (label === FILE && this.vectorTiles) return ofFile(this.vectorTiles, this.look);
      return this.online.has(label) ? online(this.online.get(label)) : null;
    }

    _take(layer, label) {
      clearTimeout(this._timer);
      this.shown?.remove();
      this.shown = layer;
      if (layer) {
        let [came, faults] = [0, 0];
        layer.on("tileload", () => (came += 1));
        layer.on("tileerror", () => {
          faults += 1;
          if (!came && faults >= FAULTS) this._lost(label, "it does not answer");
        });
        if (this.online.has(label)) {
          this._timer = setTimeout(() => came || this._lost(label, "it does not answer"), WAIT_MS);
        }
        layer.addTo(this.map);
      }
      this.onChange(Boolean(layer));
    }

    _lost(label, why) {
      if (this.chosen !== label) return;
      this.chosen = OWN;
      this._mark();
      this._take(null, OWN);
      this.onFault(`The base map “${label}” is not shown: ${why}. The outline is.`);
    }

    _mark() {
      for (const choice of this.choices || []) {
        const input = choice.querySelector("input");
        input.checked = input.value === this.chosen;
      }
    }
  }

  return { Switch, OWN, FILE };
})();
