/* What is typed into a new report is kept on this computer's own server two seconds after a change: a power cut, an ended
   session or a closed browser loses nothing. Without this file the button "Keep as a draft" does it. */
"use strict";
(() => {
  const form = document.querySelector("form[data-draft]");
  if (!form) return;
  const AFTER_MS = 2000, RETRY_MS = 3000, WAIT_MS = 8000;
  const words = document.getElementById("draft-words").dataset;
  const note = document.querySelector("[data-draft-note]"), banner = document.querySelector("[data-draft-failed]");
  const counted = document.querySelector("[data-draft-count]");
  // The savings of a page are counted: one that the network held up must not undo a later one.
  let turn = Number(form.dataset.turn), timer = 0, dirty = false, under_way = null, going = false;

  const tell = (text) => { banner.textContent = text; banner.hidden = !text; };
  const later = (millis) => { clearTimeout(timer); timer = setTimeout(save, millis); };

  const kept = async (answer) => {
    const said = await answer.json();
    tell(said.recorded ? said.text : "");
    note.textContent = said.text;
    counted.textContent = words.drafts.replace("{n}", said.count);
    counted.closest("details").hidden = false;
    // A reload, and the way back after a restart, find the draft by its address.
    const here = new URL(location);
    if (here.searchParams.get("draft") !== form.elements.draft.value) {
      here.search = `?draft=${form.elements.draft.value}`;
      history.replaceState(history.state, "", here);
    }
  };

  /* Whether the server has heard: only silence keeps somebody on this page, a refusal is told and does not. */
  const send = async () => {
    const data = new URLSearchParams(new FormData(form));
    data.set("turn", ++turn);
    dirty = false;
    try {
      const answer = await fetch(form.dataset.draft, {
        method: "POST", body: data, headers: { Accept: "application/json" }, keepalive: true, signal: AbortSignal.timeout(WAIT_MS),
      });
      if (answer.ok) { await kept(answer); return true; }
      if (answer.status < 500) {
        tell({ 400: words.stale, 401: words.signedOut }[answer.status] || (await answer.json()).message);
        return true;
      }
    } catch { /* nobody answered: told below */ }
    dirty = true;
    tell(words.failed);
    if (!going) later(RETRY_MS);
    return false;
  };

  async function save() {
    clearTimeout(timer); timer = 0;
    while (under_way) await under_way;
    under_way = send();
    const heard = await under_way;
    under_way = null;
    return heard;
  }

  form.addEventListener("input", () => { dirty = true; if (!timer && !going) later(AFTER_MS); });

  /* ── sending: first make sure that somebody answers, else the browser would show an error page in place of the form ── */
  form.addEventListener("submit", async (event) => {
    if (form.dataset.heard) return;
    event.preventDefault();
    if (going) return;
    going = true;
    const button = event.submitter;
    if (await save()) {
      form.dataset.heard = "1";
      form.requestSubmit(button);
    } else {
      going = false;
      later(RETRY_MS);
    }
    setTimeout(() => { going = false; delete form.dataset.heard; }, WAIT_MS);
  });
  addEventListener("pageshow", () => { going = false; delete form.dataset.heard; });

  /* ── leaving: what was typed last goes along ── */
  document.addEventListener("click", async (event) => {
    const link = event.target.closest("a[href]");
    if (!link || !dirty || link.target || event.ctrlKey || event.metaKey || event.shiftKey || link.hash) return;
    event.preventDefault();
    if (await save()) location.href = link.href;
  });
  document.addEventListener("submit", async (event) => {
    // A form that a script answers, as those of the counter's bar, leaves nothing: sent from here as well it would lead away.
    if (event.target === form || !dirty || event.defaultPrevented) return;
    event.preventDefault();
    const other = event.target, button = event.submitter;
    if (!await save()) return;
    delete other.dataset.sent;
    other.requestSubmit(button);
  });
  addEventListener("visibilitychange", () => { if (document.hidden && dirty && !going) save(); });
  addEventListener("pagehide", () => { if (dirty && !going) save(); });
  // Only while the server is silent does a question stand in the way: else it has what was typed.
  addEventListener("beforeunload", (event) => { if (dirty && !banner.hidden && !going) event.preventDefault(); });
})();
