/* Copying an answer. On a page that is not served securely the browser's clipboard is closed: a selection is copied instead. */
"use strict";
(() => {
  const status = document.querySelector("[data-copy-status]");
  const bySelection = (source) => {
    const range = document.createRange(), selection = getSelection();
    range.selectNodeContents(source);
    selection.removeAllRanges();
    selection.addRange(range);
    return document.execCommand("copy");
  };
  document.querySelectorAll("[data-copy]").forEach((button) => button.addEventListener("click", async () => {
    const source = document.getElementById(button.dataset.copy);
    let done = false;
    try {
      await navigator.clipboard.writeText(source.textContent);
      done = true;
    } catch { done = bySelection(source); }
    if (done && status) status.textContent = button.dataset.copied;
  }));
})();
