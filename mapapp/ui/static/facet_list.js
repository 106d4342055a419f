// A list of filter options with the number of incidents each would leave, as check boxes.
// All words come from data and are set as text, never as markup.
//
// data: {label, options: [{value, text, count, kind}], selected: [value], top, note}
// trigger `toggle`: the new list of selected values, in the order of the options.

function element(tag, className, text) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

export default function (component) {
  const { data, parentElement, setTriggerValue } = component;
  const root = parentElement.querySelector(".facet");
  const keep = root._keep || (root._keep = { open: false, query: "" });
  const selected = new Set(data.selected);
  const focused = root.querySelector(":focus")?.value;

  function toggle(value, on) {
    if (on) selected.add(value);
    else selected.delete(value);
    const known = data.options.map((o) => o.value).filter((v) => selected.has(v));
    const gone = data.selected.filter((v) => selected.has(v) && !known.includes(v));
    setTriggerValue("toggle", [...known, ...gone]);
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

  function draw() {
    const query = keep.query.trim().toLocaleLowerCase();
    const found = data.options.filter((o) => o.text.toLocaleLowerCase().includes(query));
    const chosen = found.filter((o) => selected.has(o.value));
    const rest = found.filter((o) => !selected.has(o.value));
    const ordered = [...chosen, ...rest];
    const top = Math.max(data.top, chosen.length);
    const shown = keep.open || query ? ordered : ordered.slice(0, top);
    const list = element("div", "options");
    list.append(...shown.map(row));
    if (!shown.length) list.append(element("p", "quiet", query ? "No such name." : data.note));
    const parts = [list];
    if (data.options.length > top) {
      const more = element("button", "more");
      more.type = "button";
      more.textContent = keep.open ? "fewer" : `${data.options.length - top} more`;
      more.setAttribute("aria-expanded", String(keep.open));
      more.addEventListener("click", () => {
        keep.open = !keep.open;
        keep.query = "";
        render();
        root.querySelector(keep.open ? "input[type=search]" : "button.more")?.focus();
      });
      parts.push(more);
    }
    root.querySelector(".body").replaceChildren(...parts);
  }

  function render() {
    const legend = element("legend", "", data.label);
    const body = element("div", "body");
    const parts = [legend];
    if (keep.open && data.options.length > data.top) {
      const search = element("input", "search");
      search.type = "search";
      search.placeholder = "Find in the list";
      search.setAttribute("aria-label", `Find in ${data.label}`);
      search.value = keep.query;
      search.addEventListener("input", () => {
        keep.query = search.value;
        draw();
      });
      parts.push(search);
    }
    root.replaceChildren(...parts, body);
    draw();
  }

  render();
  if (focused !== undefined) {
    [...root.querySelectorAll("input[type=checkbox]")].find((box) => box.value === focused)?.focus();
  }
}
