/* The words of a page: lit by what they are read as, and to be marked by hand.
 * Serves the step "page → draft". Adds `pageText` to globalThis.IncidentPage.
 *
 * Offsets count code points, as the server's do. The text is set as text, never as markup; each
 * paragraph is read from the side that its own letters are read from. */
"use strict";
globalThis.IncidentPage.pageText = (function () {
  const { element } = globalThis.IncidentPage.fields;

  /** The words of a text with their offsets in code points, by line. */
  function linesOf(text) {
    const lines = [];
    let at = 0;
    for (const line of text.split("\n")) {
      const parts = [];
      for (const part of line.match(/\s+|\S+/gu) || []) {
        const length = Array.from(part).length;
        parts.push({ text: part, start: at, end: at + length, blank: !part.trim() });
        at += length;
      }
      at += 1; // the line's end
      lines.push(parts);
    }
    return lines;
  }

  /**
   * `on`: {lead(key): a lit word was pressed, mark(start, end, words) of marked words, null for
   * none}. Returns {set(text), light(spans), show(span), clear()}.
   */
  return (root, on) => {
    let words = [];
    let shown = null;
    let anchor = null;
    let spans = [];

    function press(word, extend) {
      const value = spans.find((s) => s.start < word.end && word.start < s.end);
      if (value && anchor === null && !extend) {
        on.lead(value.key);
        return;
      }
      if (anchor === null) anchor = { start: word.start, end: word.end };
      const start = Math.min(anchor.start, word.start);
      const end = Math.max(anchor.end, word.end);
      for (const own of words) own.node.classList.toggle("marked", own.start < end && start < own.end);
      const inside = words.filter((own) => own.start < end && start < own.end);
      on.mark(start, end, inside.map((own) => own.text).join(" "));
    }

    function clear() {
      anchor = null;
      for (const own of words) own.node.classList.remove("marked");
      on.mark(null);
    }

    return {
      set(text) {
        if (text === shown) return;
        shown = text;
        anchor = null;
        words = [];
        const lines = linesOf(text).filter((line) => line.some((own) => !own.blank));
        root.replaceChildren(
          ...lines.map((line) => {
            const paragraph = element("p");
            paragraph.dir = "auto";
            for (const own of line) {
              if (own.blank) {
                paragraph.append(own.text);
                continue;
              }
              own.node = element("span", "", own.text);
              own.node.addEventListener("click", (event) => press(own, event.shiftKey));
              words.push(own);
              paragraph.append(own.node);
            }
            return paragraph;
          }),
        );
      },
      /** Lights words: [{key, start, end, kind, state}]; of one word the shortest span counts. */
      light(next) {
        spans = [...next].sort((a, b) => a.end - a.start - (b.end - b.start));
        for (const own of words) {
          const span = spans.find((s) => s.start < own.end && own.start < s.end);
          own.node.dataset.kind = span ? span.kind : "";
          own.node.dataset.state = span ? span.state : "";
        }
      },
      /** Shows where a value stands. */
      show(span) {
        let first = null;
        for (const own of words) {
          const inside = span !== null && own.start < span[1] && span[0] < own.end;
          own.node.classList.toggle("lit", inside);
          if (inside) first ??= own.node;
        }
        if (!first) return;
        const box = root.getBoundingClientRect();
        const at = first.getBoundingClientRect();
        if (at.top < box.top + 20 || at.bottom > box.bottom - 40) {
          root.scrollTop += at.top - box.top - box.height / 3;
        }
      },
      clear,
    };
  };
})();
