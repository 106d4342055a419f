// Incidents in dispute as a table: a heading sorts, a title opens its incident.
// All words come from data and are set as text, never as markup.
//
// data: {columns: [{key, text, number, help}], rows: [{id, title, when, where, reasons,
//        <key>: {text, value}}], sorted: {key, descending}}
// triggers `open`: the id of a row; `order`: the key of the column to rank by, so that the link
// has it and the first rows are the first of all.

function element(tag, className, text) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

export default function (component) {
  const { data, parentElement, setTriggerValue } = component;
  const root = parentElement.querySelector(".ranked");
  // Another order asked of the server takes the place of what was sorted here.
  const asked = JSON.stringify(data.sorted);
  if (root._asked !== asked) {
    root._asked = asked;
    root._sorted = { ...data.sorted };
  }

  function compare(a, b) {
    const { key, descending } = root._sorted;
    const [x, y] = [a[key]?.value ?? null, b[key]?.value ?? null];
    if (x === null || y === null) return (x === null) - (y === null);
    const order = typeof x === "number" ? x - y : String(x).localeCompare(String(y));
    return descending ? -order : order;
  }

  function heading(column) {
    const cell = element("th", className(column));
    cell.scope = "col";
    const own = root._sorted.key === column.key;
    cell.setAttribute("aria-sort", own ? (root._sorted.descending ? "descending" : "ascending") : "none");
    const button = element("button", "", column.text + (own ? (root._sorted.descending ? " ▾" : " ▴") : ""));
    button.type = "button";
    button.title = column.help;
    button.addEventListener("click", () => {
      root._sorted = { key: column.key, descending: own ? !root._sorted.descending : column.number };
      draw();
      if (!own) setTriggerValue("order", column.key);
      [...root.querySelectorAll("th button")].find((b) => b.textContent.startsWith(column.text))?.focus();
    });
    cell.append(button);
    return cell;
  }

  function className(column) {
    if (column.key === "subjects") return "reasons";
    return column.number ? "number" : "";
  }

  function row(entry) {
    const line = element("tr");
    const name = element("th");
    name.scope = "row";
    const open = element("button", "open", entry.title);
    open.type = "button";
    open.dir = "auto";
    name.append(open, element("span", "quiet", `${entry.when} · ${entry.where}`));
    line.append(name);
    line.addEventListener("click", () => {
      // Who marks words to copy them opens nothing.
      if (String(getSelection()) === "") setTriggerValue("open", entry.id);
    });
    for (const column of data.columns.slice(1)) {
      const cell = element("td", className(column));
      if (column.key === "subjects") {
        const reasons = element("ul");
        for (const [what, why] of entry.reasons) {
          const item = element("li");
          const words = element("span", "", `: ${why}`);
          words.dir = "auto";
          item.append(element("strong", "", what), words);
          reasons.append(item);
        }
        cell.append(reasons);
      } else {
        cell.textContent = entry[column.key]?.text ?? "–";
        cell.dataset.label = column.text;
        if ((entry[column.key]?.value ?? null) === null) cell.dataset.empty = "";
      }
      line.append(cell);
    }
    return line;
  }

  function draw() {
    const table = element("table");
    const head = element("thead");
    const names = element("tr");
    names.append(...data.columns.map(heading));
    head.append(names);
    const body = element("tbody");
    body.append(...[...data.rows].sort(compare).map(row));
    table.append(head, body);
    root.replaceChildren(table);
  }

  draw();
}
