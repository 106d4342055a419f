/* The address of the page on a static host: the dashboard's own parameters, those that it has filters for.
 * A plain script: it adds `address` to globalThis.Standalone. */
"use strict";
/* `params` are {name, part, codes}: `codes` has the words that the page knows a code by, null for the codes themselves. */
globalThis.Standalone.address = function (params) {
  const TEXTS = ["q", "from", "to"];
  // Read elsewhere, or of no meaning here and no misspelling.
  const PASSED_OVER = /^(v|incident|tab|step|sort|order|embed|rule|utm_.*|.*clid)$/;
  const PLAIN = /^[^%,]*$/;
  const escape = (code) => (PLAIN.test(code) ? code : code.replaceAll("%", "%25").replaceAll(",", "%2C"));
  const unescape = (text) => text.replaceAll("%2C", ",").replaceAll("%25", "%");

  /** {chosen, incident, unknown}: what an address chooses, and names or codes that this page does not know. */
  function read() {
    const query = new URLSearchParams(location.search);
    const chosen = {};
    const unknown = [];
    for (const { name, part, codes } of params) {
      const given = query.getAll(name).join(",").split(",").filter(Boolean).map(unescape);
      const known = given.filter((code) => !codes || Object.hasOwn(codes, code));
      unknown.push(...given.filter((code) => !known.includes(code)).map((code) => `${name}=${code}`));
      if (known.length) chosen[part] = known.map((code) => (codes ? codes[code] : code));
    }
    for (const name of TEXTS) if (query.get(name)) chosen[name] = query.get(name);
    const told = new Set([...TEXTS, ...params.map(({ name }) => name)]);
    for (const name of new Set(query.keys())) {
      if (!told.has(name) && !PASSED_OVER.test(name)) unknown.push(name);
    }
    const incident = (query.get("incident") || "").replace(/\/+$/, "") || null;
    return { chosen, incident, unknown };
  }

  /** Puts what is chosen into the address, so that it can be passed on; the map's view stays. */
  function write(chosen, incident) {
    const parts = [];
    for (const { name, part, codes } of params) {
      const back = new Map(Object.entries(codes || {}).map(([code, words]) => [words, code]));
      const given = chosen[part].map((value) => escape(back.get(value) ?? value));
      if (given.length) parts.push([name, given.join(",")]);
    }
    for (const name of TEXTS) if (chosen[name]) parts.push([name, chosen[name]]);
    if (incident) parts.push(["incident", incident]);
    const view = new URLSearchParams(location.search).get("v");
    if (view) parts.push(["v", view]);
    const query = parts.map(([name, value]) => `${name}=${encodeURIComponent(value).replaceAll("%2C", ",")}`);
    const url = new URL(location.href);
    url.search = query.join("&");
    history.replaceState(history.state, "", url);
  }

  return { read, write };
};
