/* What papers and the counter do beyond plain HTML; every page works without this file. */
"use strict";
(() => {
  /* A copy that was just counted goes to the printer at once; coming back to it or loading it again does not print it again. */
  const [arrival] = performance.getEntriesByType("navigation");
  if (document.querySelector("[data-print-now]") && arrival?.type === "navigate") addEventListener("load", () => setTimeout(print, 50));
})();
