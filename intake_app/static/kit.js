/* What the pages do beyond plain HTML. Every page works without this file; nothing here is needed to save a report.
   Nothing is kept in the browser, which others use too: what is half typed lies on the server (drafts.js, half_typed.js). */
"use strict";
(() => {
  const body = document.body;
  const words = document.getElementById("kit-words")?.dataset || {};
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const fold = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").replace(/đ/g, "d").replace(/Đ/g, "D").toLowerCase();
  document.documentElement.classList.add("scripted");

  /* ── focus: errors first, then what the page marks ── */
  const first = document.querySelector("[data-error-summary]") || document.querySelector("[data-focus]");
  if (first) first.focus();
  // A link of the error summary puts the cursor into the field, not only the page beside it.
  all("[data-error-summary] a").forEach((link) => link.addEventListener("click", (event) => {
    const field = document.getElementById(link.hash.slice(1));
    if (field) { event.preventDefault(); field.scrollIntoView({ block: "center" }); (field.matches("fieldset") ? field.querySelector("input") || field : field).focus(); }
  }));

  /* ── sending once: a second press while the first is on its way does nothing ── */
  all("form[data-once]").forEach((form) => {
    form.addEventListener("submit", (event) => {
      if (form.dataset.sent) { event.preventDefault(); return; }
      form.dataset.sent = "1";
      // The button stays pressable for eyes and ears (no disabled submit); the draft's id makes a late double harmless.
      setTimeout(() => delete form.dataset.sent, 8000);
    });
  });
  addEventListener("pageshow", () => all("form[data-once]").forEach((form) => delete form.dataset.sent));

  /* ── keys ── */
  const keysOn = () => body.dataset.keys !== "off";
  const fieldKinds = "input:not([type=hidden]):not([type=checkbox]):not([type=radio]), select, textarea";
  const nextField = (from) => {
    const fields = all(`${fieldKinds}, button[data-submit-key]`, from.form).filter((f) => f.offsetParent !== null && !f.closest("details:not([open])"));
    fields[fields.indexOf(from) + 1]?.focus();
  };
  document.addEventListener("keydown", (event) => {
    // While an input method composes a Vietnamese letter, Enter and the like belong to it.
    if (event.isComposing || event.keyCode === 229 || event.defaultPrevented || event.altKey) return;
    const target = event.target, form = target.form || document.querySelector("main form[method=post]");
    if (event.key === "Enter" && event.ctrlKey && !event.shiftKey) {
      const button = form?.querySelector("[data-submit-key='Ctrl+Enter']");
      if (button) { event.preventDefault(); form.requestSubmit(button); }
      return;
    }
    if (event.key === "Enter" && target.matches(`form[data-enter-next] input:not([type=checkbox]), form[data-enter-next] select`)) {
      event.preventDefault();
      nextField(target);
      return;
    }
    if (!/^F\d+$/.test(event.key) || event.ctrlKey || event.shiftKey || !keysOn()) return;
    // Where the menu is folded away its links cannot be seen, and their keys work all the same.
    const places = all(`[data-key="${event.key}"]`);
    const place = places.filter((each) => each.offsetParent !== null).pop() || places.find((each) => each.matches("header a"));
    if (place) { event.preventDefault(); if (place.matches("a")) place.click(); else place.focus(); }
  });

  /* ── questions of the chosen topic ── */
  let asked = 0;
  async function showQuestions(select) {
    const region = document.getElementById("questions"), turn = ++asked;
    const answers = () => all("input:not([type=checkbox]), select, textarea", region).map((field) => [field.id, field.value]);
    const before = new Map(answers());
    try {
      const answer = await fetch(`${select.dataset.questions}?topic=${encodeURIComponent(select.value)}`);
      // Late answers are dropped, and the page of signing in is no question: only the topic chosen last counts.
      if (!answer.ok || answer.redirected) return;
      const questions = (await answer.text()).trim();
      if (turn !== asked) return;
      // What was answered while the questions were on their way stays where the new ones ask it too.
      const typed = answers().filter(([id, value]) => before.get(id) !== value);
      region.innerHTML = questions;
      typed.forEach(([id, value]) => { const field = id && document.getElementById(id); if (field) field.value = value; });
    } catch { /* the button for pages without scripts does the same; nothing is lost */ }
  }
  all("[data-questions]").forEach((select) => select.addEventListener("change", () => showQuestions(select)));

  /* ── places: names are offered while typing ── */
  all("[data-place]").forEach((box) => {
    const input = box.querySelector("input"), id = `${input.id}-list`;
    const list = Object.assign(document.createElement("ul"), { id, hidden: true });
    const status = Object.assign(document.createElement("div"), { className: "visually-hidden" });
    list.setAttribute("role", "listbox"); list.setAttribute("aria-label", box.querySelector("label").textContent.trim());
    status.setAttribute("role", "status");
    Object.entries({ role: "combobox", "aria-expanded": "false", "aria-controls": id, "aria-autocomplete": "list" })
      .forEach(([name, value]) => input.setAttribute(name, value));
    box.append(list, status);
    let chosen = -1, turn = 0, timer;
    const close = () => { list.hidden = true; input.setAttribute("aria-expanded", "false"); input.removeAttribute("aria-activedescendant"); chosen = -1; };
    const mark = (at) => {
      chosen = (at + list.children.length) % list.children.length;
      [...list.children].forEach((option, i) => option.setAttribute("aria-selected", String(i === chosen)));
      input.setAttribute("aria-activedescendant", list.children[chosen].id);
      list.children[chosen].scrollIntoView({ block: "nearest" });
    };
    const take = (option) => { input.value = option.dataset.label; close(); input.dispatchEvent(new Event("input", { bubbles: true })); clearTimeout(timer); };
    const show = (units) => {
      list.replaceChildren(...units.map((unit, i) => {
        const option = document.createElement("li"), note = document.createElement("span");
        option.id = `${id}-${i}`; option.dataset.label = unit.label; option.textContent = unit.label;
        note.className = "note"; note.textContent = unit.note; option.append(" ", note);
        option.setAttribute("role", "option"); option.setAttribute("aria-selected", "false");
        // mousedown comes before the input loses the focus and the list closes.
        option.addEventListener("mousedown", (event) => { event.preventDefault(); take(option); });
        return option;
      }));
      status.textContent = units.length ? box.dataset.countText.replace("{n}", units.length) : box.dataset.noneText;
      list.hidden = !units.length;
      input.setAttribute("aria-expanded", String(!!units.length));
      if (units.length) mark(0);
    };
    input.addEventListener("input", (event) => {
      if (!event.isTrusted) return;
      clearTimeout(timer);
      const mine = ++turn, text = input.value.trim();
      if (text.length < 2) { close(); return; }
      timer = setTimeout(async () => {
        try {
          const answer = await fetch(`${box.dataset.url}?q=${encodeURIComponent(text)}`, { headers: { Accept: "application/json" } });
          if (answer.ok && mine === turn && document.activeElement === input) show(await answer.json());
        } catch { close(); }
      }, 120);
    });
    input.addEventListener("blur", close);
    input.addEventListener("keydown", (event) => {
      if (list.hidden || event.isComposing || event.ctrlKey) return;
      if (event.key === "ArrowDown") { event.preventDefault(); mark(chosen + 1); }
      else if (event.key === "ArrowUp") { event.preventDefault(); mark(chosen - 1); }
      else if (event.key === "Escape") { event.preventDefault(); close(); }
      else if (event.key === "Enter" || event.key === "Tab") {
        if (event.key === "Enter") event.preventDefault();
        take(list.children[chosen]);
        if (event.key === "Enter") nextField(input);
      }
    });
  });

  /* ── a long select narrowed by typing, as on the set-up page ── */
  all("[data-filters]").forEach((input) => {
    const select = document.getElementById(input.dataset.filters), options = [...select.options];
    input.addEventListener("input", () => {
      const asked = fold(input.value).split(/\s+/).filter(Boolean);
      select.replaceChildren(...options.filter((option) => asked.every((word) => fold(option.text).includes(word))));
      if (select.options.length === 1) select.selectedIndex = 0;
    });
    input.addEventListener("keydown", (event) => { if (event.key === "Enter") { event.preventDefault(); select.focus(); } });
  });

  /* ── where the reports are: asked every ten seconds, announced only when the state changes ── */
  const bar = document.getElementById("sync-bar");
  const refresh = async () => {
    if (document.hidden) return;
    try {
      const answer = await fetch(bar.dataset.url, { headers: { Accept: "application/json" } });
      if (!answer.ok) return;
      const now = await answer.json();
      const said = now.text + now.detail;
      if (said === bar.dataset.said && now.state === bar.dataset.state) return;
      if (bar.contains(document.activeElement)) return; // nobody loses the button under their finger
      bar.setAttribute("aria-live", now.state === bar.dataset.state ? "off" : "polite");
      bar.innerHTML = now.html;
      Object.assign(bar.dataset, { said, state: now.state });
    } catch {
      if (bar.dataset.state === "gone") return;
      bar.dataset.state = "gone";
      bar.innerHTML = '<div class="sync-line bad"><p></p></div>';
      bar.querySelector("p").textContent = `✖ ${words.offline}`;
    }
  };
  // Soon after the page came, too: what was just saved is often sent, or known to be stuck, within two seconds.
  if (bar) { setTimeout(refresh, 3000); setInterval(refresh, 10000); }

  /* ── nobody here: a warning, then out; what was typed is kept ── */
  const dialog = document.getElementById("idle-dialog");
  if (dialog && body.dataset.idleSeconds) {
    const idle = body.dataset.idleSeconds * 1000, warn = body.dataset.warnSeconds * 1000;
    let active = Date.now(), told = Date.now();
    const stay = dialog.querySelector("[data-stay]");
    const token = document.querySelector("input[name=csrf_token]")?.value;
    const tell = () => { told = Date.now(); return fetch(stay.dataset.url, { method: "POST", headers: { "X-CSRFToken": token, Accept: "application/json" } }); };
    ["keydown", "pointerdown"].forEach((kind) => document.addEventListener(kind, () => { if (!dialog.open) active = Date.now(); }));
    stay.addEventListener("click", async () => { active = Date.now(); dialog.close(); await tell(); });
    setInterval(() => {
      // Typing in one long form is work too, although it sends nothing: the program is told now and then.
      if (active > told && Date.now() - told > idle / 6) tell().catch(() => {});
      if (Date.now() - active > idle + 5000) location.reload();
      else if (Date.now() - active > idle - warn && !dialog.open) dialog.showModal();
    }, 5000);
  }

  all("[data-print]").forEach((button) => button.addEventListener("click", () => print()));
})();
