// A tab that is opened at the foot of the window comes up, so that what it shows is seen at once.
// data: {tab}; the one that the page begins with moves nothing.

/** Room below the tabs, as a share of the window, from which what they hold is seen anyway. */
const ENOUGH = 0.5;

/** Left above the tabs, for the sentence of the selection, px. */
const ABOVE_PX = 60;

/** What a tab holds has come by then, or else goes on coming below, ms. */
const WITHIN_MS = 15_000;

/** What a reader does to see something else: from then on the page stays where it is. */
const BY_HAND = ["wheel", "touchmove", "pointerdown", "keydown"];

export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".tab-in-view");
  reach(document);
  const before = root._tab;
  root._tab = data.tab;
  if (before === undefined || before === data.tab) return;
  root._bringing?.abort();
  const scrolled = document.querySelector('[data-testid="stMain"]');
  if (!scrolled) return;

  function bring() {
    const tabs = document.querySelector(".st-key-tabs [role=tablist]");
    if (!tabs) return;
    const { top } = tabs.getBoundingClientRect();
    if (top >= 0 && innerHeight - top >= innerHeight * ENOUGH) return;
    scrolled.scrollTo({ top: scrolled.scrollTop + top - ABOVE_PX, behavior: "instant" });
  }

  // The page is as long as what is shown. It gets shorter as the tab before goes, which moves the
  // tabs down again, and longer as this one comes.
  const end = (root._bringing = new AbortController());
  const length = new ResizeObserver(bring);
  end.signal.addEventListener("abort", () => length.disconnect());
  for (const name of BY_HAND) {
    addEventListener(name, () => end.abort(), { capture: true, passive: true, signal: end.signal });
  }
  setTimeout(() => end.abort(), WITHIN_MS);
  for (const part of scrolled.children) length.observe(part);
  bring();
}

/** The tables of the Method page scroll by themselves; what scrolls must be reached by keyboard. */
function reach(page, tries = 20) {
  const tables = page.querySelectorAll(".st-key-method table");
  for (const table of tables) table.tabIndex = 0;
  if (!tables.length && tries > 0 && page.querySelector(".st-key-method")) setTimeout(() => reach(page, tries - 1), 100);
}
