/* A list of filter options with the number of incidents each would leave, as check boxes.
 * Serves the step "page ↔ map layer". Adds `facet_list` to globalThis.IncidentPage.
 *
 * The counts come from /data/facets, so that nothing the script does waits for them; until they are
 * there the old ones stand. All words are set as text, never as markup.
 * data: {label, part, param, query, data_url, selected: [value], top, note}
 * trigger `toggle`: {codes, click}, the selected values in the order of the options, and when. */
"use strict";
globalThis.IncidentPage.facet_list = (function () {
  const Page = globalThis.IncidentPage;

  function element(tag, className, text) {
    const made = document.createElement(tag);
    if (className) made.className = className;
    if (text !== undefined) made.textContent = text;
    return made;
  }

  return Page.mounted((first) => {
    const root = element("fieldset", "facet");
    first.parentElement.querySelector(".facet_list").append(root);
    let component = first;
    let options = null; // [{value, text, count, kind}], null before the first answer
    let failed = "";
    let asked = null;
    let abort = null;
    let selected = new Set();
    let sent = null; // what the reader's last click said, until the script has it
    let open = false;
    let search = "";

    async function load() {
      const { data_url: base, part, query } = component.data;
      const address = `${base}/facets?part=${part}${query ? "&" + query : ""}`;
      if (address === asked) return;
      asked = address;
      abort?.abort();
      const own = (abort = new AbortController());
      try {
        options = (await Page.askJson(address, own.signal)).options;
        failed = "";
      } catch (error) {
        if (own.signal.aborted) return;
        asked = null;
        failed = error.message;
      }
      render();
    }

    function toggle(value, on) {
      if (on) selected.add(value);
      else selected.delete(value);
      const known = options.map((o) => o.value).filter((v) => selected.has(v));
      const gone = [...selected].filter((v) => !known.includes(v));
      const now = [...known, ...gone];
      sent = JSON.stringify([...now].sort());
      const click = Page.ahead.choose(component.data.param, now);
      component.setTriggerValue("toggle", { codes: now, click });
    }

    function row(option) {
      const label = element("label", "option");
      const box = element("input");
      box.type = "checkbox";
      box.value = option.value;
      box.checked = selected.has(option.value);
      box.addEventListener("change", () => toggle(option.value, box.checked));
      label.append(box);
      if (option.kind) {
        const dot = element("i", `dot kind-${option.kind}`);
        dot.setAttribute("aria-hidden", "true");
        label.append(dot);
      }
      const name = element("span", "name", option.text);
      name.dir = "auto";
      name.title = option.text;
      const count = element("span", "count", option.count.toLocaleString("en"));
      count.setAttribute("aria-label", `${option.count} incidents`);
      if (!option.count && !box.checked) label.classList.add("none");
      label.append(name, count);
      return label;
    }

    function body() {
      const { top: least, note } = component.data;
      if (options === null) {
        if (failed) return [again()];
        return Array.from({ length: Math.min(least, 4) }, () => element("div", "waiting"));
      }
      const words = search.trim().toLocaleLowerCase();
      const found = options.filter((o) => o.text.toLocaleLowerCase().includes(words));
      const chosen = found.filter((o) => selected.has(o.value));
      const ordered = [...chosen, ...found.filter((o) => !selected.has(o.value))];
      const top = Math.max(least, chosen.length);
      const list = element("div", "choices");
      list.append(...(open || words ? ordered : ordered.slice(0, top)).map(row));
      if (!ordered.length) list.append(element("p", "quiet", words ? "No such name." : note));
      const parts = [list];
      if (options.length > top) {
        const more = element("button", "more", open ? "fewer" : `${options.length - top} more`);
        more.type = "button";
        more.setAttribute("aria-expanded", String(open));
        more.addEventListener("click", () => {
          open = !open;
          search = "";
          render();
          root.querySelector(open ? "input[type=search]" : "button.more")?.focus();
        });
        parts.push(more);
      }
      if (failed) parts.push(again());
      return parts;
    }

    function again() {
      const line = element("p", "quiet", `The counts could not be loaded: ${failed} `);
      const button = element("button", "again", "Try again");
      button.type = "button";
      button.addEventListener("click", load);
      line.append(button);
      return line;
    }

    const render = Page.steady(root, () => {
      const { label, top } = component.data;
      const focused = root.querySelector("input[type=checkbox]:focus")?.value;
      const inner = element("div", "list");
      inner.append(...body());
      const parts = [element("legend", "", label)];
      if (open && options && options.length > top) {
        const field = root.querySelector(".search") || element("input", "search");
        field.type = "search";
        field.placeholder = "Find in the list";
        field.setAttribute("aria-label", `Find in ${label}`);
        field.value = search;
        field.oninput = () => {
          search = field.value;
          root.querySelector(".list").replaceChildren(...body());
        };
        parts.push(field);
      }
      const typing = root.querySelector(".search:focus");
      root.replaceChildren(...parts, inner);
      typing?.focus();
      if (focused !== undefined) {
        [...root.querySelectorAll("input[type=checkbox]")]
          .find((box) => box.value === focused)
          ?.focus();
      }
    });

    return {
      update(next) {
        component = next;
        const given = JSON.stringify([...next.data.selected].sort());
        // A run that began before the last click knows an older choice: the hand is right.
        if (sent === null || sent === given) {
          sent = null;
          selected = new Set(next.data.selected);
        } else {
          const waiting = sent;
          setTimeout(() => {
            if (sent !== waiting) return;
            sent = null;
            selected = new Set(component.data.selected);
            render();
          }, 4000);
        }
        render();
        load();
      },
      destroy() {
        abort?.abort();
        root.remove();
      },
    };
  });
})();
