/* Starts Streamlit's front end from one file that holds the scripts a first view needs: asked for one by
 * one they cost a slow line a round trip for every six. Serves the step "route → page"; see
 * mapapp/web/front_end.py. Where that file, or import maps, cannot be had the scripts come as ever. */
(function () {
  /** How long the page may take to be connected before it says why nothing is seen. */
  const PATIENCE_MS = 10000;
  const BARRED =
    "The server answers, but the connection that this map keeps open (a WebSocket) does not come through: " +
    "often a company's proxy or a filter is in between. Trying again by itself. Whoever runs your network can let " +
    `${location.host} through.`;

  const { nonce, dataset } = document.currentScript;
  const base = new URL("./static/js/", document.baseURI).href;
  const begin = () => import(base + dataset.entry).then(() => setTimeout(look, PATIENCE_MS));

  const connected = () => document.querySelector(".stApp")?.dataset.testConnectionState === "CONNECTED";

  /** Says what is in the way where the page was not connected yet; later `bridge.js` looks after that. */
  async function look() {
    if (connected()) return;
    const answer = await fetch("./_stcore/health", { cache: "no-store" }).catch(() => null);
    const banner = document.createElement("p");
    banner.setAttribute("role", "alert");
    banner.style.cssText =
      "position:fixed;inset:0 0 auto;z-index:1000000;margin:0;padding:0.75rem 1rem;" +
      "font:500 0.95rem/1.5 sans-serif;color:#1a1a1a;background:#ffd9a0;border-bottom:1px solid #9a5b00";
    document.body.append(banner);
    banner.textContent = answer?.ok ? BARRED : "The server does not answer. Trying again by itself.";
    if (answer?.ok) {
      const way = document.createElement("a");
      way.href = "./api";
      way.textContent = "The data without the page";
      banner.append(" ", way);
    }
    const waiting = setInterval(() => {
      if (!connected()) return;
      clearInterval(waiting);
      banner.remove();
    }, 500);
  }

  if (!HTMLScriptElement.supports?.("importmap")) return void begin();
  globalThis.streamlitScripts = base; // what they take for their own addresses

  function unpack(files) {
    const imports = { "streamlit/": base };
    for (const [name, text] of Object.entries(files)) {
      const address = URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
      // By the name that the scripts inside have for it, and by the address of those outside.
      imports["streamlit/" + name] = imports[base + name] = address;
    }
    const map = document.createElement("script");
    map.type = "importmap";
    map.nonce = nonce;
    map.textContent = JSON.stringify({ imports });
    document.head.append(map);
    return begin();
  }

  fetch(dataset.scripts)
    .then((answer) => (answer.ok ? answer.json() : Promise.reject(new Error(answer.status))))
    .then(unpack, (error) => {
      console.warn("the scripts in one could not be had:", error.message);
      return begin();
    });
})();
