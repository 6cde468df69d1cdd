/* What the pages of lists, calls and conflicts do beyond plain HTML; each of them works without this file. */
"use strict";
(() => {
  const typing = (target) => target.matches("input:not([type=radio]):not([type=checkbox]), textarea, select");
  const busy = (event) => event.isComposing || event.keyCode === 229 || event.altKey || event.ctrlKey || event.metaKey;

  /* ── the view chosen stands in sight where the views do not fit the window ── */
  const here = document.querySelector(".tabs [aria-current]"), row = here?.closest("ul");
  if (row && row.scrollWidth > row.clientWidth) row.scrollLeft = here.offsetLeft - row.offsetLeft - 24;

  /* ── filters stay folded on a narrow screen until they are asked for ── */
  const unfold = document.querySelector("[data-unfolds]");
  unfold?.addEventListener("click", () => {
    const open = unfold.getAttribute("aria-expanded") !== "true";
    unfold.setAttribute("aria-expanded", String(open));
    if (open) document.getElementById(unfold.getAttribute("aria-controls")).querySelector("select, input:not([type=hidden])").focus();
  });

  /* ── people to call: arrows go from one to the next, digits record the result of the one in focus ── */
  const people = document.querySelector("[data-people]");
  people?.addEventListener("keydown", (event) => {
    const person = event.target.closest(".callee");
    if (!person || busy(event) || typing(event.target)) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      const next = event.key === "ArrowDown" ? person.nextElementSibling : person.previousElementSibling;
      if (next) { event.preventDefault(); next.focus(); }
      return;
    }
    // Only while the person itself has the focus: a digit never acts from anywhere else on the page.
    const button = event.target === person && person.querySelector(`[data-digit="${event.key}"]`);
    if (button) { event.preventDefault(); button.form.requestSubmit(button); }
  });

  // Whoever types another value means it.
  document.querySelectorAll(".besides .form-control, .besides .form-select").forEach((field) => field.addEventListener("input", () => {
    field.closest(".besides").querySelector("input[value=value]").checked = true;
  }));

  /* ── the conflict card: all of one side at once ── */
  document.querySelectorAll("[data-all]").forEach((button) => button.addEventListener("click", (event) => {
    event.preventDefault();
    document.querySelectorAll(".contest").forEach((field) => {
      const radio = field.querySelector(`[data-side="${button.dataset.all}"]`);
      if (radio) radio.checked = true;
    });
  }));
})();
