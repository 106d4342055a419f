/* What the page around the map says to it and hears from it; docs/map.md lists the messages.
 * Serves the step "page ↔ map layer". A plain script: it sets globalThis.IncidentPage. */
"use strict";
globalThis.IncidentPage = (function () {
  const FROM_MAP = "incident-map";
  const FROM_PAGE = "incident-page";

  /** Windows of this page, also our own, that hold a map of ours. */
  function mapWindows() {
    const found = [];
    const frames = [...document.querySelectorAll("iframe")].map((frame) => frame.contentWindow);
    for (const candidate of [window, ...frames]) {
      try {
        if (candidate?.IncidentLayer) found.push(candidate);
      } catch {
        // a frame of another origin: not ours
      }
    }
    return found;
  }

  /** Says something to every map of the page. */
  function tell(message) {
    for (const map of mapWindows()) {
      map.postMessage({ source: FROM_PAGE, ...message }, location.origin);
    }
  }

  /** Whether the page is shown by Streamlit Community Cloud's own: below this path, framed by its shell. */
  const inShell = () => window.parent !== window && location.pathname.endsWith("/~/+/");

  /** The address that a reader has before them and passes on: a shell's where there is one, with our query. */
  function outer() {
    const own = new URL(location.href);
    if (!inShell()) return own;
    const shell = new URL(own.pathname.slice(0, -"~/+/".length), own);
    shell.search = own.search;
    return shell;
  }

  /** Tells a shell that the query is another, as Streamlit's front end tells it: it writes it into its address. */
  function tellShell() {
    if (!inShell()) return;
    const message = { stCommVersion: 1, type: "SET_QUERY_PARAM", queryParams: location.search };
    window.parent.postMessage(message, location.origin);
  }

  /** Calls `handlers[type](message)` for what maps say; returns what stops it. */
  function listen(handlers) {
    const onMessage = (event) => {
      const message = event.data;
      if (event.origin !== location.origin || !message || message.source !== FROM_MAP) return;
      if (Object.hasOwn(handlers, message.type)) handlers[message.type](message);
    };
    window.addEventListener("message", onMessage);
    return () => window.removeEventListener("message", onMessage);
  }

  /**
   * Mounts `make(component)` once per element and hands it later data: Streamlit calls a component
   * again for each new `data`, and may end an older call after a newer one has begun.
   */
  function mounted(make) {
    const instances = new WeakMap();
    return (component) => {
      const root = component.parentElement;
      const held = instances.get(root) || { calls: 0, instance: make(component) };
      instances.set(root, held);
      const call = ++held.calls;
      held.instance.update(component);
      return () => {
        if (held.calls !== call) return;
        held.instance.destroy();
        instances.delete(root);
      };
    };
  }

  /** The JSON at an address; the server's own words where it refuses. */
  async function askJson(address, signal) {
    const response = await fetch(address, { signal, headers: { Accept: "application/json" } });
    if (response.ok) return response.json();
    const body = await response.json().catch(() => null);
    throw new Error(body?.error || `the server answered ${response.status}`);
  }

  /**
   * `draw`, but not between the press and the release of a pointer in `root`: a button that is drawn
   * anew under the finger never gets its click. Whatever was to be drawn meanwhile is drawn after.
   */
  function steady(root, draw) {
    let pressed = false;
    let due = false;
    root.addEventListener("pointerdown", () => {
      pressed = true;
      const released = () => {
        removeEventListener("pointerup", released, true);
        removeEventListener("pointercancel", released, true);
        // The click comes after the release.
        setTimeout(() => {
          pressed = false;
          if (due) now();
        });
      };
      addEventListener("pointerup", released, true);
      addEventListener("pointercancel", released, true);
    });
    const now = () => {
      due = pressed;
      if (!pressed) draw();
    };
    return now;
  }

  /** Whether a key is the browser's own for printing. */
  function isPrint({ ctrlKey, metaKey, altKey, shiftKey, key }) {
    return (ctrlKey || metaKey) && !altKey && !shiftKey && key.toLowerCase() === "p";
  }

  return { tell, listen, mounted, askJson, steady, outer, tellShell, isPrint };
})();
