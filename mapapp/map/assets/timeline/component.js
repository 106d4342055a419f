/* The timeline as a component of the page: what the script gives it, and what the script hears.
 * Serves "page ↔ map layer". A plain script: it adds `timeline` to globalThis.IncidentPage. */
"use strict";
(function () {
  const Page = globalThis.IncidentPage;

  /** The Streamlit component: data {query, step, from, to, data_url}; says `range` and `step`. */
  Page.timeline = Page.mounted((first) => {
    let component = first;
    let asked = null;
    let abort = null;
    let sent = null; // a range the script has not answered yet
    const root = first.parentElement.querySelector(".timeline");
    const timeline = new Page.Timeline(root, {
      say(name, value) {
        if (name === "range") sent = JSON.stringify([value.from, value.to]);
        component.setTriggerValue(name, value);
      },
      show(message) {
        Page.tell({ ...message, type: "time" });
        Page.figures.follow(component.data, message);
      },
    });
    Page.timeline.shown = timeline;
    const load = async ({ query, step, data_url: dataUrl }) => {
      const address = `${dataUrl}/series?${query ? query + "&" : ""}step=${step}`;
      if (address === asked) return;
      if (asked !== null) timeline.stop(); // another selection: what played was of the one before
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
        if (Page.timeline.shown === timeline) Page.timeline.shown = null;
        timeline.destroy();
      },
    };
  });
})();
