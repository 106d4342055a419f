/* The standalone page: keeps filters, map, timeline, table and panel in step. Its parts are the
 * scripts beside it. Everything from the data goes through textContent. From a disk nothing is
 * fetched and no address is written; on a static host its data come in parts, and the address follows.
 * A plain script on the map's scripts: no server and no storage. */
"use strict";
(async function () {
  const Page = globalThis.Standalone;
  const Link = globalThis.IncidentLink;
  const byId = (id) => document.getElementById(id);

  let data, outlines;
  try {
    [data, outlines] = [await Page.read("data"), await Page.read("outlines")];
  } catch (error) {
    fault("The data cannot be read: " + error.message);
    return;
  }
  const site = Boolean(data.parts);
  const all = Page.incidents(data);
  const says = Page.sayings(data);
  const { labels } = data.config;
  const detailsOf = Page.details(data);
  const address = site ? Page.address(data.config.params) : null;
  const began = address ? address.read() : { chosen: {}, incident: null, unknown: [] };
  let opened = null;
  let step = "month";
  let asked = 0;

  // A page from a disk has no origin to speak to: what the map says is taken here.
  Link.tell = (message) => message.type === "pick" && open(message.ids[0]);
  if (!site) {
    Link.readView = () => null;
    Link.writeView = Link.clearView = () => {};
  }

  byId("page").hidden = false;
  const filters = Page.filters({ all, labels, shown: data.shown, change, clear });
  const table = Page.table({ says, open });
  const map = L.map(byId("map"), {
    zoomControl: false, minZoom: 3, maxZoom: 18, zoomSnap: 0.25, wheelPxPerZoomLevel: 110,
    center: [33.9, 67.7], zoom: 6,
  }); // prettier-ignore
  byId("map").leaflet = map; // for whoever looks inside
  L.control.zoom({ position: "topright" }).addTo(map);
  const layer = new IncidentLayer({
    ...data.config,
    dataUrl: "", geoUrl: "",
    inline: {
      view: Page.view(all), provinces: outlines.province, districts: outlines.district,
      world: outlines.world, names: outlines.names,
    }, // prettier-ignore
  }); // prettier-ignore
  layer.addTo(map);
  const preference = matchMedia("(prefers-color-scheme: dark)");
  preference.addEventListener("change", () => layer.setDark(preference.matches));
  const timeline = new globalThis.IncidentPage.Timeline(byId("timeline"), {
    say(name, value) {
      if (name === "range") change({ from: value.from, to: value.to });
      else {
        step = value;
        timeline.setBins(Page.bins(filters.kept("time"), step), step);
      }
    },
    show: (message) => layer.setTime(message),
  });

  function change(part) {
    Object.assign(filters.chosen, part);
    const shown = filters.kept();
    const timeless = filters.kept("time");
    layer.options.inline.view = Page.view(timeless);
    layer.setFilter({ query: "q" + ++asked });
    timeline.setBins(Page.bins(timeless, step), step);
    filters.count();
    byId("sentence").textContent = filters.sentence(shown);
    table.show(shown);
    address?.write(filters.chosen, opened);
  }

  function clear() {
    choose({});
  }

  function choose(chosen) {
    filters.reset(chosen);
    const { from, to } = filters.chosen;
    timeline.setRange(from, to);
    layer.setTime({ from, to });
    change({});
  }

  function fault(words) {
    byId("fault").textContent = words;
    byId("fault").hidden = false;
  }

  async function open(id) {
    const incident = all.find((i) => i.id === id);
    opened = incident ? id : null;
    if (!incident) return fault(`There is no record ${id} in this copy of the map.`);
    address?.write(filters.chosen, opened);
    let details;
    try {
      details = await detailsOf(incident);
    } catch (error) {
      return fault("The record cannot be read: " + error.message);
    }
    if (opened !== id) return; // another was opened meanwhile
    const { view, texts } = details;
    const own = { ...says, text: (index) => texts[index] };
    const panel = byId("panel");
    panel.replaceChildren(...Page.panel({ says: own, shown: data.shown, close })({ ...incident, view }));
    panel.hidden = false;
    panel.scrollTop = 0;
    panel.focus({ preventScroll: true });
    layer.setSelected(id);
    table.mark(id);
  }

  function close() {
    opened = null;
    byId("panel").hidden = true;
    layer.setSelected(null);
    table.mark(null);
    address?.write(filters.chosen, null);
  }

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && opened !== null && !event.defaultPrevented) close();
  });
  new ResizeObserver(() => map.invalidateSize({ animate: false })).observe(byId("map"));
  if (began.unknown.length) {
    fault(`Not everything in the link is known to this copy of the map: ${began.unknown.join(", ")}. What is known is shown.`);
  }
  opened = began.incident;
  choose(began.chosen);
  if (began.incident) open(began.incident);
})();
