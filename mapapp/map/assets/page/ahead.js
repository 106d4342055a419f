/* Tells the map what a click selects before the script has run: the map's question is under way
 * while the script still works. Serves the step "page ↔ map layer". Adds `ahead` to
 * globalThis.IncidentPage.
 *
 * The script's own token follows and is right; nearly always it says the same, which changes
 * nothing. A run that began before the last click knows an older choice and waits; where no run knows
 * of the click (it was lost), map and page would tell of two selections, so the script is believed. */
"use strict";
globalThis.IncidentPage.ahead = (function () {
  const Page = globalThis.IncidentPage;

  /** How long a click may wait for the run that knows of it, as the lists of options wait. */
  const PATIENCE_MS = 4000;

  let token = null; // what the map was told last
  let order = []; // the names of parameters, as links have them
  let clicked = 0; // when the last click was, ms since 1970
  let waiting = null; // the timer of a token that waits

  /** As `urlencode` of the script writes it, so that both ask with the same words. */
  const encode = (text) =>
    encodeURIComponent(text)
      .replace(/[!'()*]/g, (c) => "%" + c.charCodeAt(0).toString(16).toUpperCase())
      .replaceAll("%20", "+");

  /** A query with other codes for one of its parameters, in the order of `names`. */
  function withCodes(query, param, codes, names) {
    const pairs = query.split("&").filter((pair) => pair && pair.split("=")[0] !== param);
    const text = codes.map((code) => code.replaceAll("%", "%25").replaceAll(",", "%2C")).join(",");
    if (text) pairs.push(`${param}=${encode(text)}`);
    const place = (pair) => names.indexOf(pair.split("=")[0]);
    return pairs.sort((a, b) => place(a) - place(b)).join("&");
  }

  function tell(next) {
    token = next;
    if (token) Page.tell({ ...token, type: "filter" });
  }

  function click(next) {
    clicked = Date.now();
    if (token) tell({ ...token, ...next });
    return clicked;
  }

  return {
    /** A click that makes these the codes of a parameter; its time goes to the script with it. */
    choose: (param, codes) =>
      click(token ? { query: withCodes(token.query, param, codes, order) } : {}),
    /** A click that leads to this token. */
    turnTo: (next) => click(next),
    /** What the script says, `heard` being the time of the last click that it knows of. */
    follow(next, names, heard) {
      order = names;
      clearTimeout(waiting);
      const left = heard < clicked ? clicked + PATIENCE_MS - Date.now() : 0;
      if (left > 0) waiting = setTimeout(() => tell(next), left);
      else tell(next);
    },
    /** The same once more, for a map that has just come. */
    repeat: () => tell(token),
    withCodes,
  };
})();
