// A tab that is opened at the foot of the window comes up, so that what it shows is seen at once.
// data: {tab}; the one that the page begins with moves nothing.

/** Room below the tabs, as a share of the window, from which what they hold is seen anyway. */
const ENOUGH = 0.5;

/** Left above the tabs, for the sentence of the selection, px. */
const ABOVE_PX = 60;

/** What a tab holds has come by then, or else goes on coming below, ms. */
const WITHIN_MS = 1500;

export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".tab-in-view");
  reach(document);
  const before = root._tab;
  root._tab = data.tab;
  if (before === undefined || before === data.tab) return;
  const until = performance.now() + WITHIN_MS;
  const scrolled = document.querySelector('[data-testid="stMain"]');

  // The page is as long as what is shown: it is tried again as that grows, unless the reader scrolls.
  let own = scrolled?.scrollTop;
  function bring() {
    const tabs = document.querySelector(".st-key-tabs [role=tablist]");
    if (!tabs || !scrolled || root._tab !== data.tab || scrolled.scrollTop !== own) return;
    const { top } = tabs.getBoundingClientRect();
    if (top >= 0 && innerHeight - top >= innerHeight * ENOUGH) return;
    scrolled.scrollTo({ top: scrolled.scrollTop + top - ABOVE_PX, behavior: "instant" });
    own = scrolled.scrollTop;
    if (performance.now() < until) setTimeout(bring, 100);
  }
  bring();
}

/** The tables of the Method page scroll by themselves; what scrolls must be reached by keyboard. */
function reach(page, tries = 20) {
  const tables = page.querySelectorAll(".st-key-method table");
  for (const table of tables) table.tabIndex = 0;
  if (!tables.length && tries > 0 && page.querySelector(".st-key-method")) setTimeout(() => reach(page, tries - 1), 100);
}
