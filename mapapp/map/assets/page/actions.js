/* A row of buttons that act in the reader's own browser: copy a text, print, follow a link.
 * Serves the step "page ↔ map layer". Adds `actions` to globalThis.IncidentPage.
 *
 * data: {buttons: [{id, label, done, copy, link, print, at_once, href, outside, makes, words}]}. `makes` is "save"
 * or "film": the map under `words` as a file (picture.js). `href` makes a link, `outside` one
 * to the whole page as it is shown now, in a window of its own; `print` prints, `at_once` (an id, "" for none)
 * also once by itself, as soon as the sheet is there; else `copy` (a text) is copied, and under it (or wherever it says "⟨link⟩") the address: "here" as the page's is
 * now, "embed" the same for a frame, or a query. */
"use strict";
globalThis.IncidentPage.actions = (function () {
  async function copy(text) {
    if (navigator.clipboard && window.isSecureContext) {
      await navigator.clipboard.writeText(text);
      return;
    }
    // Plain http on a local network has no clipboard API.
    const area = document.createElement("textarea");
    area.value = text;
    area.style.position = "fixed";
    area.style.opacity = "0";
    document.body.append(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    if (!done) throw new Error("the browser refused");
  }

  function address(link) {
    const here = globalThis.IncidentPage.outer();
    if (link === "here") return here.href;
    if (link === "embed") return whole() + (new URL(whole()).search ? "&" : "?") + "embed=true";
    return here.origin + here.pathname + link;
  }

  /** The address of the whole page, of which a frame shows a part. */
  function whole() {
    const url = new URL(window.location.href);
    url.search = url.search
      .slice(1)
      .split("&")
      .filter((part) => part && !["embed", "embed_options"].includes(part.split("=")[0]))
      .join("&");
    return url.href;
  }

  const PLACE = "\u27e8link\u27e9";

  function text(action) {
    const link = action.link ? address(action.link) : "";
    // A function: a "$" of the address stands for nothing.
    if (link && action.copy.includes(PLACE)) return action.copy.replaceAll(PLACE, () => link);
    return [action.copy, link].filter(Boolean).join("\n");
  }

  let printed = "";

  /** Prints, once for each `id`, as soon as the sheet and its pictures are there; what never comes is
   *  not waited for. The part may be mounted anew meanwhile. */
  function printWhenDrawn(id, root, until = Date.now() + 20_000) {
    if (id === printed || !root.isConnected) return;
    const sheet = document.querySelector(".sheet");
    const drawn = sheet && [...sheet.querySelectorAll("img")].every((image) => image.complete);
    if (!drawn && Date.now() < until) {
      setTimeout(() => printWhenDrawn(id, root, until), 100);
      return;
    }
    printed = id;
    window.print();
  }

  return (component) => {
    const { data, parentElement } = component;
    const asked = data.buttons.find((action) => action.at_once);
    if (asked) printWhenDrawn(asked.at_once, parentElement.querySelector(".actions"));
    const root = parentElement.querySelector(".actions");
    const status = document.createElement("span");
    status.className = "status";
    status.setAttribute("role", "status");
    const parts = data.buttons.map((action) => {
      if (action.href || action.outside) {
        const link = document.createElement("a");
        link.className = "button";
        link.textContent = action.label;
        link.href = action.href || whole();
        if (action.outside) {
          link.target = "_blank";
          link.rel = "noopener";
          // The map's view is in the address since; a key or a pointer comes before the click.
          for (const event of ["pointerdown", "focus"]) {
            link.addEventListener(event, () => (link.href = whole()));
          }
        }
        return link;
      }
      const button = document.createElement("button");
      button.type = "button";
      button.className = "button";
      button.dataset.action = action.id;
      button.textContent = action.label;
      button.addEventListener("click", async () => {
        if (action.print) {
          window.print();
          return;
        }
        if (action.makes) {
          globalThis.IncidentPage.picture[action.makes](action.words);
          return;
        }
        try {
          await copy(text(action));
          status.textContent = action.done;
        } catch (error) {
          status.textContent = "Not copied: the browser does not allow it here. Select the text instead.";
        }
      });
      return button;
    });
    root.replaceChildren(...parts, status);
  };
})();
