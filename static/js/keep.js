// What was typed survives a switch of the language: kept for this tab while the page is fetched anew, then put back.
(() => {
  "use strict";
  const key = "typed " + location.pathname + location.search;
  const switcher = "form.language";
  const fields = () =>
    [...document.querySelectorAll("main form[method=post]:not(.language) :is(input, select, textarea)[name]")].filter(
      (field) => !["hidden", "password", "file", "submit", "button"].includes(field.type),
    );
  const state = (field) => {
    if (field.multiple && field.options) return [...field.options].map((option) => option.selected);
    return ["checkbox", "radio"].includes(field.type) ? field.checked : field.value;
  };
  const put = (field, value) => {
    if (Array.isArray(value)) value.forEach((on, place) => field.options[place] && (field.options[place].selected = on));
    else if (typeof value === "boolean") field.checked = value;
    else field.value = value;
  };

  document.addEventListener("submit", (event) => {
    if (!event.target.matches(switcher)) return;
    sessionStorage.setItem(key, JSON.stringify(fields().map((field) => [field.name, state(field)])));
  });

  document.addEventListener("DOMContentLoaded", () => {
    const kept = JSON.parse(sessionStorage.getItem(key) || "null");
    sessionStorage.removeItem(key);
    if (!kept) return;
    fields().forEach((field, place) => kept[place] && kept[place][0] === field.name && put(field, kept[place][1]));
  });
})();
