/* While somebody types: who called before, what may be the same matter, what the words hint at, answers from the library.
   Nothing is chosen by itself; each button says what it does, and without this file the same buttons send the form. */
"use strict";
(() => {
  const form = document.querySelector("form[data-hints]");
  if (!form) return;
  const PAUSE_MS = 300, WORDS_MIN = 2, DIGITS_MIN = 9;
  const field = (name) => form.elements[name];
  const region = (name) => document.querySelector(`[data-${name}]`);
  const caller = document.getElementById("caller"), notes = document.getElementById("word-hints");
  const library = document.querySelector("[data-hints=library]");

  /* Nobody loses the button under their finger, and a reader is not told what has not changed. */
  const put = (place, html) => {
    if (place.innerHTML === html || place.contains(document.activeElement)) return;
    place.innerHTML = html;
  };
  const changed = (each) => ["input", "change"].forEach((kind) => each.dispatchEvent(new Event(kind, { bubbles: true })));
  const set = (name, value) => { field(name).value = value; changed(field(name)); };

  const show = (found) => {
    unit = found.unit;
    put(caller, found.caller);
    put(notes, found.notes);
    put(region("duplicates"), found.duplicates);
    const count = region("duplicates").querySelector("ol")?.dataset.n;
    region("duplicate-count").textContent = count ? `(${count})` : "";
    document.getElementById("duplicates").classList.toggle("found", !!count);
    if (region("duplicates-said").textContent !== found.said) region("duplicates-said").textContent = found.said;
  };

  let turn = 0, timer, unit = "";  // the commune's code, as the server understood its name
  const ask = async () => {
    const mine = ++turn, data = new URLSearchParams(new FormData(form));
    data.set("turn", mine);
    if (library) askLibrary(mine);
    try {
      const answer = await fetch(form.dataset.hints, { method: "POST", body: data, headers: { Accept: "application/json" } });
      // Late answers are dropped: only what was typed last counts.
      if (answer.ok) { const found = await answer.json(); if (found.turn === turn) show(found); }
    } catch { /* hints are no part of the work: without them it goes on */ }
  };
  const askLibrary = async (mine) => {
    const asked = new URLSearchParams({ q: `${field("summary").value} ${field("details").value}`.trim().slice(0, 300), topic: field("topic").value, unit });
    try {
      const answer = await fetch(`${library.dataset.url}?${asked}`);
      // Somebody signed out is led to signing in: that page is no hint.
      if (!answer.ok || answer.redirected || mine !== turn) return;
      put(region("library"), await answer.text());
      const said = region("library").querySelector("[data-count-text]")?.dataset.countText || "";
      if (region("library-said").textContent !== said) region("library-said").textContent = said;
    } catch { /* as above */ }
  };
  const enough = () => field("phone").value.replace(/\D/g, "").length >= DIGITS_MIN
    || field("summary").value.trim().split(/\s+/).length >= WORDS_MIN || (library && field("topic").value);
  const WATCHED = new Set(["phone", "summary", "details", "unit", "address", "topic"]);
  form.addEventListener("input", (event) => {
    if (!WATCHED.has(event.target.name)) return;
    clearTimeout(timer);
    timer = setTimeout(() => { if (enough()) ask(); }, PAUSE_MS);
  });
  // The page came with something typed in it, and with its hints; the library's are not among them.
  if (library && enough()) askLibrary(turn);

  /* ── buttons of the hints ── */
  const actions = {
    fill: (button) => {
      for (const { name, value } of button.attributes) {
        const target = name.startsWith("data-fill-") && field(name.slice(10).replaceAll("-", "_"));
        if (target && !target.value) { target.value = value; changed(target); }
      }
      field("summary").focus();
    },
    take_topic: (button) => { set("topic", button.value); field("urgency").focus(); button.closest("p").remove(); },
    guide: (button) => { set("opening", "guided"); set("guided_to", button.value); field("guided_to").focus(); },
  };
  form.addEventListener("click", (event) => {
    const button = event.target.closest("button[name]");
    if (button && actions[button.name]) { event.preventDefault(); actions[button.name](button); }
  });
  document.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-use-answer]");
    if (!button) return;
    event.preventDefault();
    set("opening", "answered_on_spot");
    set("answer_text", button.dataset.text);
    field("article").value = button.dataset.article || "";
    field("answer_text").focus();
  });
  // From the address Enter leads to the suggested topic, if there is one; a second Enter takes it.
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.ctrlKey || event.isComposing || event.keyCode === 229) return;
    const offered = notes.querySelector("[data-enter-stop]");
    if (!["address", "topic"].includes(event.target.name) || field("topic").value || !offered) return;
    event.preventDefault();
    offered.focus();
  });
})();
