// A month's tables as a sheet: arrows and Enter move, a block copied from a spreadsheet is spread from the focused cell, and undone.
(() => {
  "use strict";
  const COLUMNS = ["item", "label", "measure", "value", "how", "source", "evidence", "remarks"];
  const form = document.querySelector("form.correction");
  if (!form) return;
  const words = form.querySelector("[data-words][hidden]").dataset;
  const said = form.querySelector("[data-said]");
  const undoButton = form.querySelector("[data-undo]");
  const names = JSON.parse(document.getElementById("correction-names").textContent);
  const done = []; // what pasting changed: lists of [field, text before]
  let lastWasPaste = false;

  const plain = (text) => text.normalize("NFKC").toLowerCase().replace(/\s+/g, "");
  const column = (field) => field.name.slice(field.name.lastIndexOf(":") + 1);
  const fieldOf = (row, name) => row.querySelector(`[name$=":${name}"]`);
  const isCell = (element) => element instanceof Element && element.matches(".correction-region :is(input, select)");
  // A register's columns are its own; the tables of data share theirs.
  const columnsOf = (table) => table.dataset.columns?.trim().split(" ") ?? COLUMNS;
  const rowsOf = (field) => [...field.closest("section").querySelectorAll("tbody tr:not(.said)")];
  const isData = (row) => row.id !== "";
  const filledIn = (text, n, what = "") => text.replace("{n}", n).replace("{text}", what);

  // ---- what is changed
  const shownFirst = (field) => (field.options ? ([...field.options].find((option) => option.defaultSelected) || field.options[0]).value : field.defaultValue);
  const base = (field) => field.dataset.base ?? shownFirst(field);
  const mark = (field) => field.parentElement.classList.toggle("changed", field.value !== base(field));
  const put = (field, text) => {
    field.value = text;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  };
  const say = (texts, tone = "") => {
    said.className = `correction-said ${tone}`;
    said.textContent = texts.filter(Boolean).join(" ");
  };

  // ---- moving
  const goTo = (field) => {
    if (!field) return;
    for (let part = field.closest("details"); part; part = part.parentElement.closest("details")) part.open = true;
    field.focus();
    if (field.select) field.select();
  };
  const vertically = (field, step) => {
    const rows = rowsOf(field).filter(isData);
    for (let at = rows.indexOf(field.closest("tr")) + step; rows[at]; at += step) {
      const found = fieldOf(rows[at], column(field));
      if (found) return goTo(found);
    }
  };
  const sideways = (field, step) => {
    const cells = [...field.closest("tr").querySelectorAll("input, select")];
    goTo(cells[cells.indexOf(field) + step]);
  };
  const atEdge = (field, step) => field.selectionStart === field.selectionEnd && field.selectionStart === (step < 0 ? 0 : field.value.length);

  form.addEventListener("keydown", (event) => {
    const field = event.target;
    if (!isCell(field) || event.isComposing || event.altKey) return;
    const typing = field.tagName === "INPUT";
    const vertical = { Enter: event.shiftKey ? -1 : 1, ArrowDown: typing && 1, ArrowUp: typing && -1 }[event.key];
    const horizontal = { ArrowRight: typing && 1, ArrowLeft: typing && -1 }[event.key];
    if (vertical) {
      event.preventDefault(); // Enter would send the form
      vertically(field, vertical);
    } else if (horizontal && !event.shiftKey && atEdge(field, horizontal)) {
      event.preventDefault();
      sideways(field, horizontal);
    } else if (event.key === "z" && (event.ctrlKey || event.metaKey) && lastWasPaste) {
      event.preventDefault();
      undo();
    }
  });

  // ---- pasting
  const parsed = (text) => {
    // As spreadsheets copy: tabs and line ends, a cell that holds such in quotation marks, which are doubled inside.
    const cell = /(?:"((?:[^"]|"")*)"|([^\t\n]*))(\t|\n|$)/y;
    const block = [[]];
    const whole = text.replace(/\r\n?/g, "\n").replace(/\n$/, "");
    while (cell.lastIndex <= whole.length) {
      const match = cell.exec(whole);
      if (!match) break;
      block[block.length - 1].push((match[1] === undefined ? match[2] : match[1].replaceAll('""', '"')).replace(/\s+/g, " ").trim());
      if (match[3] === "") break;
      if (match[3] === "\n") block.push([]);
    }
    return block;
  };
  const isHeading = (row, cells) => {
    const texts = cells.filter(Boolean).map(plain);
    return texts.length === 0 || (row.dataset.words && plain(row.dataset.words).includes(texts[0]));
  };
  const option = (select, text) => {
    const wanted = plain(text);
    const named = (code) => (names[code] || []).map(plain);
    const fits = (code) => plain(code) === wanted || named(code).includes(wanted) || named(code).some((one) => named(code).some((other) => one + other === wanted));
    return [...select.options].find((one) => one.value && (fits(one.value) || plain(one.text) === wanted));
  };
  // ---- the rows of a register
  const addRow = (table) => {
    const rows = [...table.querySelectorAll("tbody tr[data-record]")];
    if (rows.length >= Number(table.dataset.most)) return null;
    const last = rows[rows.length - 1];
    const row = last.cloneNode(true);
    const [before, now] = [rows.length, rows.length + 1];
    const key = table.dataset.register;
    row.id = `${key}-${now}`;
    row.dataset.record = `${key}/${now}`;
    row.querySelector(".number").textContent = now;
    row.querySelector(".number").id = `n-${row.id}`;
    const remove = row.querySelector("[data-remove]");
    for (const name of ["aria-label", "title"]) remove.setAttribute(name, remove.getAttribute(name).replace(before, now));
    for (const field of row.querySelectorAll("input, select")) {
      field.name = field.name.replace(`/${before}:`, `/${now}:`);
      field.setAttribute("aria-labelledby", field.getAttribute("aria-labelledby").replace(last.id, row.id));
      for (const name of ["aria-describedby", "aria-invalid", "autofocus", "data-base"]) field.removeAttribute(name);
      if (field.options) for (const each of field.options) each.defaultSelected = each.value === "";
      else field.defaultValue = "";
      field.value = "";
      field.parentElement.classList.remove("changed");
    }
    row.querySelector(".computed").textContent = "";
    table.tBodies[0].append(row);
    return row;
  };
  const removeRow = (row) => {
    const changes = [...row.querySelectorAll("input, select")].filter((field) => field.value !== "");
    done.push(changes.map((field) => [field, field.value]));
    changes.forEach((field) => put(field, ""));
    lastWasPaste = true;
    undoButton.hidden = false;
    say([filledIn(words.removed, row.querySelector(".number").textContent)]);
  };
  form.addEventListener("row", (event) => {
    const [, key, number] = event.detail.match(/^([a-z]+)\/([0-9]+):/) || [];
    const table = key && form.querySelector(`table[data-register="${key}"]`);
    while (table && table.querySelectorAll("tr[data-record]").length < Number(number) && addRow(table));
  });
  form.querySelectorAll("[data-add], [data-remove]").forEach((button) => (button.hidden = false));
  form.addEventListener("click", (event) => {
    if (!(event.target instanceof Element)) return;
    if (event.target.matches("[data-remove]")) removeRow(event.target.closest("tr"));
    if (event.target.matches("[data-add]")) {
      const row = addRow(form.querySelector(`table[data-register="${event.target.dataset.add}"]`));
      if (row) goTo(row.querySelector("input, select"));
      else event.target.disabled = true;
    }
  });

  const misfits = (row, name, text) => {
    if (name === "measure") return plain(row.dataset.measure) !== plain(text);
    const label = plain(row.dataset.words);
    return !label.startsWith(plain(text)) && !label.endsWith(plain(text));
  };

  // What a block would change: [field, text] each, and what can't be placed.
  const planned = (block, field) => {
    const rows = rowsOf(field);
    const table = field.closest("table");
    const columns = columnsOf(table);
    const first = columns.indexOf(column(field));
    const plan = { changes: [], locked: 0, beyond: 0, unknown: [], misfit: null };
    let at = rows.indexOf(field.closest("tr"));
    block.forEach((cells, number) => {
      while (rows[at] && !isData(rows[at])) {
        at += 1;
        if (isHeading(rows[at - 1], cells)) return;
      }
      if (!rows[at] && table.dataset.register) rows[at] = addRow(table);
      if (!rows[at]) return void (plan.beyond += 1);
      cells.forEach((text, offset) => place(plan, rows[at], columns[first + offset], text, number + 1));
      at += 1;
    });
    return plan;
  };
  const place = (plan, row, name, text, number) => {
    if (!text) return;
    if (name === "label" || name === "measure") {
      if (misfits(row, name, text)) plan.misfit ??= [number, text];
      return;
    }
    const field = name && fieldOf(row, name);
    if (!field) return void (plan.locked += 1);
    if (!field.options) return void plan.changes.push([field, text]);
    const found = option(field, text);
    if (found) plan.changes.push([field, found.value]);
    else plan.unknown.push(text);
  };

  form.addEventListener("paste", (event) => {
    const field = event.target;
    if (!isCell(field)) return;
    const text = event.clipboardData.getData("text/plain");
    if (!/[\t\n]/.test(text.trimEnd()) && !field.options) return; // one cell: the browser's own way
    event.preventDefault();
    const plan = planned(parsed(text), field);
    if (plan.misfit) return say([filledIn(words.misfit, ...plan.misfit)], "tone-danger");
    const changes = plan.changes.filter(([cell, value]) => cell.value !== value);
    done.push(changes.map(([cell]) => [cell, cell.value]));
    changes.forEach(([cell, value]) => put(cell, value));
    lastWasPaste = true;
    undoButton.hidden = false;
    say(
      [
        filledIn(words.filled, plan.changes.length),
        plan.locked ? filledIn(words.computed, plan.locked) : "",
        plan.unknown.length ? filledIn(words.unknown, plan.unknown.length, plan.unknown[0]) : "",
        plan.beyond ? filledIn(words.beyond, plan.beyond) : "",
      ],
      plan.locked || plan.unknown.length || plan.beyond ? "tone-warn" : "",
    );
  });

  const undo = () => {
    const changes = done.pop() || [];
    changes.forEach(([cell, text]) => put(cell, text));
    lastWasPaste = done.length > 0;
    undoButton.hidden = done.length === 0;
    say([filledIn(words.undone, changes.length)]);
  };
  undoButton.addEventListener("click", undo);

  // ---- what the control plan fixed for a missing value
  form.addEventListener("click", (event) => {
    const button = event.target instanceof Element && event.target.closest("button[name=estimate]");
    if (!button) return;
    event.preventDefault();
    const row = form.querySelector(`[name="${button.value}:value"]`).closest("tr");
    const changes = ["value", "how", "source"].map((name) => [fieldOf(row, name), button.dataset[name]]).filter(([field, text]) => field && text !== undefined);
    done.push(changes.map(([field]) => [field, field.value]));
    changes.forEach(([field, text]) => put(field, text));
    lastWasPaste = true;
    undoButton.hidden = false;
    say([words.estimated]);
    goTo(fieldOf(row, "value"));
  });
  const offerOf = (row) => (row.nextElementSibling?.matches(".offered") ? row.nextElementSibling : null);
  const showOffer = (field) => {
    const offer = column(field) === "value" && offerOf(field.closest("tr"));
    if (offer) offer.hidden = field.value.trim() !== "";
  };
  // An offer is of one fuel or material: of another one the page must be loaded anew to know it.
  const dropOffers = (choice) => {
    const rows = [choice.closest("tr"), ...[...form.querySelectorAll(`[data-of="${choice.id}"]`)].map((name) => name.closest("tr"))];
    rows.forEach((row) => offerOf(row)?.remove());
  };

  form.addEventListener("input", (event) => {
    if (!isCell(event.target)) return;
    mark(event.target);
    showOffer(event.target);
    if (event.target.id) dropOffers(event.target);
    if (event.target.id) form.querySelectorAll(`[data-of="${event.target.id}"]`).forEach((name) => (name.textContent = event.target.selectedOptions[0].text));
    if (event.isTrusted) lastWasPaste = false;
  });

  // ---- sections: where there is room those in which something stands are open (all of them where nothing does yet), on a phone those
  // that are worked on; a link to a section opens it, one to a finding leads to its cell
  const sections = [...form.querySelectorAll("details:is(.correction-section, .correction-slot)")];
  const openAll = form.querySelector("[data-open-all]");
  const openEvery = () => sections.forEach((section) => (section.open = true));
  const toFinding = () => {
    const found = location.hash.startsWith("#finding-") && document.getElementById(location.hash.slice(1));
    const row = found && found.closest("tr.said");
    if (!row) return;
    const said = row.querySelector("td").id;
    goTo([...form.querySelectorAll(`[aria-describedby="${said}"]`)][0]);
  };
  const withRows = sections.filter((section) => "hasRows" in section.dataset);
  if (matchMedia("(min-width: 48.01rem)").matches) withRows.length ? withRows.forEach((section) => (section.open = true)) : openEvery();
  openAll.hidden = sections.every((section) => section.open);
  openAll.addEventListener("click", openEvery);
  form.querySelector(".correction-index").addEventListener("click", (event) => {
    const link = event.target.closest("a");
    if (!link) return;
    const aim = document.getElementById(link.hash.slice(1));
    if (aim instanceof HTMLDetailsElement) aim.open = true;
    const list = link.closest("details");
    if (list) list.open = false;
  });
  addEventListener("hashchange", toFinding);
  document.addEventListener("DOMContentLoaded", () => {
    form.querySelectorAll("[data-base]").forEach(mark);
  });
  addEventListener("load", () => setTimeout(toFinding)); // after the browser has gone to the fragment itself, which takes the focus away
})();
