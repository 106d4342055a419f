/* The standalone page's figures and its table of incidents.
 * A plain script: it adds `table` to globalThis.Standalone. */
"use strict";
/* `says` are the sayings of the data; `open(id)` is called for the incident that is to be read. */
globalThis.Standalone.table = function ({ says, open }) {
  const make = globalThis.IncidentPanel.make;
  const byId = (id) => document.getElementById(id);
  const KINDS = globalThis.IncidentStyle.KIND_ORDER;
  const ROWS = 100;
  const { place, attribution } = says;
  const COLUMNS = [
    ["Date", (i) => i.from ?? i.to ?? -Infinity],
    ["Where", (i) => place(i)],
    ["What", (i) => i.title || ""],
    ["Killed", (i) => i.killed.best ?? -1],
    ["Wounded", (i) => i.wounded.best ?? -1],
    ["Attribution", (i) => KINDS.indexOf(i.kind)],
  ];
  const order = { at: 0, down: true };
  let limit = ROWS;
  let shown = [];
  let opened = null;

  /** "96–118", "≥6", "unknown": sums of the lowest and highest; null is not 0. */
  function sum(incidents, name) {
    const known = incidents.filter((i) => i[name].low !== null);
    if (!known.length) return "unknown";
    const add = (key) => known.reduce((total, i) => total + i[name][key], 0);
    const [low, high] = [add("low"), add("high")];
    const most = (known.some((i) => i[name].open) ? "≥" : "") + high.toLocaleString("en");
    return low === high ? most : low.toLocaleString("en") + "–" + most;
  }

  function showFigures(incidents) {
    const pairs = [
      [incidents.length.toLocaleString("en"), incidents.length === 1 ? "incident" : "incidents"],
      [sum(incidents, "killed"), "reported killed"],
      [sum(incidents, "wounded"), "reported wounded"],
      [incidents.filter((i) => i.kind === "unclaimed").length, "no claim reported"],
      [incidents.filter((i) => !i.mappable).length, "not mappable"],
    ];
    byId("figures").replaceChildren(
      ...pairs.map(([figure, name]) =>
        make("span", {}, [make("b", { text: String(figure) }), make("span", { className: "quiet", text: name })]),
      ),
    ); // prettier-ignore
  }

  function draw() {
    const key = COLUMNS[order.at][1];
    const sorted = [...shown].sort((a, b) => {
      const [x, y] = order.down ? [key(b), key(a)] : [key(a), key(b)];
      return x < y ? -1 : x > y ? 1 : a.id < b.id ? -1 : 1;
    });
    const head = COLUMNS.map(([name], at) =>
      make("th", { scope: "col", "aria-sort": at !== order.at ? "none" : order.down ? "descending" : "ascending" }, [
        make("button", {
          type: "button", text: name + (at !== order.at ? "" : order.down ? " ↓" : " ↑"),
          on: { click: () => (Object.assign(order, { at, down: at === order.at ? !order.down : at !== 1 && at !== 2 }), draw()) },
        }),
      ]),
    ); // prettier-ignore
    const rows = sorted.slice(0, limit).map((i) =>
      make("tr", { ...(opened === i.id ? { "aria-current": "true" } : {}), "data-id": i.id }, [
        make("td", { text: i.days }),
        make("td", { text: place(i), dir: "auto" }),
        make("td", {}, [
          make("button", { type: "button", className: "open", text: i.title || i.id, dir: "auto", on: { click: () => open(i.id) } }),
        ]),
        make("td", { text: i.killed.words, "data-name": "killed" }),
        make("td", { text: i.wounded.words, "data-name": "wounded" }),
        make("td", {}, [
          make("span", { className: "swatch kind-" + i.kind, "aria-hidden": "true" }),
          make("span", { text: attribution(i), dir: "auto" }),
        ]),
      ]),
    ); // prettier-ignore
    byId("incidents").replaceChildren(
      make("thead", {}, [make("tr", {}, head)]),
      make("tbody", {}, rows),
    );
    byId("more").hidden = sorted.length <= limit;
    byId("more").textContent = `Show more (${sorted.length - limit} left)`;
  }

  byId("more").addEventListener("click", () => ((limit += ROWS * 5), draw()));
  return {
    /** Shows these incidents, from the first page on. */
    show(incidents) {
      [shown, limit] = [incidents, ROWS];
      showFigures(shown);
      draw();
    },
    /** Marks the incident that is open, null for none. */
    mark(id) {
      opened = id;
      draw();
    },
  };
};
