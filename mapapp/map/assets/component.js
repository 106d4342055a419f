// What Streamlit gets as a component's script: it loads the page's own script once and hands over.
// Streamlit sends this text with every run, so it stays small; NAME is put in by `mapapp.ui.embed`.
export default async function (component) {
  const { script, style } = component.data;
  const root = component.parentElement;
  if (!root.querySelector("link")) {
    const link = document.createElement("link");
    link.rel = "stylesheet";
    link.href = style;
    root.append(link);
  }
  const key = "__incidentPage";
  globalThis[key] ??= new Promise((resolve, reject) => {
    const tag = document.createElement("script");
    tag.src = script;
    tag.onload = resolve;
    tag.onerror = () => {
      delete globalThis[key];
      reject(new Error("A part of the page could not be loaded. Reload the page."));
    };
    document.head.append(tag);
  });
  await globalThis[key];
  return globalThis.IncidentPage["NAME"](component);
}
