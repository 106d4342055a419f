/* The line of figures while time plays: it follows the window that the map shows, which the script does not
 * hear of. Serves the step "page ↔ map layer". Adds `figures` to globalThis.IncidentPage. */
"use strict";
globalThis.IncidentPage.figures = (function () {
  const Page = globalThis.IncidentPage;
  let followed = false;
  let asking = false;
  let next = null;

  /** Shows the figures of a window: {query, data_url}, {from, to, held}; once more of the range when it ends. */
  function follow({ query, data_url: base }, { from, to, held }) {
    if (!held && !followed) return;
    followed = held;
    document.documentElement.classList.toggle("figures-follow", held);
    const days = Object.entries({ from, to }).filter(([, day]) => day).map(([name, day]) => `${name}=${day}`);
    next = `${base}/figures?${[query, ...days].filter(Boolean).join("&")}`;
    if (!asking) ask();
  }

  async function ask() {
    asking = true;
    while (next) {
      const address = next;
      next = null;
      try {
        const { figures } = await Page.askJson(address);
        if (!next) write(figures);
      } catch (error) {
        console.warn("figures not loaded:", error.message);
      }
    }
    asking = false;
  }

  function write(figures) {
    for (const [name, text] of Object.entries(figures)) {
      const element = document.querySelector(`[data-figure="${name}"]`);
      if (element) element.textContent = text;
    }
  }

  return { follow };
})();
