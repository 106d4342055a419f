/* The table of incidents: a page of rows at a time from /data/table, in the order the reader asks for.
 * Serves the step "page ↔ map layer". Adds `incident_table` to globalThis.IncidentPage.
 *
 * A real table: read by a screen reader, selected, printed. The server puts all rows in order, so
 * that the first are the first of the whole selection. All words are set as text, never as markup.
 * data: {query, data_url, selected: id or null, total, sort: "killed" or "-killed" (from its high
 * end), report: address of a report or null}
 * triggers `open`: the id of the incident whose row was chosen, "" to close it; `sort`: the order
 * that the reader asks for, so that the link has it. */
"use strict";
globalThis.IncidentPage.incident_table = (function () {
  const Page = globalThis.IncidentPage;
  const KEEP = "incident-table-all-columns";

  function element(tag, className, text) {
    const made = document.createElement(tag);
    if (className) made.className = className;
    if (text !== undefined && text !== null) made.textContent = text;
    return made;
  }

  return Page.mounted((first) => {
    const root = element("div", "incidents");
    first.parentElement.querySelector(".incident_table").append(root);
    let component = first;
    let answer = null; // {columns, rows, next}
    let asked = null;
    let abort = null;
    let failed = "";
    let order = { by: "date", down: true };
    let told = null; // the order that the page said last
    let sent = null; // the order that it was told and has not said yet
    let wide = false;
    try {
      wide = sessionStorage.getItem(KEEP) === "1";
    } catch {
      // a browser without storage forgets it
    }

    const address = (after = "") => {
      const { data_url: base, query } = component.data;
      const own = `order=${order.by}&desc=${order.down ? 1 : 0}` + (after && `&after=${after}`);
      return `${base}/table?${query ? query + "&" : ""}${own}`;
    };

    async function load(after = "") {
      const now = address(after);
      if (now === asked) return;
      asked = now;
      abort?.abort();
      const own = (abort = new AbortController());
      try {
        const page = await Page.askJson(now, own.signal);
        answer = after ? { ...page, rows: [...answer.rows, ...page.rows] } : page;
        failed = "";
      } catch (error) {
        if (own.signal.aborted) return;
        asked = null;
        failed = error.message;
      }
      if (!after) root.querySelector(".scroll")?.scrollTo(0, 0);
      render();
    }

    const written = () => (order.down ? "-" : "") + order.by;

    // What the reader asked for meanwhile stands until the page has caught up.
    function hear(sort) {
      if (sort === told) return;
      told = sort;
      if (sent !== null && sent !== sort) return;
      sent = null;
      order = { by: sort.replace("-", ""), down: sort.startsWith("-") };
    }

    function sortBy(column) {
      // A number or a day is most often wanted from its high end, a name from its beginning.
      const firstDown = column.number || ["date", "killed", "wounded"].includes(column.order);
      order =
        order.by === column.order
          ? { by: order.by, down: !order.down }
          : { by: column.order, down: firstDown };
      sent = written();
      component.setTriggerValue("sort", sent);
      load();
      render();
    }

    function heading(column) {
      const cell = element("th");
      cell.scope = "col";
      if (column.number) cell.className = "number";
      if (column.help) cell.title = column.help;
      if (!column.order) {
        cell.textContent = column.name;
        return cell;
      }
      const current = order.by === column.order;
      const button = element("button", "", column.name);
      button.type = "button";
      button.dataset.column = column.name;
      if (current) button.append(element("span", "arrow", order.down ? " ↓" : " ↑"));
      button.addEventListener("click", () => sortBy(column));
      if (current) cell.setAttribute("aria-sort", order.down ? "descending" : "ascending");
      cell.append(button);
      return cell;
    }

    // Where the owner has set no address the panel says what to tell and whom.
    function reporting(id) {
      const { report } = component.data;
      const cell = element("td", "wrong");
      cell.dataset.label = "Wrong?";
      const way = element(report ? "a" : "button", "act", "⚑");
      way.title = "This is wrong: report it with the record's id";
      way.setAttribute("aria-label", `This is wrong: ${id}`);
      if (report) {
        way.href = report.replaceAll("%7Brecord%7D", encodeURIComponent(id));
        if (!report.startsWith("mailto:")) [way.target, way.rel] = ["_blank", "noopener noreferrer"];
        way.addEventListener("click", (event) => event.stopPropagation());
      } else {
        way.type = "button";
      }
      cell.append(way);
      return cell;
    }

    function row(values, shown, idAt) {
      const id = values[idAt];
      const line = element("tr");
      line.dataset.incident = id;
      const selected = id === component.data.selected;
      if (selected) line.setAttribute("aria-selected", "true");
      const open = () => component.setTriggerValue("open", selected ? "" : id);
      shown.forEach((at, place) => {
        const value = values[at];
        const cell = element("td");
        if (answer.columns[at].number) cell.className = "number";
        cell.dataset.label = answer.columns[at].name;
        const text = typeof value === "number" ? value.toLocaleString("en") : (value ?? "");
        if (place === 0) {
          const button = element("button", "open", text);
          button.type = "button";
          button.setAttribute("aria-expanded", String(selected));
          cell.append(button);
        } else {
          cell.dir = "auto";
          cell.append(element("span", "", text));
          cell.title = text;
        }
        line.append(cell);
      });
      line.append(reporting(id));
      line.addEventListener("click", () => {
        // Who marks words to copy them opens nothing.
        if (String(getSelection()) === "") open();
      });
      return line;
    }

    function table() {
      const { columns, rows } = answer;
      const shown = columns.map((_, at) => at).filter((at) => wide || columns[at].first);
      const idAt = columns.findIndex((column) => column.name === "Record");
      const made = element("table");
      made.append(element("caption", "unseen", "Incidents of the selection; a row opens one"));
      const head = element("thead");
      const line = element("tr");
      const last = element("th");
      last.scope = "col";
      last.append(element("span", "unseen", "Corrections"));
      line.append(...shown.map((at) => heading(columns[at])), last);
      head.append(line);
      const body = element("tbody");
      body.append(...rows.map((values) => row(values, shown, idAt)));
      made.append(head, body);
      return made;
    }

    function foot() {
      const { total } = component.data;
      const line = element("div", "foot");
      const number = answer.rows.length.toLocaleString("en");
      const all = Math.max(total, answer.rows.length).toLocaleString("en");
      const rows = `${answer.next ? `${number} of ${all}` : number} ${number === "1" ? "row" : "rows"}`;
      line.append(element("span", "quiet", rows));
      if (answer.next) {
        const more = element("button", "act", "Show more");
        more.type = "button";
        more.addEventListener("click", () => load(answer.next));
        line.append(more);
      }
      const all_columns = element("button", "act", wide ? "Fewer columns" : "All columns");
      all_columns.type = "button";
      all_columns.setAttribute("aria-pressed", String(wide));
      all_columns.addEventListener("click", () => {
        wide = !wide;
        try {
          sessionStorage.setItem(KEEP, wide ? "1" : "0");
        } catch {
          // as above
        }
        render();
      });
      line.append(all_columns);
      return line;
    }

    function fault() {
      const line = element("p", "fault", `The table could not be loaded: ${failed} `);
      line.setAttribute("role", "alert");
      const again = element("button", "act", "Try again");
      again.type = "button";
      again.addEventListener("click", () => load());
      line.append(again);
      return line;
    }

    const render = Page.steady(root, () => {
      const parts = failed ? [fault()] : [];
      const held = root.querySelector(".scroll");
      const [left, top] = held ? [held.scrollLeft, held.scrollTop] : [0, 0];
      const focus = root.querySelector(":focus");
      const focused = focus?.dataset.column || focus?.closest("tr")?.dataset.incident;
      if (answer) {
        const scroll = element("div", "scroll");
        scroll.tabIndex = 0;
        scroll.setAttribute("role", "region");
        scroll.setAttribute("aria-label", "Table of incidents");
        if (answer.rows.length) scroll.append(table());
        else scroll.append(element("p", "quiet", "No incident in this selection."));
        parts.push(scroll, foot());
      } else if (!failed) {
        parts.push(element("div", "waiting"));
      }
      root.replaceChildren(...parts);
      root.querySelector(".scroll")?.scrollTo(left, top);
      if (focused) {
        [...root.querySelectorAll("th button, td .open")]
          .find((b) => b.dataset.column === focused || b.closest("tr")?.dataset.incident === focused)
          ?.focus();
      }
    });

    return {
      update(next) {
        component = next;
        hear(next.data.sort);
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
