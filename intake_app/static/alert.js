/* New urgent reports: seen, heard and read out once each, on whatever page a dispatcher has open. Without this file a page shows
   those that there were when it was opened. Nothing but ids and the wish for sound is kept in the browser. */
"use strict";
(() => {
  const region = document.getElementById("alerts");
  if (!region) return;
  const list = region.querySelector("[data-list]"), said = region.querySelector("[data-said]");
  const button = region.querySelector("[data-sound]"), state = region.querySelector("[data-sound-state]");
  const SOUND = "kit:alert-sound", TOLD = "kit-alerts-told";
  const title = document.title;
  const told = new Set(JSON.parse(sessionStorage[TOLD] || "[]"));
  let audio;

  /* ── sound: off until somebody allows it; a browser lets no page speak that was never touched ── */
  const wanted = () => localStorage[SOUND] === "on";
  const show = () => {
    button.hidden = false;
    button.setAttribute("aria-pressed", String(wanted()));
    state.textContent = wanted() && audio && audio.state !== "running" ? region.dataset.waits : "";
  };
  const wake = async () => {
    if (!wanted()) return;
    audio ||= new AudioContext();
    audio.onstatechange = show;
    // Where the page was never touched this promise waits for ever; nobody waits for it.
    audio.resume().then(show, show);
    show();
  };
  const beep = (at, pitch) => {
    const tone = audio.createOscillator(), loud = audio.createGain();
    tone.frequency.value = pitch;
    loud.gain.setValueAtTime(0.0001, at);
    loud.gain.exponentialRampToValueAtTime(0.25, at + 0.03);
    loud.gain.exponentialRampToValueAtTime(0.0001, at + 0.35);
    tone.connect(loud).connect(audio.destination);
    tone.start(at);
    tone.stop(at + 0.4);
  };
  const sound = () => {
    if (!wanted() || !audio || audio.state !== "running") return;
    [0, 0.45, 0.9].forEach((later, n) => beep(audio.currentTime + later, n % 2 ? 660 : 880));
    region.dataset.sounded = String(Number(region.dataset.sounded || 0) + 1);
  };
  button.addEventListener("click", async () => {
    localStorage[SOUND] = wanted() ? "off" : "on";
    await wake();
    show();
    if (wanted() && audio?.state === "running") beep(audio.currentTime, 880);
  });
  document.addEventListener("pointerdown", wake);
  document.addEventListener("keydown", wake);

  /* ── what is new is said once: a reader hears each report one time, not at every poll ── */
  const look = () => {
    const lines = [...list.querySelectorAll("[data-alert]")];
    const fresh = lines.filter((line) => !told.has(line.dataset.alert));
    region.classList.toggle("some", lines.length > 0);
    document.title = lines.length ? `(${lines.length}) ▲ ${title}` : title;
    fresh.forEach((line) => {
      told.add(line.dataset.alert);
      line.classList.add("fresh");
      const alert = document.createElement("p");
      alert.setAttribute("role", "alert");
      alert.textContent = line.dataset.say;
      said.append(alert);
    });
    if (fresh.length) { sessionStorage[TOLD] = JSON.stringify([...told].slice(-200)); sound(); }
  };
  const ids = (root) => [...root.querySelectorAll("[data-alert]")].map((line) => line.dataset.alert).join();
  const ask = async () => {
    // A page that nobody looks at asks too: that is when an alarm is needed.
    try {
      const answer = await fetch(region.dataset.url, { headers: { Accept: "text/html" } });
      if (answer.ok && !answer.redirected) {
        const piece = document.createElement("div");
        piece.innerHTML = await answer.text();
        // The list stays as it is while nothing has changed, so that nobody loses the button that has the focus.
        if (piece.querySelector(".alert-list") && ids(piece) !== ids(list)) {
          const open = list.querySelector("details")?.open;
          list.replaceChildren(...piece.childNodes);
          if (open && list.querySelector("details")) list.querySelector("details").open = true;
        }
        look();
      }
    } catch { /* the next try comes; the bar above says that the program cannot be reached */ }
  };
  wake().finally(look);
  show();
  setInterval(ask, Number(region.dataset.seconds) * 1000);
})();
