// The frame of every page by keys: / leads to the search box, Escape closes a menu, arrows move among menus and within one.
(() => {
  "use strict";
  const menus = () => [...document.querySelectorAll(".site-head details.menu")];
  const open = () => menus().find((menu) => menu.open);
  const links = (menu) => [...menu.querySelectorAll("a, button")];
  const typing = (place) => place.closest("input, textarea, select, [contenteditable]");

  const close = (menu, refocus) => {
    menu.open = false;
    if (refocus) menu.querySelector("summary").focus();
  };

  const step = (list, from, by) => list[(list.indexOf(from) + by + list.length) % list.length];

  const within = (event, menu) => {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!by) return false;
    menu.open = true;
    const reached = links(menu);
    const at = reached.indexOf(document.activeElement);
    (at < 0 ? reached[by > 0 ? 0 : reached.length - 1] : reached[(at + by + reached.length) % reached.length]).focus();
    return true;
  };

  const across = (event, menu) => {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!by || !menu.closest(".site-nav")) return false;
    const next = step([...document.querySelectorAll(".site-nav details.menu")], menu, by);
    const wasOpen = menu.open;
    close(menu, false);
    next.open = wasOpen;
    next.querySelector("summary").focus();
    return true;
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const menu = event.target.closest(".site-head details.menu");
    if (event.key === "/" && !typing(event.target)) {
      const box = document.getElementById("site-search");
      if (!box) return;
      event.preventDefault();
      box.focus();
      box.select();
    } else if (event.key === "Escape" && open()) {
      close(open(), Boolean(menu));
    } else if (menu && (within(event, menu) || across(event, menu))) {
      event.preventDefault();
    }
  });

  document.addEventListener("click", (event) => {
    for (const menu of menus()) if (menu.open && !menu.contains(event.target)) close(menu, false);
  });

  // Where a browser doesn't know that menus of one name exclude each other.
  document.addEventListener(
    "toggle",
    (event) => {
      if (!event.target.matches(".site-head details.menu") || !event.target.open) return;
      for (const menu of menus()) if (menu !== event.target && menu.open) close(menu, false);
    },
    true,
  );
})();
