// A file field in the page's language: the browser's own control speaks the browser's. It stays the field that is focused and dropped on.
(() => {
  "use strict";
  const said = (box, files) => {
    const names = [...files].map((file) => file.name).join(", ");
    if (files.length < 2) return names || box.dataset.none;
    return box.dataset.many.replace("{n}", files.length).replace("{names}", names);
  };
  const serve = (box) => {
    const field = box.querySelector("input[type=file]");
    const name = box.querySelector(".file-drop-name");
    const tell = () => {
      name.textContent = said(box, field.files);
      box.classList.toggle("chosen", field.files.length > 0);
    };
    box.classList.add("scripted");
    box.querySelectorAll(".file-drop-button, .file-drop-name").forEach((part) => (part.hidden = false));
    field.addEventListener("change", tell);
    field.form?.addEventListener("reset", () => setTimeout(tell));
    for (const over of ["dragenter", "dragover"]) box.addEventListener(over, () => box.classList.add("over"));
    for (const gone of ["dragleave", "drop"]) box.addEventListener(gone, () => box.classList.remove("over"));
    tell();
  };
  document.addEventListener("DOMContentLoaded", () => document.querySelectorAll(".file-drop").forEach(serve));
})();
