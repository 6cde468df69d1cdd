/* What the dispatchers' lists do beyond plain HTML; each of them works without this file. */
"use strict";
(() => {
  const bar = document.querySelector("[data-bulk]");
  const boxes = () => [...document.querySelectorAll("td.pick input")];
  const told = bar?.querySelector("[data-picked]");
  const tell = () => {
    const count = boxes().filter((box) => box.checked).length;
    if (told) told.textContent = count ? bar.dataset.countText.replace("{n}", count) : "";
  };
  if (bar) {
    document.addEventListener("change", (event) => { if (event.target.matches("td.pick input")) tell(); });
    // Arrows go from box to box; the space bar ticks, as it does in every browser.
    document.addEventListener("keydown", (event) => {
      if (!event.target.matches("td.pick input") || event.altKey || event.ctrlKey || event.metaKey) return;
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (!step) return;
      event.preventDefault();
      const all = boxes();
      all[all.indexOf(event.target) + step]?.focus();
    });
    bar.querySelector("[data-pick-all]").addEventListener("click", (event) => {
      event.preventDefault();
      const all = boxes(), tick = all.some((box) => !box.checked);
      all.forEach((box) => { box.checked = tick; });
      tell();
    });
    // A page gone back to shows its boxes as they were left.
    addEventListener("pageshow", tell);
  }

  /* ── the page for the leader on duty ── */
  const print = document.querySelector("[data-print]");
  if (print) { print.hidden = false; print.addEventListener("click", () => window.print()); }
})();
