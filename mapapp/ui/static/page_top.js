// A page that opens in the place of another begins at its top, once.

export default function ({ parentElement }) {
  const root = parentElement.querySelector(".page-top");
  if (!root || root._shown) return;
  root._shown = true;
  const scrolled = document.querySelector('[data-testid="stMain"]') || document.scrollingElement;
  scrolled.scrollTo({ top: 0, behavior: "instant" });
}
