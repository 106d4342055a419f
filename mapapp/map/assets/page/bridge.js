/* The invisible part of the page that keeps address, map and script in step, and copies the link.
 * Serves the step "page ↔ map layer". Adds `bridge` to globalThis.IncidentPage. */
"use strict";
globalThis.IncidentPage.bridge = (function () {
  const Page = globalThis.IncidentPage;

  // Parameters that others write: the map its view, Streamlit its frame.
  const KEPT = new Set(["v", "embed", "embed_options"]);

  /** Puts the page's parameters into the address; what others write there stays. `step`: as one more step of
   *  the browser's history, so that Back undoes it. */
  function writeAddress(params, step) {
    const url = new URL(location.href);
    const kept = url.search
      .slice(1)
      .split("&")
      .filter((part) => part && KEPT.has(part.split("=")[0]));
    // Commas and colons may stand in a query as they are: links stay short and readable.
    const encode = (text) =>
      encodeURIComponent(text).replaceAll("%2C", ",").replaceAll("%3A", ":").replaceAll("%3B", ";").replaceAll("%20", "+");
    const own = params.map(([name, value]) => encode(name) + "=" + encode(value));
    const search = [...own, ...kept].join("&");
    if (search === url.search.slice(1)) return;
    url.search = search;
    if (step) history.pushState(history.state, "", url);
    else history.replaceState(history.state, "", url);
    Page.tellShell();
  }

  /** Whether the page is dark, by the colour of its ground: themes differ in how they say so. */
  function isDark(element) {
    const probe = element.closest?.(".stApp") || document.querySelector(".stApp") || document.body;
    const parts = getComputedStyle(probe).backgroundColor.match(/[\d.]+/g);
    if (!parts || (parts.length === 4 && Number(parts[3]) === 0)) {
      return matchMedia("(prefers-color-scheme: dark)").matches;
    }
    const [red, green, blue] = parts.map(Number);
    return 0.299 * red + 0.587 * green + 0.114 * blue < 128;
  }

  /** Copies text; says whether it worked. Without a secure context only the old way is there. */
  async function copy(text) {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      const field = document.createElement("textarea");
      field.value = text;
      field.setAttribute("readonly", "");
      field.style.cssText = "position:fixed;top:0;left:-9999px";
      document.body.append(field);
      field.select();
      const done = document.execCommand("copy");
      field.remove();
      return done;
    }
  }

  function copyButton(root) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "copy-link";
    button.textContent = "Copy link";
    const said = document.createElement("span");
    said.className = "copy-said";
    said.setAttribute("role", "status");
    button.addEventListener("click", async () => {
      const done = await copy(Page.outer().href);
      button.textContent = done ? "Link copied" : "Copy the address bar";
      said.textContent = done ? "Link copied" : "Copying is blocked; copy the address bar instead";
      setTimeout(() => {
        button.textContent = "Copy link";
        said.textContent = "";
      }, 2500);
    });
    root.append(button, said);
    return button;
  }

  /** Tells the page around a frame how high the view is, so that it need not be scrolled there. */
  function tellHeight() {
    const content = document.querySelector('[data-testid="stMainBlockContainer"]');
    if (window.parent === window || !content || !/[?&]embed=true/.test(location.search)) return () => {};
    const watcher = new ResizeObserver(() => {
      const height = Math.ceil(content.getBoundingClientRect().height);
      window.parent.postMessage({ source: "incident-embed", height }, "*");
    });
    watcher.observe(content);
    return () => watcher.disconnect();
  }

  const LOST = "The server does not answer. Trying again by itself; what you typed is kept.";

  /** Says so as soon as the server is lost: Streamlit's own sign is a small one, in a corner. */
  function watchServer() {
    const app = document.querySelector(".stApp");
    if (!app) return null;
    const banner = document.createElement("div");
    banner.className = "server-lost";
    banner.setAttribute("role", "alert");
    banner.style.cssText =
      "position:fixed;inset:0 0 auto;z-index:1000000;padding:0.5rem 1rem;text-align:center;" +
      "font:500 0.95rem/1.4 sans-serif;color:#1a1a1a;background:#ffd9a0;border-bottom:1px solid #9a5b00";
    const look = () => {
      const lost = app.dataset.testConnectionState !== "CONNECTED";
      if (lost === banner.isConnected) return;
      if (!lost) return banner.remove();
      document.body.append(banner);
      banner.textContent = LOST; // after it is there: else it is not read out
    };
    const watcher = new MutationObserver(look);
    watcher.observe(app, { attributes: true, attributeFilter: ["data-test-connection-state"] });
    return watcher;
  }

  // As long as the page lives: a part of it may be drawn anew while the server is away.
  let watched = null;

  return Page.mounted((first) => {
    watched ??= watchServer();
    const root = first.parentElement.querySelector(".bridge");
    const stopTelling = tellHeight();
    let component = first;
    let flown = null;
    let dark = null;
    let button = null;
    let shown = null; // the parameters that the script gave last
    let going = false; // Back or Forward was pressed, and the script has not answered yet

    // Back and Forward undo and redo what the script shows; the map goes to the view that it had.
    const onGo = () => {
      going = true;
      component.setTriggerValue("went", location.search.slice(1));
      const [lat, lng, zoom] = (new URLSearchParams(location.search).get("v") || "").split(",").map(Number);
      Page.tell(Number.isFinite(zoom) ? { type: "view", lat, lng, zoom } : { type: "view" });
    };
    addEventListener("popstate", onGo);

    // The sheet says what the page on paper cannot: the map as a picture, and all rows.
    const print = () => (component.data.prints ? component.setTriggerValue("print", true) : window.print());
    const onKey = (event) => {
      if (!component.data.prints || !Page.isPrint(event)) return;
      event.preventDefault();
      if (!event.repeat) print();
    };
    addEventListener("keydown", onKey);

    const tellDark = () => Page.tell({ type: "theme", dark });
    const look = () => {
      const now = isDark(root);
      if (now === dark) return;
      dark = now;
      tellDark();
    };
    const stop = Page.listen({
      ready: () => {
        tellDark();
        Page.ahead.repeat();
      },
      print,
      draw: ({ param, value }) => component.setTriggerValue("drawn", { param, value }),
      pick: (message) => component.setTriggerValue("picked", String(message.ids[0])),
    });
    // The app's classes change with its theme; the colours follow in the same frame.
    const watcher = new MutationObserver(() => requestAnimationFrame(look));
    for (const element of [document.documentElement, document.body, document.querySelector(".stApp")]) {
      if (element) watcher.observe(element, { attributes: true, attributeFilter: ["class", "style"] });
    } // prettier-ignore
    const preference = matchMedia("(prefers-color-scheme: dark)");
    preference.addEventListener("change", look);

    return {
      update(next) {
        component = next;
        const { params, fly, token, order, click, copy_link: withButton } = component.data;
        const now = JSON.stringify(params);
        writeAddress(params, shown !== null && shown !== now && !going);
        if (shown !== now) going = false;
        shown = now;
        look();
        tellDark();
        Page.ahead.follow(token, order, click);
        if (withButton && !button) button = copyButton(root);
        const field = document.querySelector(".st-key-place_search input");
        Page.suggest.attach(field, new URL("geo/names.json", new URL(component.data.script, document.baseURI)));
        if (fly && fly.id !== flown) {
          // The first one is what the link brought: the map has its own view from there.
          Page.tell({ ...fly, type: "fly" });
          flown = fly.id;
        }
      },
      destroy() {
        stop();
        removeEventListener("keydown", onKey);
        removeEventListener("popstate", onGo);
        stopTelling();
        watcher.disconnect();
        preference.removeEventListener("change", look);
        root.replaceChildren();
      },
    };
  });
})();
