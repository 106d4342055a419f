/* How the map stays in step with the page around it: messages, and the view in the address.
 * Serves the step "map layer → pixel"; docs/map.md lists the messages. Sets globalThis.IncidentLink. */
"use strict";
globalThis.IncidentLink = (function () {
  const FROM_MAP = "incident-map";
  const FROM_PAGE = "incident-page";

  /** The window whose address a reader copies: the page around a component's frame, else ours. */
  function pageWindow() {
    if (window.parent === window || !location.pathname.includes("/component/")) return window;
    try {
      return window.parent.location.origin === location.origin ? window.parent : window;
    } catch {
      return window; // framed by another site: its address is not ours to write
    }
  }

  /** {lat, lng, zoom} of the address, null where it has none or one that cannot be. */
  function readView() {
    const text = new URLSearchParams(pageWindow().location.search).get("v");
    const numbers = (text || "").split(",").map((part) => (part.trim() ? Number(part) : NaN));
    if (numbers.length !== 3 || !numbers.every(Number.isFinite)) return null;
    const [lat, lng, zoom] = numbers;
    if (Math.abs(lat) > 85 || Math.abs(lng) > 180 || zoom < 0 || zoom > 22) return null;
    return { lat, lng, zoom };
  }

  function viewText(lat, lng, zoom) {
    return [lat.toFixed(4), lng.toFixed(4), String(Math.round(zoom * 100) / 100)].join(",");
  }

  /** A link of the page that opens it at a view: at its own where it has one. */
  function linkTo(link, { lat, lng }, zoom) {
    const { search } = new URL(link);
    if (new URLSearchParams(search).has("v")) return link;
    return `${link}${search ? "&" : "?"}v=${viewText(lat, lng, zoom)}`;
  }

  /** Puts the view into the address and leaves everything else in it alone. */
  function writeView(lat, lng, zoom) {
    put(viewText(lat, lng, zoom));
  }

  /** Takes the view out of the address: whoever opens it sees the whole country. */
  function clearView() {
    put(null);
  }

  function put(value) {
    const page = pageWindow();
    const url = new URL(page.location.href);
    // Other parameters keep the very form they have; URLSearchParams would rewrite their escapes.
    const parts = url.search
      .slice(1)
      .split("&")
      .filter((part) => part && part.split("=")[0] !== "v");
    if (value !== null) parts.push("v=" + value);
    url.search = parts.join("&");
    page.history.replaceState(page.history.state, "", url);
    page.IncidentPage?.tellShell();
  }

  /** Tells the page something; `message` has a type. */
  function tell(message) {
    const page = pageWindow();
    page.postMessage({ source: FROM_MAP, ...message }, location.origin);
  }

  /** Tells the other maps of the page something, as two that are compared. */
  function share(message) {
    const page = pageWindow();
    if (page === window) return;
    for (let index = 0; index < page.frames.length; index += 1) {
      const other = page.frames[index];
      if (other !== window) other.postMessage({ source: FROM_PAGE, ...message }, location.origin);
    }
  }

  /** Calls `handlers[type](message)` for messages of our own page; returns what stops it. */
  function listen(handlers) {
    const onMessage = (event) => {
      const message = event.data;
      if (event.origin !== location.origin || !message || message.source !== FROM_PAGE) return;
      if (Object.hasOwn(handlers, message.type)) handlers[message.type](message);
    };
    window.addEventListener("message", onMessage);
    return () => window.removeEventListener("message", onMessage);
  }

  /** In a frame Ctrl+P would print the frame alone: the page around it is asked to print. */
  function watchPrint() {
    if (pageWindow() === window) return () => {};
    const onKey = (event) => {
      if (!pageWindow().IncidentPage?.isPrint(event)) return;
      event.preventDefault();
      tell({ type: "print" });
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }

  return { FROM_MAP, FROM_PAGE, pageWindow, readView, writeView, clearView, linkTo, tell, share, listen, watchPrint };
})();
