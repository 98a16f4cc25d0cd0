// A button that copies the text of a field, and says so; without a script the text is selected by hand.
for (const button of document.querySelectorAll("[data-copy]")) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    const field = document.getElementById(button.dataset.copy);
    const said = button.parentElement.querySelector("[data-copy-said]");
    field.select();
    try {
      await navigator.clipboard.writeText(field.value);
      said.textContent = button.dataset.copied;
    } catch {
      // No clipboard over plain HTTP: the older way still works there.
      said.textContent = document.execCommand("copy") ? button.dataset.copied : button.dataset.notCopied;
    }
  });
}
