// The officer's queue by single keys, and the months opened from it: what each key does stands on the page. None does an act by itself,
// and whoever doesn't want them switches them off for this browser (speech input types letters).
(() => {
  "use strict";
  const line = document.querySelector("[data-queue-keys]");
  if (!line) return;
  const OFF = "queue keys off";
  const rows = () => [...document.querySelectorAll("main .list tbody tr")];
  const typing = (place) => place instanceof Element && place.closest("input, textarea, select, [contenteditable]");

  const marked = () => document.querySelector("main .list tbody tr[aria-current]");
  const mark = (row) => {
    marked()?.removeAttribute("aria-current");
    row?.setAttribute("aria-current", "true");
  };
  const move = (by) => {
    const every = rows();
    const row = every[Math.min(Math.max(marked() ? every.indexOf(marked()) + by : 0, 0), every.length - 1)];
    if (!row) return;
    mark(row);
    row.querySelector("a").focus();
    row.scrollIntoView({ block: "nearest" });
  };
  const follow = (selector) => () => document.querySelector(selector)?.click();
  const goTo = (selector) => () => document.querySelector(selector)?.focus();
  const acts = {
    list: { j: () => move(1), k: () => move(-1), Enter: () => marked()?.querySelector("a").click() },
    package: {
      j: follow(".in-queue a[rel=next]"),
      k: follow(".in-queue a[rel=prev]"),
      a: goTo(".page-actions button[accesskey=a]"),
      r: goTo(".package .act textarea"),
    },
  }[line.dataset.queueKeys];

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || typing(event.target) || localStorage.getItem(OFF)) return;
    // What has the focus answers Enter itself.
    if (event.key === "Enter" && event.target !== document.body) return;
    // A key that is held down moves down a list, and skips no month.
    if (!Object.hasOwn(acts, event.key) || (event.repeat && line.dataset.queueKeys === "package")) return;
    event.preventDefault();
    acts[event.key]();
  });
  document.addEventListener("focusin", (event) => {
    const row = event.target.closest("main .list tbody tr");
    if (row) mark(row);
  });

  const show = () => {
    const off = Boolean(localStorage.getItem(OFF));
    line.querySelector("[data-keys]").hidden = off;
    const button = line.querySelector("button");
    button.textContent = off ? button.dataset.on : button.dataset.off;
  };
  line.querySelector("button").addEventListener("click", () => {
    if (localStorage.getItem(OFF)) localStorage.removeItem(OFF);
    else localStorage.setItem(OFF, "1");
    show();
  });
  line.hidden = false;
  show();
})();
