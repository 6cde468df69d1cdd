/* Menus: one that is open closes again. The menu of pages: folded behind a button on a narrow screen, and "More" closes again. Without this file all of it stands open. */
"use strict";
(() => {
  /* The small menus of a page, also those that come later with a piece of it. */
  const open = () => [...document.querySelectorAll("details[data-menu][open]")];
  document.addEventListener("click", (event) => open().forEach((menu) => { if (!menu.contains(event.target)) menu.open = false; }));
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") open().forEach((menu) => { menu.open = false; menu.querySelector("summary").focus(); });
  });

  const header = document.querySelector("header.top"), button = header?.querySelector(".menu-button");
  const more = header?.querySelector(".more details");
  if (!button) return;
  header.classList.add("foldable");
  button.addEventListener("click", () => {
    const open = button.getAttribute("aria-expanded") !== "true";
    button.setAttribute("aria-expanded", String(open));
    header.classList.toggle("unfolded", open);
  });
  const close = (back) => { if (more?.open) { more.open = false; if (back) more.querySelector("summary").focus(); } };
  document.addEventListener("click", (event) => { if (!more?.contains(event.target)) close(false); });
  header.addEventListener("keydown", (event) => { if (event.key === "Escape") close(true); });
  more?.addEventListener("focusout", (event) => { if (event.relatedTarget && !more.contains(event.relatedTarget)) close(false); });
})();
