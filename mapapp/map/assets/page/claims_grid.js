/* Speakers × what they say of an incident: rows to type in, the last one empty and waiting.
 * Serves the step "form ↔ grid". Adds `claimsGrid` and the part `claims_grid` to
 * globalThis.IncidentPage; the form of a record and the drafts of a page share it.
 *
 * What is typed goes to the server as an act and comes back as statements, so that a cell means
 * what the server made of it. Nodes stay while their row is there: nothing is drawn anew under the
 * hand. All words are set as text, never as markup.
 * data: {rows: [{key, asserted_by, speaker_class, guessed, source, paragraph, span, cells: {measure:
 * {text, values}}, attributions, others, details}], choices, publisher, faults: {place: {typed,
 * words}}, applied}. State `acts`: [{n, op, …}], all that the server has not applied yet. */
"use strict";
globalThis.IncidentPage.claimsGrid = (function () {
  const Page = globalThis.IncidentPage;
  const MEASURES = [
    ["killed", "Killed"],
    ["wounded", "Wounded"],
    ["casualties", "Killed and wounded, not told apart"],
  ];

  const { element, field, choice, inStep } = Page.fields;

  /** What one statement stands on: its words, and yes or no to it. Nothing where a person typed. */
  function standing(value, on) {
    const line = element("span", "stands");
    const show = element("button", "words");
    show.type = "button";
    const yes = element("button", "yes", "✓");
    yes.type = "button";
    const no = element("button", "no", "×");
    no.type = "button";
    let now = value;
    show.addEventListener("click", () => on.show(now));
    yes.addEventListener("click", () => on.send({ op: "accept", value: now.key }));
    no.addEventListener("click", () => on.send({ op: "reject", value: now.key }));
    line.append(show, yes, no);
    return {
      node: line,
      update(next) {
        now = next;
        line.dataset.value = now.key;
        line.dataset.state = now.state;
        show.textContent = now.words || now.said;
        show.dir = "auto";
        show.title = `Show the words in the page: ${now.words}`;
        show.hidden = !now.span;
        line.classList.toggle("current", on.isCurrent(now.key));
        yes.hidden = no.hidden = !on.decides;
        yes.setAttribute("aria-label", `Accept: ${now.said}`);
        no.setAttribute("aria-label", `Reject: ${now.said}`);
        yes.setAttribute("aria-pressed", String(now.state === "accepted"));
        line.classList.toggle("typed", now.by_person);
      },
    };
  }

  function figureCell(measure, name, on, keyOf) {
    const cell = element("td", "figure");
    cell.dataset.label = name;
    const input = field(name, "", (text) => {
      on.send({ op: "figures", row: keyOf(), column: measure, text });
    });
    input.setAttribute("list", on.listId);
    input.autocomplete = "off";
    const fault = element("p", "fault");
    fault.setAttribute("role", "alert");
    const under = element("div", "under");
    cell.append(input, fault, under);
    return {
      node: cell,
      update(row, data) {
        const own = row.cells[measure];
        const wrong = data.faults[`${row.key}.${measure}`];
        Page.fields.show(input, wrong ? wrong.typed : own.text);
        input.title = own.text;
        input.setAttribute("aria-label", `${name}, as ${row.asserted_by || data.publisher} says`);
        input.toggleAttribute("aria-invalid", Boolean(wrong));
        fault.textContent = wrong ? wrong.words : "";
        fault.hidden = !wrong;
        inStep(under, own.values.filter((v) => v.span), (v) => v.key, (v) => standing(v, on));
      },
    };
  }

  function attributionLine(first, on, keyOf) {
    const line = element("div", "attribution");
    let now = first;
    const send = () =>
      on.send({
        op: "attribution", row: keyOf(), value: now.key, kind: kind.value, actor: actor.value,
      });
    const kind = choice("What is said of who did it", on.choices.kinds, send);
    const actor = choice("Of whom", on.choices.actors, send);
    const under = element("div", "under");
    line.append(kind, actor, under);
    return {
      node: line,
      update(next, data, row) {
        now = next;
        Page.fields.show(kind, now.kind);
        Page.fields.show(actor, now.actor);
        kind.setAttribute("aria-label", `Who did it, as ${row.asserted_by || data.publisher} says`);
        actor.hidden = !now.kind || now.kind === "unclaimed";
        inStep(under, now.span ? [now] : [], (v) => v.key, (v) => standing(v, on));
      },
    };
  }

  function otherLine(first, on, keyOf) {
    const line = element("div", "other");
    let now = first;
    const send = () =>
      on.send({
        op: "other", row: keyOf(), value: now.key, property: about.value, text: said.value,
      });
    const about = choice("What it is about", on.choices.others, () => said.value && send());
    const said = field("What is said", "", send);
    line.append(about, said);
    return {
      node: line,
      update(next) {
        now = next;
        if (now.property) Page.fields.show(about, now.property);
        Page.fields.show(said, now.text);
      },
    };
  }

  function detailLine(first, on) {
    const line = element("div", "detail");
    const said = element("strong");
    said.dir = "auto";
    line.append(said);
    const inputs = on.choices.details.map(([name, words]) => {
      const label = element("label", "", words);
      const input = field(words, "", (text) =>
        on.send({ op: "detail", value: line.dataset.value, name, text }),
      );
      input.dir = "auto";
      label.append(input);
      line.append(label);
      return [name, input, label];
    });
    return {
      node: line,
      update(next) {
        line.dataset.value = next.key;
        said.textContent = next.said;
        for (const [name, input, label] of inputs) {
          Page.fields.show(input, next.content[name] || "");
          label.hidden = !next.has.includes(name);
        }
      },
    };
  }

  function speakerCell(on, keyOf, toggle) {
    const cell = element("td", "speaker");
    cell.dataset.label = "Who says it";
    const name = field("Who says it", "", (text) =>
      on.send({ op: "speaker", row: keyOf(), name: "asserted_by", text }),
    );
    name.dir = "auto";
    name.addEventListener("input", () => {
      kind.hidden = !name.value.trim();
    });
    const kind = choice("Kind of speaker", on.choices.speakers, (text) =>
      on.send({ op: "speaker", row: keyOf(), name: "speaker_class", text }),
    );
    const under = element("div", "under");
    const show = element("button", "words", "where it is named");
    show.type = "button";
    let now = null;
    show.addEventListener("click", () => on.show(now));
    const more = element("button", "more", "Details");
    more.type = "button";
    more.addEventListener("click", toggle);
    under.append(show, more);
    cell.append(name, kind, under);
    return {
      node: cell,
      more,
      update(row, data) {
        now = row;
        const { at, spare } = row;
        Page.fields.show(name, row.asserted_by);
        name.title = row.asserted_by;
        Page.fields.show(kind, row.speaker_class);
        name.placeholder = at === 0 ? data.publisher : spare ? "another speaker" : data.publisher;
        name.setAttribute("aria-label", `Who says it, speaker ${at + 1}`);
        kind.setAttribute("aria-label", `Kind of speaker ${at + 1}`);
        kind.hidden = !row.asserted_by;
        kind.classList.toggle("asks", Boolean(row.asserted_by) && !row.speaker_class);
        show.hidden = !row.span;
        more.hidden = spare;
      },
    };
  }

  function row(first, on) {
    const body = element("tbody");
    const line = element("tr");
    const below = element("tr", "below");
    below.hidden = true;
    const keyOf = () => body.dataset.row;
    const speaker = speakerCell(on, keyOf, () => {
      below.hidden = !below.hidden;
      speaker.more.setAttribute("aria-expanded", String(!below.hidden));
    });
    const figures = MEASURES.map(([measure, name]) => figureCell(measure, name, on, keyOf));
    const did = element("td", "did");
    did.dataset.label = "Who did it";
    line.append(speaker.node, ...figures.map((own) => own.node), did);
    const inner = element("td", "inner");
    inner.colSpan = 5;
    const paragraph = field("Paragraph", "", (text) =>
      on.send({ op: "paragraph", row: keyOf(), text }),
    );
    const paragraphLabel = element("label", "", "Paragraph of all that this speaker says");
    paragraphLabel.append(paragraph);
    const source = choice("Source", [], (text) =>
      on.send({ op: "speaker", row: keyOf(), name: "source", text }),
    );
    const sourceLabel = element("label", "", "Source");
    sourceLabel.append(source);
    const details = element("div", "details");
    const others = element("div", "others");
    others.append(element("strong", "", "Also says"));
    const otherLines = element("div");
    others.append(otherLines);
    const drop = element("button", "more", "Remove this speaker");
    drop.type = "button";
    drop.addEventListener("click", () => on.send({ op: "drop", row: keyOf() }));
    inner.append(paragraphLabel, sourceLabel, details, others, drop);
    below.append(inner);
    body.append(line, below);
    return {
      node: body,
      update(next, data) {
        body.dataset.row = next.key;
        body.classList.toggle("spare", next.spare);
        speaker.update(next, data);
        for (const own of figures) own.update(next, data);
        inStep(did, [...next.attributions, { key: "", kind: "", actor: "", span: null }],
          (v) => v.key, (v) => attributionLine(v, on, keyOf), data, next);  // prettier-ignore
        Page.fields.show(paragraph, next.paragraph);
        Page.fields.options(source, data.sources);
        Page.fields.show(source, next.source);
        sourceLabel.hidden = data.sources.length < 2;
        inStep(details, next.details, (v) => v.key, (v) => detailLine(v, on));
        inStep(otherLines, [...next.others, { key: "", property: "", text: "" }],
          (v) => v.key, (v) => otherLine(v, on, keyOf));  // prettier-ignore
      },
    };
  }

  /**
   * A grid in `root`. `on`: {choices, send(act), show(value), isCurrent(key), decides}; returns
   * `update(data)`.
   */
  return (root, on) => {
    const table = element("table", "claims");
    const head = element("thead");
    const names = element("tr");
    for (const name of ["Who says it", ...MEASURES.map((own) => own[1]), "Who did it"]) {
      const cell = element("th", "", name);
      cell.scope = "col";
      names.append(cell);
    }
    head.append(names);
    table.append(element("caption", "unseen", "A row a speaker; the last one is empty"), head);
    const list = element("datalist");
    on.listId = list.id = `victims-${Math.random().toString(36).slice(2)}`;
    list.append(...on.choices.victims.map((words) => new Option(words)));
    root.append(table, list);
    return (data) => {
      const last = data.rows.length - 1;
      const rows = data.rows.map((own, at) => ({ ...own, at, spare: at === last }));
      inStep(table, rows, (own) => own.key, (own) => row(own, on), data);
    };
  };
})();

globalThis.IncidentPage.claims_grid = globalThis.IncidentPage.mounted((first) => {
  const Page = globalThis.IncidentPage;
  const root = first.parentElement.querySelector(".claims_grid");
  const acts = Page.acts(first);
  const update = Page.claimsGrid(root, {
    choices: first.data.choices,
    send: acts.send,
    show() {},
    isCurrent: () => false,
    decides: false,
  });
  return {
    update(next) {
      acts.hear(next);
      update(next.data.grid);
    },
    destroy: () => root.replaceChildren(),
  };
});
