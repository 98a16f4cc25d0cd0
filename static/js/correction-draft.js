// What is typed into a month's tables is kept at the server every few seconds; until it is, in this browser, for this person only.
(() => {
  "use strict";
  const form = document.querySelector("form.correction");
  if (!form) return;
  const words = form.querySelector("[data-words][hidden]").dataset;
  const state = form.querySelector("[data-state]");
  const base = form.elements.base.value;
  const local = form.dataset.local;
  const BREATH = 2000;
  const RETRY = 10000;
  let pending = {}; // texts not yet kept by the server, by name; null for one that is as the version has it
  let revision = Number(form.elements.revision.value);
  let alone = true; // no other window has kept anything that this one doesn't show
  let timer = 0;
  let sending = null;

  const isCell = (element) => element instanceof Element && element.matches(".correction-region :is(input, select)");
  const shownFirst = (field) => (field.options ? ([...field.options].find((option) => option.defaultSelected) || field.options[0]).value : field.defaultValue);
  const was = (field) => field.dataset.base ?? shownFirst(field);
  const say = (text, tone = "") => {
    state.className = `correction-said ${tone}`;
    state.textContent = text;
  };
  const remember = () => {
    try {
      if (Object.keys(pending).length) localStorage.setItem(local, JSON.stringify({ base, cells: pending }));
      else localStorage.removeItem(local);
    } catch {
      // A browser that keeps nothing: the server still does.
    }
  };
  const remembered = () => {
    try {
      return JSON.parse(localStorage.getItem(local) || "null");
    } catch {
      return null;
    }
  };
  const token = () => (document.cookie.match(/(?:^|; )csrftoken=([^;]+)/) || [])[1] || form.elements.csrfmiddlewaretoken.value;
  const post = (body, leaving = false) =>
    fetch(form.dataset.keep, {
      method: "POST",
      keepalive: leaving,
      headers: { "Content-Type": "application/json", "X-CSRFToken": token(), Accept: "application/json" },
      body: JSON.stringify({ revision, ...body }),
    });

  const signedOut = () => {
    say(`${words.signedOut} `, "tone-danger");
    const link = document.createElement("a");
    link.href = `${form.dataset.login}?next=${encodeURIComponent(location.pathname)}`;
    link.textContent = words.signIn;
    state.append(link);
  };
  const again = (text) => {
    say(text, "tone-warn");
    clearTimeout(timer);
    timer = setTimeout(keep, RETRY);
    return false;
  };

  // Sends what is pending; true once the server has it all.
  const send = async (leaving) => {
    const cells = { ...pending };
    if (!Object.keys(cells).length) return true;
    let response;
    try {
      response = await post({ base, cells }, leaving);
    } catch {
      return again(words.offline);
    }
    if (response.redirected) return void signedOut();
    if (!response.ok) return response.status < 500 ? void say(words.refused, "tone-danger") : again(words.offline);
    const answer = await response.json().catch(() => null);
    if (!answer) return void say(words.refused, "tone-danger");
    for (const name of Object.keys(cells)) if (pending[name] === cells[name]) delete pending[name];
    remember();
    revision = answer.revision;
    alone &&= !answer.overtaken;
    if (alone) form.elements.revision.value = revision;
    windows?.postMessage(revision);
    if (answer.stale) say(words.stale, "tone-warn");
    else if (answer.overtaken || !alone) say(words.elsewhere, "tone-warn");
    else say(words.kept.replace("{text}", answer.at));
    return Object.keys(pending).length === 0 || send(leaving);
  };
  const keep = (leaving = false) => {
    clearTimeout(timer);
    sending = (sending || Promise.resolve()).then(() => send(leaving === true));
    return sending;
  };

  form.addEventListener("input", (event) => {
    const field = event.target;
    if (!isCell(field)) return;
    pending[field.name] = field.value === was(field) ? null : field.value;
    remember();
    if (event.isTrusted) say(words.typing);
    clearTimeout(timer);
    timer = setTimeout(keep, BREATH);
  });
  addEventListener("online", () => keep());
  addEventListener("pagehide", () => keep(true));
  document.addEventListener("visibilitychange", () => document.hidden && keep(true));

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (!(await keep())) return; // said why, and still here
    form.elements.csrfmiddlewaretoken.value = token();
    form.submit();
  });
  document.querySelector("form[data-discard]").addEventListener("submit", () => {
    clearTimeout(timer);
    pending = {};
    remember();
  });

  const windows = "BroadcastChannel" in window ? new BroadcastChannel(local) : null;
  windows?.addEventListener("message", () => {
    alone = false;
    say(words.elsewhere, "tone-warn");
  });

  // After keep.js has put back what a switch of the language carried over.
  document.addEventListener("DOMContentLoaded", () => {
    const left = remembered();
    const texts = Object.entries(left?.cells || {});
    if (texts.length && left.base !== base) {
      post(left).then((response) => {
        if (response.redirected || !response.ok) return;
        localStorage.removeItem(local);
        location.reload();
      }, () => {});
      return;
    }
    let count = 0;
    for (const [name, text] of texts) {
      if (!form.elements[name]) form.dispatchEvent(new CustomEvent("row", { detail: name })); // of a register, added here
      const field = form.elements[name];
      const wanted = field && (text ?? was(field));
      if (!field || field.value === wanted) continue;
      field.value = wanted;
      count += 1;
    }
    for (const field of form.querySelectorAll(".correction-region :is(input, select)")) {
      if (field.value !== shownFirst(field)) field.dispatchEvent(new Event("input", { bubbles: true }));
    }
    if (count) form.querySelector("[data-said]").textContent = words.putBack.replace("{n}", count);
    else if (texts.length) remember();
  });
})();
