/* Changes, notes and steps are kept on this computer's own server while they are typed, and put back here: the browser, which
   others use too, keeps nothing of them. Without this file a form is sent as any other. */
"use strict";
(() => {
  const form = document.querySelector("form[data-keep]");
  if (!form) return;
  const AFTER_MS = 1000, RETRY_MS = 3000, WAIT_MS = 5000;
  const note = form.querySelector("[data-kept-note]");
  let timer = 0, dirty = false, under_way = null, going = false;

  /* ── what was left here before ── */
  const put = (fields) => {
    const values = Map.groupBy ? Map.groupBy(fields, ([name]) => name) : fields.reduce((all, each) => all.set(each[0], [...(all.get(each[0]) || []), each]), new Map());
    [...form.elements].filter((field) => field.name && !["submit", "password", "fieldset"].includes(field.type) && !["csrf_token", "half_typed"].includes(field.name)).forEach((field) => {
      const left = values.get(field.name) || [];
      if (["checkbox", "radio"].includes(field.type)) field.checked = left.some(([, value]) => value === field.value);
      else if (field.multiple) [...field.options].forEach((option) => { option.selected = left.some(([, value]) => value === option.value); });
      else if (left.length) field.value = left.shift()[1];
    });
  };
  const back = document.querySelector("[data-half-typed]");
  if (back) {
    const fields = JSON.parse(back.dataset.halfTyped), topic = form.querySelector("[data-questions]"), shown = topic?.value;
    put(fields.slice());
    // Another topic has other questions: they come from the server, and what was answered is put into them then.
    if (topic && topic.value !== shown) {
      new MutationObserver((_, watch) => { watch.disconnect(); put(fields.slice()); }).observe(document.getElementById("questions"), { childList: true });
      topic.dispatchEvent(new Event("change", { bubbles: true }));
    }
  }

  /* ── keeping: one saving at a time, so that none comes after the form itself ── */
  const later = (millis) => { clearTimeout(timer); timer = setTimeout(save, millis); };
  const send = async () => {
    dirty = false;
    try {
      const answer = await fetch(form.dataset.keep, {
        method: "POST", body: new URLSearchParams(new FormData(form)), headers: { Accept: "application/json" }, keepalive: true, signal: AbortSignal.timeout(WAIT_MS),
      });
      const said = await answer.json().catch(() => ({}));
      if (note) note.textContent = said.text || said.message || "";
      if (answer.status < 500) return;
    } catch { /* nobody answered: told below */ }
    dirty = true;
    if (note) note.textContent = form.dataset.failed;
    if (!going) later(RETRY_MS);
  };
  async function save() {
    clearTimeout(timer); timer = 0;
    while (under_way) await under_way;
    under_way = send();
    await under_way;
    under_way = null;
  }
  form.addEventListener("input", () => { dirty = true; if (!timer && !going) later(AFTER_MS); });
  form.addEventListener("submit", async (event) => {
    clearTimeout(timer); timer = 0;
    going = true;
    setTimeout(() => { going = false; }, WAIT_MS);
    if (!under_way) return;
    event.preventDefault();
    const button = event.submitter;
    await under_way;
    delete form.dataset.sent;
    form.requestSubmit(button);
  });
  addEventListener("pageshow", () => { going = false; });
  addEventListener("visibilitychange", () => { if (document.hidden && dirty && !going) save(); });
  addEventListener("pagehide", () => { if (dirty && !going) save(); });
})();
