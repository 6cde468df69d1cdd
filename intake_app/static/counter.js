/* What papers and the counter do beyond plain HTML; every page works without this file. */
"use strict";
(() => {
  /* A copy that was just counted goes to the printer at once; coming back to it or loading it again does not print it again. */
  const [arrival] = performance.getEntriesByType("navigation");
  if (document.querySelector("[data-print-now]") && arrival?.type === "navigate") addEventListener("load", () => setTimeout(print, 50));

  /* The bar of the counter changes without the form of a report being left: what is half typed stays as it is. */
  const passing = () => {
    const undo = document.querySelector("#counter [data-passes]");
    if (undo) setTimeout(() => undo.remove(), 60000);
  };
  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (!form.matches("#counter form[data-part]")) return;
    event.preventDefault();
    if (form.dataset.sent) return;
    form.dataset.sent = "1";
    const data = new FormData(form, event.submitter), place = [form.getAttribute("class"), event.submitter?.value];
    try {
      const answer = await fetch(form.action, { method: "POST", body: data, headers: { "X-Part": "counter" } });
      if (!answer.ok || answer.redirected) throw new Error(answer.status);
      document.getElementById("counter").outerHTML = await answer.text();
      focusAgain(...place);
      passing();
    } catch {
      const { name, value } = event.submitter || {};
      if (name) form.append(Object.assign(document.createElement("input"), { type: "hidden", name, value }));
      form.submit();
    }
  });
  /* The cursor stays where it was: on the same button, in the same box, or at the beginning of the bar. */
  const focusAgain = (name, value) => {
    const bar = document.getElementById("counter"), form = name && bar.querySelector(`form.${name.split(" ")[0]}`);
    const target = form && (form.querySelector(`button[value="${value}"]`) || form.querySelector("input:not([type=hidden])"));
    (target || bar.querySelector("button")).focus();
  };
  /* After F6 the digits 1 to 4 count at once; only while the cursor stands there, so that nothing typed elsewhere is taken. */
  document.addEventListener("keydown", (event) => {
    const group = event.target.closest?.("[data-digits]");
    if (!group || event.isComposing || event.ctrlKey || event.altKey || event.metaKey || !/^[1-9]$/.test(event.key)) return;
    const button = group.querySelectorAll("button")[event.key - 1];
    if (button) { event.preventDefault(); group.closest("form").requestSubmit(button); }
  });
  passing();
})();
