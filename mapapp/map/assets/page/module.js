/* What a component's stub imports of the page's script: the way in, by the part's name.
 * Serves the step "page ↔ map layer"; the last part of page.js, which it makes a module. */

/** Mounts a part of `IncidentPage` in a component, with the page's style beside it. */
export function mount(name, component) {
  const root = component.parentElement;
  if (!root.querySelector("link")) {
    const link = document.createElement("link");
    link.rel = "stylesheet";
    link.href = component.data.style;
    root.append(link);
  }
  return globalThis.IncidentPage[name](component);
}
