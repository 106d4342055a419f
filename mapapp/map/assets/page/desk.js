/* The desk: a page's words on one side, the drafts made of them on the other.
 * Serves the step "draft → person". Adds the part `desk` to globalThis.IncidentPage.
 *
 * Everything a person does is an act that the server carries out; here is only what is looked at.
 * data: {text, hash, incidents: [{key, name, title, parts, grid, questions, alike, …}], choices,
 * outlines, applied, fault}. States: `acts` (see fields.js), `text` {hash, text}: the page's words,
 * which this tab keeps for itself, where the server has lost them. */
"use strict";
globalThis.IncidentPage.desk = (function () {
  const Page = globalThis.IncidentPage;
  const { element, field, choice, options, show, inStep } = Page.fields;
  const KEPT = "page-on-the-desk:";

  const KINDS = [
    ["killed", "Killed"],
    ["wounded", "Wounded"],
    ["casualties", "Killed and wounded"],
    ["attribution", "Who did it"],
    ["speaker", "Who says it"],
    ["date", "Day"],
    ["place", "Place"],
    ["event_type", "Kind of attack"],
    ["target", "Target"],
  ];

  /** This tab's own memory of the text: it is kept on no server. */
  const memory = {
    keep(hash, text) {
      try {
        sessionStorage.setItem(KEPT + hash, text);
      } catch {
        // a browser without storage: the page is pasted again
      }
    },
    find(hash) {
      try {
        return sessionStorage.getItem(KEPT + hash);
      } catch {
        return null;
      }
    },
  };

  function button(words, act, className = "act") {
    const made = element("button", className, words);
    made.type = "button";
    made.addEventListener("click", act);
    return made;
  }

  /** Accept and reject beside a part, and what made it. */
  function verdict(on) {
    const line = element("span", "stands");
    let now = null;
    const yes = button("✓", () => on.send({ op: "accept", value: now.key }), "yes");
    const no = button("×", () => on.send({ op: "reject", value: now.key }), "no");
    const where = button("", () => on.show(now), "words");
    where.dir = "auto";
    line.append(where, yes, no);
    return {
      node: line,
      update(value) {
        now = value;
        line.hidden = !value;
        if (!value) return;
        line.dataset.value = value.key;
        line.dataset.state = value.state;
        line.classList.toggle("typed", value.by_person);
        line.classList.toggle("current", on.isCurrent(value.key));
        where.textContent = value.span ? value.words : "";
        where.hidden = !value.span;
        where.title = value.by_person ? "changed by you" : `read by the rule “${value.rule}”`;
        yes.setAttribute("aria-label", `Accept: ${value.said}`);
        no.setAttribute("aria-label", `Reject: ${value.said}`);
        yes.setAttribute("aria-pressed", String(value.state === "accepted"));
      },
    };
  }

  /** A part of an incident, with what settles it where the page does not say. */
  function part(name, words, inputs, on, incidentOf) {
    const line = element("div", `part ${name}`);
    const label = element("span", "label", words);
    const stands = verdict(on);
    const said = element("span", "said");
    const others = element("span", "others");
    const unsaid = button(
      "The page does not say",
      () => on.send({ op: "unsaid", incident: incidentOf(), part: name }),
      "other",
    );
    line.append(label, ...inputs, said, stands.node, others, unsaid);
    return {
      node: line,
      update(value) {
        stands.update(value && value.key ? value : null);
        said.textContent = value ? value.shown : "";
        line.classList.toggle("asks", !value || !value.key);
        unsaid.hidden = Boolean(value && value.key);
        inStep(others, value ? value.others : [], (v) => v.key, (first) => {
          let now = first;
          const chip = button("", () => on.send({ op: "accept", value: now.key }), "other");
          return {
            node: chip,
            update(next) {
              now = next;
              chip.textContent = `or ${next.said}`;
              chip.dir = "auto";
            },
          };
        });
      },
    };
  }

  function parts(on, incidentOf, choices, outlines) {
    const send = (part, name) => (text) =>
      on.send({ op: "part", incident: incidentOf(), part, name, text });
    const when = field("Day: the page's words, or a date", "", send("date", "text"));
    const first = field("First possible day", "", send("date", "earliest"));
    const last = field("Last possible day", "", send("date", "latest"));
    const where = field("Place: the page's words", "", send("place", "text"));
    const kind = choice("Kind of attack", choices.kinds_of_attack, send("event_type", "value"));
    const target = choice("Kind of target", choices.targets, send("target", "type"));
    const words = field("The target, in our own words", "", send("target", "text"));
    for (const own of [when, where, words]) own.dir = "auto";
    const days = element("span", "days");
    days.append(first, last);
    const map = element("div", "small-map");
    const candidates = element("div", "candidates");
    const rows = {
      date: part("date", "When", [when, days], on, incidentOf),
      place: part("place", "Where", [where, candidates, map], on, incidentOf),
      event_type: part("event_type", "What", [kind], on, incidentOf),
      target: part("target", "Target", [target, words], on, incidentOf),
    };
    const choose = (id) => on.send({ op: "place", incident: incidentOf(), id });
    let drawn = "";
    return {
      nodes: Object.values(rows).map((own) => own.node),
      update(values) {
        for (const [name, own] of Object.entries(rows)) own.update(values[name]);
        const of = (name, key) => (values[name] ? values[name].content[key] || "" : "");
        show(when, of("date", "text"));
        show(first, of("date", "earliest"));
        show(last, of("date", "latest"));
        show(where, of("place", "text"));
        show(kind, of("event_type", "value"));
        show(target, of("target", "type"));
        show(words, of("target", "text"));
        days.hidden = !values.date || Boolean(values.date.shown);
        const places = values.place ? values.place.candidates : [];
        const now = JSON.stringify(places);
        if (now === drawn) return;
        drawn = now;
        const asked = places.length > 1;
        candidates.replaceChildren(
          ...(asked ? places : []).map((own) => {
            const made = button(own.name, () => choose(own.id), "candidate");
            made.dir = "auto";
            made.setAttribute("aria-pressed", String(own.chosen));
            return made;
          }),
        );
        Page.placeMap(map, places, outlines, choose);
      },
    };
  }

  function question(on) {
    const line = element("div", "question");
    const text = element("p");
    text.dir = "auto";
    const answers = element("div", "answers");
    line.append(text, answers);
    return {
      node: line,
      update(next) {
        line.classList.toggle("answered", Boolean(next.answer));
        text.textContent = next.text;
        const say = (words) => () => on.send({ op: "answer", question: next.key, text: words });
        const made = next.options.map((words) => {
          const own = button(words, say(words), "answer");
          own.dir = "auto";
          own.setAttribute("aria-pressed", String(next.answer === words));
          return own;
        });
        if (next.span) made.push(button("Show the words", () => on.show(next), "more"));
        answers.replaceChildren(...made);
      },
    };
  }

  function alike(on, incidentOf) {
    const line = element("div", "alike");
    const words = element("p");
    words.dir = "auto";
    let now = null;
    const join = button("Add this page's claims to it", () =>
      on.send({ op: "join", incident: incidentOf(), record: now.joined ? "" : now.id }),
    );
    line.append(words, join);
    return {
      node: line,
      update(next) {
        now = next;
        words.textContent = `Looks like a record you have: ${next.title} (${next.reasons.join("; ")})`;
        join.textContent = next.joined ? "A record of its own after all" : "Add this page's claims to it";
        line.classList.toggle("joined", next.joined);
      },
    };
  }

  function card(first, on, data) {
    const box = element("section", "draft");
    const incidentOf = () => box.dataset.incident;
    const head = element("div", "head");
    const name = element("h3");
    const title = field("Title, in our own words; it names no perpetrator", "", (text) =>
      on.send({ op: "title", incident: incidentOf(), text }),
    );
    title.dir = "auto";
    const all = button("", () => on.send({ op: "accept_all", incident: incidentOf() }), "act accept-all");
    const drop = button("", () =>
      on.send({ op: "drop_incident", incident: incidentOf(), on: !box.classList.contains("dropped") }),
    );
    const merge = choice("Merge", [], (into) => {
      on.send({ op: "merge", incident: incidentOf(), into });
    });
    head.append(name, all, drop, merge);
    const questions = element("div", "questions");
    const similar = element("div", "similar");
    const body = element("div", "inside");
    const fields = parts(on, incidentOf, data.choices, data.outlines);
    const grid = element("div");
    const wanting = element("ul", "wanting");
    body.append(title, questions, similar, ...fields.nodes, grid, wanting);
    box.append(head, body);
    const update = Page.claimsGrid(grid, {
      ...on,
      choices: data.choices,
      send: (act) => on.send({ incident: incidentOf(), ...act }),
    });
    return {
      node: box,
      update(next, others) {
        box.dataset.incident = next.key;
        box.classList.toggle("dropped", next.dropped);
        name.textContent = next.name;
        show(title, next.title);
        all.textContent = next.open ? `Accept all ${next.open} left` : "Nothing left to decide";
        all.disabled = !next.open;
        drop.textContent = next.dropped ? "Take it back in" : "Not an incident";
        options(merge, [["", "Same as …"], ...others.filter(([key]) => key !== next.key)]);
        merge.value = "";
        merge.hidden = others.length < 2;
        body.hidden = next.dropped;
        inStep(questions, next.questions, (q) => q.key, () => question(on));
        inStep(similar, next.alike, (own) => own.id, () => alike(on, incidentOf));
        fields.update(next.parts);
        update(next.grid);
        wanting.replaceChildren(...next.wanting.map((words) => element("li", "", words)));
      },
    };
  }

  /** What can be made of marked words. */
  function marker(on) {
    const bar = element("div", "marker");
    bar.hidden = true;
    const words = element("p");
    words.dir = "auto";
    const of = choice("Of which incident", [], () => {});
    const kinds = element("div", "kinds");
    let marked = null;
    kinds.append(
      ...KINDS.map(([kind, name]) =>
        button(name, () => {
          on.send({ op: "make", kind, incident: of.value, start: marked[0], end: marked[1], value: on.current() });
          on.unmark();
        }),
      ),
      button("Cancel", () => on.unmark(), "more"),
    );
    bar.append(words, of, kinds);
    return {
      node: bar,
      mark(start, end, text) {
        marked = start === null ? null : [start, end];
        bar.hidden = marked === null;
        words.textContent = marked ? `“${text}” is, of` : "";
      },
      update(incidents, current) {
        const before = of.value;
        options(of, [...incidents, ["new", "a new incident"]]);
        of.value = incidents.some(([key]) => key === before) ? before : current || of.options[0].value;
      },
    };
  }

  /** The value that is looked at, with what can be done to it by key or touch. */
  function focusBar(on) {
    const bar = element("div", "focus");
    const said = element("p");
    said.dir = "auto";
    let now = null;
    const yes = button("✓ Accept", () => on.decide("accept"), "act yes");
    const no = button("× Reject", () => on.decide("reject"), "act no");
    const next = button("Next", () => on.step(1), "act");
    const move = choice("Move it", [], (to) => on.send({ op: "move", value: now.key, to }));
    const keys = element("p", "keys", "Keys: ↓ ↑ go · a accept · x reject · Shift+A accept all · e edit");
    bar.append(said, yes, no, next, move, keys);
    return {
      node: bar,
      update(value, holder, incidents) {
        now = value;
        yes.hidden = no.hidden = move.hidden = !value;
        said.textContent = value ? `${holder.name} · ${value.said}` : "Press ↓ or Next to go through the values.";
        if (!value) return;
        const others = incidents.filter(([key]) => key !== holder.key);
        options(move, [["", "Move to …"], ...others, ["new", "a new incident"]]);
        move.value = "";
      },
    };
  }

  const typing = (event) => event.composedPath()[0].matches?.("input, select, textarea");

  return Page.mounted((first) => {
    const root = first.parentElement.querySelector(".desk");
    const acts = Page.acts(first);
    const text = element("div", "page-words");
    text.tabIndex = 0;
    text.setAttribute("role", "region");
    text.setAttribute("aria-label", "The words of the page");
    const left = element("div", "left");
    const right = element("div", "right");
    const cards = element("div", "cards");
    const fault = element("p", "fault");
    fault.setAttribute("role", "alert");
    const more = button("Another incident", () => on.send({ op: "new_incident" }), "more");
    let data = first.data;
    let current = "";

    const on = {
      choices: data.choices,
      decides: true,
      send: (act) => acts.send(act),
      isCurrent: (key) => key === current,
      current: () => current,
      show: (value) => look(value.key, value.span),
      unmark: () => words.clear(),
      step,
      decide,
    };
    const words = Page.pageText(text, {
      lead: (key) => look(key),
      mark: (start, end, said) => marking.mark(start, end, said),
    });
    const marking = marker(on);
    const focus = focusBar(on);
    left.append(text, marking.node);
    right.append(fault, cards, more, focus.node);
    root.append(left, right);
    root.tabIndex = -1;

    /** The values that can be decided, in the order of the page's cards. */
    const values = () => data.incidents.filter((i) => !i.dropped).flatMap((i) => i.values);
    const holderOf = (key) => data.incidents.find((i) => i.values.some((v) => v.key === key));

    function look(key, span) {
      current = key;
      const value = values().find((own) => own.key === key);
      words.show(value ? value.span : span || null);
      draw();
      const at = root.querySelector(`[data-value="${CSS.escape(key)}"]`);
      at?.scrollIntoView({ block: "nearest" });
    }

    function step(by) {
      const list = values().filter((own) => own.span || own.state === "open");
      if (!list.length) return;
      const at = list.findIndex((own) => own.key === current);
      look(list[Math.max(0, Math.min(list.length - 1, at + by))].key);
    }

    function decide(op) {
      const value = values().find((own) => own.key === current);
      if (!value) return;
      acts.send({ op, value: current });
      value.state = op === "accept" ? "accepted" : "rejected"; // as it will be
      step(1);
    }

    root.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || typing(event)) return;
      const holder = holderOf(current) || data.incidents.find((i) => !i.dropped);
      const keys = {
        ArrowDown: () => step(1),
        ArrowUp: () => step(-1),
        a: () => decide("accept"),
        x: () => decide("reject"),
        A: () => holder && acts.send({ op: "accept_all", incident: holder.key }),
        e: () => root.querySelector(`.current`)?.closest(".part, td")?.querySelector("input, select")?.focus(),
        Escape: () => words.clear(),
      };
      if (!Object.hasOwn(keys, event.key)) return;
      event.preventDefault();
      keys[event.key]();
    });

    const draw = Page.steady(root, () => {
      const names = data.incidents.filter((i) => !i.dropped).map((i) => [i.key, i.name]);
      inStep(cards, data.incidents, (own) => own.key, (own) => card(own, on, data), names);
      const spans = values().filter((own) => own.span);
      words.light(spans.map((v) => ({ key: v.key, start: v.span[0], end: v.span[1], kind: v.kind, state: v.state })));
      const holder = holderOf(current);
      const value = values().find((own) => own.key === current);
      marking.update(names, holder?.key);
      focus.update(value, holder, names);
      fault.textContent = data.fault;
      fault.hidden = !data.fault;
    });

    return {
      update(next) {
        acts.hear(next);
        data = next.data;
        if (data.text) memory.keep(data.hash, data.text);
        else {
          const kept = memory.find(data.hash);
          if (kept !== null) next.setStateValue("text", { hash: data.hash, text: kept });
        }
        left.hidden = !data.text;
        words.set(data.text);
        draw();
        if (!root.dataset.begun) {
          root.dataset.begun = "yes";
          root.focus({ preventScroll: true });
        }
      },
      destroy: () => root.replaceChildren(),
    };
  });
})();
