/* What a reader finds their way with: scale, where the middle of the view lies, the language of the
 * names, full screen, and the pin of what was looked for. Serves the step "map layer → pixel".
 * A plain script: it sets globalThis.MapControls. */
"use strict";
globalThis.MapControls = (function () {
  const { make } = globalThis.IncidentPanel;
  const LANGUAGES = { en: "English", fa: "دری", ps: "پښتو" };
  const KEPT = "incident-map-language";

  /** The language of the names that this browser chose before, else English. */
  function language() {
    try {
      const kept = localStorage.getItem(KEPT);
      return Object.hasOwn(LANGUAGES, kept) ? kept : "en";
    } catch {
      return "en"; // storage is blocked: the choice holds for this page
    }
  }

  function keep(chosen) {
    try {
      localStorage.setItem(KEPT, chosen);
    } catch {
      // as above
    }
  }

  /** A Leaflet control of one element, out of reach of the map's own clicks and wheel. */
  function control(position, element) {
    const made = L.control({ position });
    made.onAdd = () => {
      L.DomEvent.disableClickPropagation(element);
      L.DomEvent.disableScrollPropagation(element);
      return element;
    };
    return made;
  }

  /** A button in the look of Leaflet's own. */
  function button(className, symbol, name, act) {
    const link = make("a", {
      href: "#", role: "button", title: name, "aria-label": name, className, text: symbol,
      on: { click: (event) => (event.preventDefault(), act()) },
    }); // prettier-ignore
    return { link, bar: make("div", { className: "leaflet-bar" }, [link]) };
  }

  /** The whole country again. */
  function home(act) {
    return control("topright", button("im-home", "⌂", "Show the whole country", act).bar);
  }

  /** The map over the whole screen; null where the browser does not let it. */
  function fullScreen(container) {
    if (!document.fullscreenEnabled) return null;
    const { link, bar } = button("im-full", "", "Full screen", () =>
      document.fullscreenElement ? document.exitFullscreen() : container.requestFullscreen(),
    );
    container.addEventListener("fullscreenchange", () => {
      const name = document.fullscreenElement ? "Leave full screen" : "Full screen";
      link.title = name;
      link.setAttribute("aria-label", name);
    });
    return control("topright", bar);
  }

  /** Which language the names are written in. */
  function names(chosen, onChange) {
    const select = make(
      "select",
      { className: "im-names", "aria-label": "Language of the names on the map", title: "Names on the map" },
      Object.entries(LANGUAGES).map(([code, text]) => make("option", { value: code, text, lang: code })),
    ); // prettier-ignore
    select.value = chosen;
    select.addEventListener("change", () => {
      keep(select.value);
      onChange(select.value);
    });
    const sign = make("span", { className: "im-names-sign", text: "Aن", "aria-hidden": "true" });
    return control("topright", make("div", { className: "leaflet-bar im-names-bar" }, [sign, select]));
  }

  /** Where the middle of the view lies, in words beside the scale. */
  function where() {
    const element = make("div", { className: "im-where", dir: "ltr" });
    const made = control("bottomright", element);
    made.say = (text) => {
      element.textContent = text;
      element.hidden = !text;
    };
    return made;
  }

  /** The place that was looked for: a pin with its name, until it is closed or another is looked for. */
  function pin(map, { lat, lng, name }, onClose) {
    const close = make("button", {
      className: "im-pin-close", type: "button", text: "×", "aria-label": `Remove the pin of ${name}`,
      on: { click: onClose },
    }); // prettier-ignore
    const label = make("span", { className: "im-pin-name" }, [make("bdi", { text: name }), close]);
    const tip = make("span", { className: "im-pin-tip", "aria-hidden": "true" });
    const icon = L.divIcon({ className: "im-pin", html: make("div", {}, [tip, label]), iconSize: [0, 0] });
    const marker = L.marker([lat, lng], { icon, keyboard: false, zIndexOffset: 1000 }).addTo(map);
    L.DomEvent.disableClickPropagation(label);
    return marker;
  }

  return { control, language, home, fullScreen, names, where, pin };
})();
