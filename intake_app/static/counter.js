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
  /* Each press has a key of its own, made here, and keeps it until somebody has answered: pressed again after a silence it is
     the same call, so that it counts once whether the first try had arrived or not. */
  const WAIT_MS = 8000, TRIES = 3;
  const unanswered = new Map();
  const keyOf = (press) => {
    const random = () => [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    if (!unanswered.has(press)) unanswered.set(press, random());
    return unanswered.get(press);
  };
  const send = async (address, body) => {
    for (let left = TRIES; ; ) {
      try {
        const answer = await fetch(address, {
          method: "POST", body, redirect: "manual", headers: { "X-Part": "counter", Accept: "application/json" }, signal: AbortSignal.timeout(WAIT_MS),
        });
        if (answer.status < 500 || !--left) return answer;
      } catch (silence) { if (!--left) throw silence; }
      await new Promise((done) => setTimeout(done, 400));
    }
  };
  /* What could not be done is told in the bar. The page is never left for it: what is half typed would have to be found again. */
  const tell = (text) => { document.querySelector("#counter .counter-said").textContent = text; };
  const refusal = async (answer) => (await answer.json().catch(() => ({}))).message || document.getElementById("counter").dataset.refused;
  const sent = async (form, button) => {
    const place = [form.getAttribute("class"), button?.value], data = new FormData(form, button);
    // What was typed beside the button belongs to the press: other words are somebody else in the line.
    const press = JSON.stringify([form.action, button?.value, data.get("words")]);
    data.set("key", keyOf(press));
    try {
      const answer = await send(form.action, data);
      if (answer.status < 500) unanswered.delete(press);
      if (!answer.ok) { tell(await refusal(answer)); return; }
      const answered = await answer.text(), words = form.matches(".counter-join") ? "" : document.getElementById("counter-words").value;
      document.getElementById("counter").outerHTML = answered;
      document.getElementById("counter-words").value = words;
      focusAgain(...place);
      passing();
    } catch { tell(document.getElementById("counter").dataset.silent); }
  };
  let busy = false;
  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (!form.matches("#counter form[data-part]")) return;
    event.preventDefault();
    if (busy) return;
    busy = true;
    await sent(form, event.submitter);
    busy = false;
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
