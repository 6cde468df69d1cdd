/* Lists by keyboard: ↑ and ↓ go from row to row, Enter opens (it is a link), Space chooses. Without this file Tab does it all. */
"use strict";
(() => {
  const typing = (where) => where.matches("input:not([type=checkbox]), textarea, select, [contenteditable]");
  for (const table of document.querySelectorAll("table[data-rows]")) {
    const links = [...table.querySelectorAll("tbody [data-row]")];
    if (!links.length) continue;
    const rowOf = (element) => links.findIndex((link) => link.closest("tr") === element.closest("tr"));
    document.addEventListener("keydown", (event) => {
      if (event.isComposing || event.keyCode === 229 || event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return;
      const here = document.activeElement, inside = table.contains(here), at = inside ? rowOf(here) : -1;
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        if (typing(here) || !(inside || here === document.body || here.id === "main" || here.contains(table))) return;
        const next = event.key === "ArrowDown" ? Math.min(at + 1, links.length - 1) : Math.max(at - 1, 0);
        event.preventDefault();
        links[next].focus();
      } else if (event.key === " " && inside && here.matches("[data-row]")) {
        const box = here.closest("tr").querySelector("input[type=checkbox]");
        if (!box) return;
        event.preventDefault();
        box.checked = !box.checked;
      }
    });
  }
})();
