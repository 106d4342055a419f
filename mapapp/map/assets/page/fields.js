/* Fields that are typed into while the server answers, lists of nodes that stay, and acts that are
 * not lost. Serves the step "form ↔ grid". Adds `fields` and `acts` to globalThis.IncidentPage. */
"use strict";
globalThis.IncidentPage.fields = (function () {
  function element(tag, className, text) {
    const made = document.createElement(tag);
    if (className) made.className = className;
    if (text !== undefined && text !== null) made.textContent = text;
    return made;
  }

  /** A text field; `changed(text)` when it is left, or at Enter, with something else in it. */
  function field(name, text, changed) {
    const input = element("input");
    input.type = "text";
    input.value = text;
    input.held = text;
    input.setAttribute("aria-label", name);
    const tell = () => {
      if (input.value === input.held) return;
      input.held = input.value;
      changed(input.value);
    };
    input.addEventListener("change", tell);
    input.addEventListener("keydown", (event) => {
      if (event.key === "Enter") tell();
    });
    return input;
  }

  /** A list to choose from; `options` are [value, words]. */
  function choice(name, list, changed) {
    const select = element("select");
    select.setAttribute("aria-label", name);
    options(select, list);
    select.held = "";
    select.addEventListener("change", () => {
      select.held = select.value;
      changed(select.value);
    });
    return select;
  }

  function options(select, list) {
    const now = JSON.stringify(list);
    if (select.listed === now) return;
    select.listed = now;
    const value = select.value;
    select.replaceChildren(...list.map(([code, words]) => new Option(words, code)));
    select.value = value;
  }

  /** Shows what the server holds, unless the reader has typed something else meanwhile. */
  function show(input, text) {
    const typing = input.getRootNode().activeElement === input && input.value !== input.held;
    if (typing) return;
    input.held = text;
    if (input.value !== text) input.value = text;
  }

  /**
   * Nodes of `items` in `root`, one each: a node stays as long as its key is there, and is told the
   * item as it is now. `make(item)` gives {node, update(item, …more)}.
   */
  function inStep(root, items, keyOf, make, ...more) {
    const tag = (own) => own.step !== undefined;
    const held = new Map([...root.children].filter(tag).map((own) => [own.stepKey, own]));
    let before = null;
    for (const item of items) {
      const key = keyOf(item);
      let node = held.get(key);
      if (node) held.delete(key);
      else {
        const made = make(item);
        node = made.node;
        node.step = made;
        node.stepKey = key;
      }
      const place = before ? before.nextSibling : firstStep(root, tag);
      if (place !== node) root.insertBefore(node, place);
      node.step.update(item, ...more);
      before = node;
    }
    for (const gone of held.values()) gone.remove();
  }

  function firstStep(root, tag) {
    return [...root.children].find(tag) || null;
  }

  return { element, field, choice, options, show, inStep };
})();

/**
 * What the reader does, in order, until the server has it: Streamlit keeps only the last value that
 * a component says, so that it says all that is not applied yet, each with its number.
 */
globalThis.IncidentPage.acts = (first) => {
  let component = first;
  let waiting = [];
  let last = first.data.applied || 0;
  return {
    send(act) {
      last += 1;
      waiting.push({ n: last, ...act });
      component.setStateValue("acts", waiting.slice());
    },
    /** Hears how far the server is. */
    hear(next) {
      component = next;
      const applied = next.data.applied || 0;
      last = Math.max(last, applied);
      waiting = waiting.filter((act) => act.n > applied);
    },
  };
};
