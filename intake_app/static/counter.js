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
  // Sent twice counts once, by the key in the form: a line that broke, or a server in trouble, is simply tried again.
  const send = async (address, data, tries = 2) => {
    const ask = { method: "POST", body: data, headers: { "X-Part": "counter" } };
    try {
      const answer = await fetch(address, ask);
      if (answer.ok || answer.redirected || answer.status < 500) return answer;
      throw new Error(`status ${answer.status}`);
    } catch (problem) {
      if (!tries) throw problem;
      await new Promise((done) => setTimeout(done, 400));
      return send(address, data, tries - 1);
    }
  };
  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (!form.matches("#counter form[data-part]")) return;
    event.preventDefault();
    if (form.dataset.sent) return;
    form.dataset.sent = "1";
    const data = new FormData(form, event.submitter), place = [form.getAttribute("class"), event.submitter?.value];
    let answer;
    try { answer = await send(form.action, data); } catch {
      // Nobody answered: the page is not left for that, or what is half typed in it would have to be found again.
      delete form.dataset.sent;
      document.querySelector("#counter .counter-said").textContent = document.getElementById("kit-words")?.dataset.offline || "";
      return;
    }
    if (answer.ok && !answer.redirected) {
      document.getElementById("counter").outerHTML = await answer.text();
      focusAgain(...place);
      passing();
    } else {
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
