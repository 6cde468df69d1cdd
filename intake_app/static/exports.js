// While a file is being made the list looks again by itself; without scripts there is a link for it.
"use strict";
(() => {
  const list = document.getElementById("exports");
  const PAUSE_MS = 4000;
  const look = async () => {
    try {
      const answer = await fetch(list.dataset.progress, { credentials: "same-origin" });
      if (!answer.ok || answer.redirected) return;
      const held = document.activeElement && list.contains(document.activeElement);
      const text = await answer.text();
      if (!held) list.innerHTML = text;
      if (held || text.includes("<progress") || text.includes("data-waits")) setTimeout(look, PAUSE_MS);
    } catch {
      setTimeout(look, PAUSE_MS);
    }
  };
  if (list && "busy" in list.dataset) setTimeout(look, PAUSE_MS);
})();
