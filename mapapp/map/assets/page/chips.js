/* The active filters as removable chips after the sentence that reads them, and "Clear all".
 * Serves the step "page ↔ map layer". Adds `chips` to globalThis.IncidentPage.
 *
 * data: {sentence, chips: [{id, text, token, adds}], clear: token or null}; a token is what the map
 * shows without the filter, or, of one that `adds`, with what it adds. Triggers: `remove` {chip, click},
 * `clear` {click}: see ahead.js. */
"use strict";
globalThis.IncidentPage.chips = globalThis.IncidentPage.mounted((first) => {
  const { ahead } = globalThis.IncidentPage;
  const root = first.parentElement.querySelector(".chips");
  let component = first;
  const draw = globalThis.IncidentPage.steady(root, () => {
    const { data } = component;
    const sentence = document.createElement("span");
    sentence.className = "sentence";
    sentence.dir = "auto";
    sentence.textContent = data.sentence;
    const parts = [sentence];
    for (const chip of data.chips) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "chip";
      const name = document.createElement("span");
      name.dir = "auto";
      name.textContent = chip.text;
      const cross = document.createElement("span");
      cross.textContent = "×";
      cross.setAttribute("aria-hidden", "true");
      button.append(name);
      button.title = chip.text;
      if (chip.adds) button.className = "adds";
      else {
        button.append(cross);
        button.setAttribute("aria-label", `Remove filter: ${chip.text}`);
      }
      button.addEventListener("click", () => {
        const click = ahead.turnTo(chip.token);
        component.setTriggerValue("remove", { chip: chip.id, click });
      });
      parts.push(button);
    }
    if (data.clear) {
      const clear = document.createElement("button");
      clear.type = "button";
      clear.className = "clear";
      clear.textContent = "Clear all";
      clear.addEventListener("click", () => {
        component.setTriggerValue("clear", { click: ahead.turnTo(data.clear) });
      });
      parts.push(clear);
    }
    root.replaceChildren(...parts);
  });
  return {
    update(next) {
      component = next;
      draw();
    },
    destroy: () => root.replaceChildren(),
  };
});
